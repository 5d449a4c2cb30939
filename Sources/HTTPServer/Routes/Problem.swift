import HTTPTypes
import Hummingbird
import Logging
import PortLimits
import Telemetry

/// Why a request is not fulfilled, as `application/problem+json` (RFC 9457).
struct Problem: Error {
    var status: HTTPResponse.Status
    /// What is wrong and what to do, without internals.
    var detail: String
    /// Further fields of the answer.
    var headers: HTTPFields = [:]
    /// For a bad row of a table.
    var row: TableFault?

    /// A problem.
    ///
    /// - Parameters:
    ///   - status: of the answer.
    ///   - detail: what is wrong and what to do.
    ///   - headers: further fields of the answer.
    ///   - retryAfter: seconds after which another try may succeed.
    init(
        _ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:],
        retryAfter: Int? = nil
    ) {
        self.status = status
        self.detail = detail
        self.headers = headers
        if let retryAfter { self.headers[.retryAfter] = "\(max(1, retryAfter))" }
        // What is left of the body is not worth reading.
        if [.requestTimeout, .contentTooLarge, .serviceUnavailable].contains(status) {
            self.headers[.connection] = "close"
        }
    }

    private struct Body: Encodable {
        let type = "about:blank"
        let title: String
        let status: Int
        let detail: String
        let row: Int?
        let line: Int?
        let column: String?
        /// Where clients of serving platforms look for the detail.
        let error: String?
        let message: String?
    }

    /// The answer.
    ///
    /// - Parameter path: of the request; clients of serving platforms want the detail by other
    ///   names.
    /// - Returns: the answer with its fields.
    func response(to path: String) -> Response {
        let isServing = Endpoint.isServing(path)
        let body = Body(
            title: status.reasonPhrase, status: status.code, detail: detail, row: row?.row,
            line: row?.line, column: row?.column, error: isServing ? detail : nil,
            message: isServing ? detail : nil)
        guard var response = try? Response.json(body, status: status) else {
            return Response(status: .internalServerError)
        }
        response.headers[.contentType] = "application/problem+json"
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension HTTPResponse.Status {
    /// 507 (RFC 4918 section 11.5).
    static let noSpace = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}

/// Makes a problem of every error, and adds the fields that protect whoever looks at an answer.
struct AnswerRules: RouterMiddleware {
    let metrics: FilterMetrics

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        let path = request.uri.path
        do { response = try await next(request, context) } catch let problem as Problem {
            response = problem.response(to: path)
        } catch is WorkLane.Full {
            response = Problem(
                .serviceUnavailable, "too many requests are in progress", retryAfter: 1
            ).response(to: path)
        } catch let error as any HTTPResponseError {
            response = Problem(error.status, error.status.reasonPhrase).response(to: path)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error("HTTP request failed: \(error)")
            response = Problem(.internalServerError, "siftd's log says more")
                .response(to: path)
        }
        metrics.countRequest(status: response.status.code)
        for (name, value) in AnswerRules.fields where response.headers[name] == nil {
            response.headers[name] = value
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private static let fields: [(HTTPField.Name, String)] = {
        let pairs = [
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'"
            ),
        ]
        return pairs.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }()
}
