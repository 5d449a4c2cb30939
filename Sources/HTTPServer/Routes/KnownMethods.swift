import HTTPTypes
import Hummingbird

/// Answers other methods than those of a path with 405 and the methods (RFC 9110 section 15.5.6);
/// 404 would say that there is no such path.
struct KnownMethods: RouterMiddleware {
    /// The paths that are answered and the methods of each.
    static let paths: [String: [HTTPRequest.Method]] = [
        "/": [.get, .head], "/metrics": [.get, .head], "/livez": [.get, .head],
        "/readyz": [.get, .head], "/v1/classify": [.post],
    ]

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let methods = KnownMethods.methods(of: request.uri.path),
            !methods.contains(request.method)
        else { return try await next(request, context) }
        var response = try Response.json(
            ["error": "the method is not allowed"], status: .methodNotAllowed)
        response.headers[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// The router takes a path with slashes at its end for the same.
    private static func methods(of path: String) -> [HTTPRequest.Method]? {
        paths["/" + path.split(separator: "/").joined(separator: "/")]
    }
}
