import Dispatch
import FilterPolicy
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Scoring
import Synchronization
import Telemetry

/// The HTTP port: metrics, health, the JSON API and a page for people. It knows nothing of the
/// milter; whether that is ready is told by a closure.
public struct StatusServer: Sendable {
    /// Larger requests are answered with 413.
    private static let largestBody = 64 << 20

    private let classifier: @Sendable () -> Classifier
    private let registry: PrometheusRegistry
    private let metrics: FilterMetrics
    /// Why the daemon can't take mail now; nil when it can.
    private let notReady: @Sendable () -> String?
    private let version: String

    /// - Parameters:
    ///   - classifier: asked anew for each request, so that a reload takes effect.
    ///   - notReady: why the daemon can't take mail now; nil when it can.
    public init(
        registry: PrometheusRegistry, metrics: FilterMetrics, version: String,
        classifier: @escaping @Sendable () -> Classifier,
        notReady: @escaping @Sendable () -> String?
    ) {
        self.classifier = classifier
        self.registry = registry
        self.metrics = metrics
        self.version = version
        self.notReady = notReady
    }

    /// The service that listens on an address; port 0 takes a free one.
    ///
    /// - Parameter running: told the port once the server listens.
    public func application(
        address: String, port: Int, logger: Logger, running: @escaping @Sendable (Int) -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: router(),
            configuration: .init(
                address: .hostname(address, port: port), serverName: "siftd/\(version)"),
            onServerRunning: { channel in running(channel.localAddress?.port ?? port) },
            logger: logger)
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/") { _, _ in text(StatusPage.html, type: "text/html; charset=utf-8") }
        router.get("/metrics") { _, _ in
            text(
                registry.render() + ProcessMetrics.render(),
                type: "text/plain; version=0.0.4; charset=utf-8")
        }
        router.get("/livez") { _, _ in try json(["status": "ok"]) }
        router.get("/readyz") { _, _ in
            if let reason = notReady() {
                return try json(
                    ["status": "not ready", "reason": reason], status: .serviceUnavailable)
            }
            return try json(["status": "ready"])
        }
        router.post("/v1/classify") { request, _ in try await classify(request) }
        return router
    }

    // MARK: Classify

    private struct TextRequest: Codable { var text: String }

    private func classify(_ request: Request) async throws -> Response {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: StatusServer.largestBody)
        } catch is NIOTooManyBytesError {
            return try failure("the message is larger than 64 MiB", .contentTooLarge)
        }
        let bytes = Array(body.readableBytesView)
        let input: Classifier.Input
        if request.headers[.contentType]?.hasPrefix("application/json") ?? false {
            guard let decoded = try? JSONDecoder().decode(TextRequest.self, from: Data(bytes))
            else {
                return try failure(
                    "the body is not JSON of the form {\"text\": \"…\"}", .badRequest)
            }
            input = .text(decoded.text)
        } else {
            guard !bytes.isEmpty else { return try failure("the body is empty", .badRequest) }
            input = .message(bytes)
        }
        let classifier = self.classifier()
        let explains = ["1", "true"].contains(request.uri.queryParameters["explain"] ?? "")
        // Off the event loop: reading a large message takes milliseconds.
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: classifier.classify(input, explains: explains))
            }
        }
        switch result {
        case .success(let classification):
            metrics.countMessage(
                verdict: classification.verdict, action: Action.accept.rawValue, source: .http,
                probability: classification.spamProbability, bytes: bytes.count)
            return try json(classification)
        case .failure(let error):
            return try failure("not scored: \(error.rawValue)", .serviceUnavailable)
        }
    }

    // MARK: Responses

    private func text(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private func failure(_ reason: String, _ status: HTTPResponse.Status) throws -> Response {
        try json(["error": reason], status: status)
    }

    private func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var buffer = ByteBuffer(bytes: try encoder.encode(value))
        buffer.writeString("\n")
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: buffer))
    }
}
