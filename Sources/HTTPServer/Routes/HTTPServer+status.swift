import Hummingbird
import Telemetry

/// The page, metrics and health.
extension HTTPServer {
    func addStatusRoutes(to router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in
            Response.text(StatusPage.html, type: "text/html; charset=utf-8")
        }
        router.get("/metrics") { _, _ in
            Response.text(
                registry.render() + ProcessMetrics.render(),
                type: "text/plain; version=0.0.4; charset=utf-8")
        }
        router.get("/livez") { _, _ in try Response.json(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            if let reason = notReady() {
                return try Response.json(
                    ["status": "not ready", "reason": reason], status: .serviceUnavailable)
            }
            return try Response.json(["status": "ready"])
        }
    }
}
