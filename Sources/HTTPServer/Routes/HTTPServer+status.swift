import HTTPTypes
import Hummingbird
import Models
import PortLimits
import Scoring
import SiteMemory
import Telemetry

/// Metrics, health and what the daemon is.
extension HTTPServer {
    func addStatusRoutes(to router: Router<HTTPContext>) {
        let parts = parts
        router.get("/metrics") { request, _ in
            let text = parts.registry.render() + ProcessMetrics.render()
            let accepted = request.headers[values: .accept]
            guard accepted.contains(where: { $0.contains(OpenMetricsText.mediaType) }) else {
                return Response.text(text, type: "text/plain; version=0.0.4; charset=utf-8")
            }
            return Response.text(
                OpenMetricsText.converted(text), type: OpenMetricsText.contentType)
        }
        router.get("/livez") { _, _ in try Response.json(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            if let reason = parts.notReady() {
                return try Response.json(
                    ["status": "not ready", "reason": reason], status: .serviceUnavailable)
            }
            return try Response.json(["status": "ready"])
        }
        router.get("/v1/status") { _, context in
            let grant = context.grant
            return try Response.json(try await desk.run { try status(grant) })
        }
    }

    private func status(_ grant: AccessGrant) throws -> StatusAnswer {
        let reason = parts.notReady()
        var learning: LearningStatus?
        var defect: Problem?
        // The model serves on while the labels can't be read.
        do {
            learning = try parts.teacher.map { teacher in try teaching { try teacher.status() } }
        } catch let problem as Problem { defect = problem }
        return StatusAnswer(
            version: parts.version, ready: reason == nil, reason: reason,
            uptimeSeconds: Int((ContinuousClock.now - started) / .seconds(1)),
            model: (parts.classifier()?.judge.model).map(StatusAnswer.Model.init),
            learning: learning, learningError: defect?.detail,
            may: .init(
                teach: grant.teaches && parts.teacher != nil,
                activate: grant.administers && parts.shelf != nil,
                retrain: grant.administers && parts.retraining != nil,
                administer: grant.administers))
    }
}

/// The answer of `GET /v1/status`.
struct StatusAnswer: Encodable {
    /// The model in force.
    struct Model: Encodable {
        let id: String
        let trained: String
        let labels: [String]
        let tagThreshold: Double?
        let rejectThreshold: Double?
        let serving: String

        init(_ model: ScoringModel) {
            id = model.id
            trained = model.bundle.trained
            labels = model.bundle.labels
            tagThreshold = model.tagThreshold
            rejectThreshold = model.rejectThreshold
            serving = model.serving
        }

        enum CodingKeys: String, CodingKey {
            case id, trained, labels, serving
            case tagThreshold = "tag_threshold"
            case rejectThreshold = "reject_threshold"
        }
    }

    /// What the client may do here with the token that it has shown.
    struct May: Encodable {
        let teach: Bool
        let activate: Bool
        let retrain: Bool
        let administer: Bool
    }

    let version: String
    let ready: Bool
    let reason: String?
    let uptimeSeconds: Int
    let model: Model?
    let learning: LearningStatus?
    /// Why what was learnt can't be read now, such as when the shared database is away.
    let learningError: String?
    let may: May

    enum CodingKeys: String, CodingKey {
        case version, ready, reason, model, learning, may
        case uptimeSeconds = "uptime_seconds"
        case learningError = "learning_error"
    }
}
