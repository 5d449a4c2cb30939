import HTTPTypes
import Hummingbird
import Scoring
import Telemetry
import Traces
import Tracing

/// Records a span for each request that works with messages or models, in the trace that the
/// request names.
///
/// Spans have neither content, addresses nor queries; answers have no fields of traces.
struct RequestTraces: RouterMiddleware {
    let tracer: any Tracer

    /// Paths that are asked again and again, and say nothing of messages.
    private static let untraced: Set<String> = ["/metrics", "/v1/status", "/v2"]

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        guard let endpoint = Endpoint(request), endpoint.need != .health, endpoint.need != .page,
            !RequestTraces.untraced.contains(endpoint.path)
        else { return try await next(request, context) }
        var parent = ServiceContext.topLevel
        tracer.extract(request.headers, into: &parent, using: FieldExtractor())
        let method = endpoint.method.rawValue
        let span = tracer.startSpan("\(method) \(endpoint.path)", context: parent, ofKind: .server)
        defer { span.end() }
        var context = context
        context.span = span
        let response = try await next(request, context)
        span.updateAttributes { attributes in
            attributes["http.request.method"] = method
            attributes["http.route"] = endpoint.path
            attributes["http.response.status_code"] = response.status.code
        }
        if response.status.kind == .serverError { span.setStatus(.init(code: .error)) }
        return response
    }
}

/// Finds fields of requests for a tracer.
private struct FieldExtractor: Extractor {
    func extract(key: String, from carrier: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { carrier[$0] }
    }
}

extension HTTPServer {
    /// Messages of a request whose stages are recorded; those of long lists are alike.
    private static let mostTraced = 16

    /// Reads the body of a request into memory.
    ///
    /// - Throws: ``Problem`` with 413 or 503.
    func receive(_ request: Request, _ context: HTTPContext) async throws -> HeldBody {
        guard let span = context.span, let tracer = parts.tracer, span.isRecording else {
            return try await bodies.read(request)
        }
        let start = ContinuousClock.now
        let body = try await bodies.read(request)
        let stage = StageTime(FilterMetrics.Stage.receive.rawValue, from: start, to: .now)
        tracer.record([stage], below: span, SpanClock())
        return body
    }

    /// Records the stages of messages that were judged just now.
    func trace(_ messages: [JudgedMessage], _ context: HTTPContext) {
        guard let span = context.span, let tracer = parts.tracer, span.isRecording else { return }
        let clock = SpanClock()
        let end = ContinuousClock.now
        for message in messages.prefix(HTTPServer.mostTraced) {
            var stages = message.stages.map { stage, time in
                StageTime(stage.rawValue, from: time.lowerBound, to: time.upperBound)
            }
            stages.append(
                StageTime(
                    FilterMetrics.Stage.verdict.rawValue, from: message.score.end, to: end))
            tracer.record(stages, below: span, clock)
        }
    }
}
