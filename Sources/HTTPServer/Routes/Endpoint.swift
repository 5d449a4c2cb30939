import HTTPTypes
import Hummingbird

/// A path and a method that are answered, and what a client must be allowed to do.
struct Endpoint: Sendable {
    /// What a client must be allowed to do.
    enum Need: Sendable {
        /// Nothing, and nothing else is checked: whether the daemon is well.
        case health
        /// Nothing: the page's own files hold no secrets.
        case page
        /// ``AccessGrant/reads``.
        case read
        /// ``AccessGrant/teaches``.
        case teach
        /// ``AccessGrant/administers``.
        case administer

        func isMet(by grant: AccessGrant) -> Bool {
            switch self {
            case .health, .page: true
            case .read: grant.reads
            case .teach: grant.teaches
            case .administer: grant.administers
            }
        }
    }

    let method: HTTPRequest.Method
    /// With names of variable parts in braces.
    let path: String
    let need: Need

    private init(_ method: HTTPRequest.Method, _ path: String, _ need: Need) {
        self.method = method
        self.path = path
        self.need = need
    }

    /// Everything that is answered.
    static let all: [Endpoint] = [
        Endpoint(.get, "/", .page), Endpoint(.get, "/page.css", .page),
        Endpoint(.get, "/page.js", .page), Endpoint(.get, "/openapi.json", .page),
        Endpoint(.get, "/livez", .health), Endpoint(.get, "/readyz", .health),
        Endpoint(.get, "/metrics", .read), Endpoint(.get, "/v1/status", .read),
        Endpoint(.post, "/v1/classify", .read), Endpoint(.get, "/v1/history", .read),
        Endpoint(.get, "/v1/feedback", .read), Endpoint(.post, "/v1/feedback", .teach),
        Endpoint(.delete, "/v1/feedback", .teach), Endpoint(.post, "/v1/retrain", .administer),
        Endpoint(.get, "/v1/jobs", .read), Endpoint(.get, "/v1/jobs/{id}", .read),
        Endpoint(.get, "/v1/models", .read), Endpoint(.get, "/v1/models/{id}", .read),
        Endpoint(.post, "/v1/models/{id}/activate", .administer),
        Endpoint(.post, "/v1/models/rollback", .administer),
    ]

    /// The endpoint of a request; what answers GET answers HEAD (RFC 9110 section 9.1).
    init?(_ request: Request) {
        let method = request.method == .head ? .get : request.method
        guard
            let endpoint = Endpoint.matches(request.uri.path).first(where: { $0.method == method })
        else { return nil }
        self = endpoint
    }

    /// The methods of a path, for `Allow` (RFC 9110 section 15.5.6); nil when there is no such
    /// path.
    static func methods(ofPath path: String) -> String? {
        let methods = matches(path).flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
        return methods.isEmpty ? nil : methods.map(\.rawValue).joined(separator: ", ")
    }

    /// The router takes a path with slashes at its end for the same.
    private static func matches(_ path: String) -> [Endpoint] {
        let parts = path.split(separator: "/")
        let found = all.filter { endpoint in
            let names = endpoint.path.split(separator: "/")
            return names.count == parts.count
                && zip(names, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // A path without variable parts is not also an id.
        let fixed = found.filter { !$0.path.contains("{") }
        return fixed.isEmpty ? found : fixed
    }
}
