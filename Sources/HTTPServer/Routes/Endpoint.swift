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
    static let all: [Endpoint] =
        [
            Endpoint(.get, "/", .page), Endpoint(.get, "/page.css", .page),
            Endpoint(.get, "/page.js", .page), Endpoint(.get, "/openapi.json", .page),
            Endpoint(.get, "/livez", .health), Endpoint(.get, "/readyz", .health),
            Endpoint(.get, "/metrics", .read), Endpoint(.get, "/v1/status", .read),
            Endpoint(.post, "/v1/classify", .read), Endpoint(.get, "/v1/history", .read),
            Endpoint(.get, "/v1/feedback", .read), Endpoint(.post, "/v1/feedback", .teach),
            Endpoint(.delete, "/v1/feedback", .teach), Endpoint(.post, "/v1/retrain", .administer),
            Endpoint(.get, "/v1/fleet", .read),
            Endpoint(.get, "/v1/jobs", .read), Endpoint(.get, "/v1/jobs/{id}", .read),
            Endpoint(.get, "/v1/models", .read), Endpoint(.get, "/v1/models/{id}", .read),
            Endpoint(.post, "/v1/models/{id}/activate", .administer),
            Endpoint(.post, "/v1/models/rollback", .administer),
        ] + serving

    /// The contracts of serving platforms.
    private static let serving = [
        Endpoint(.get, "/ping", .health), Endpoint(.post, "/invocations", .read),
        Endpoint(.post, "/endpoints/{name}/invocations", .read),
        Endpoint(.get, "/v1/models/siftd", .read),
        Endpoint(.get, "/v1/models/siftd/metadata", .read),
        Endpoint(.post, "/v1/models/siftd:predict", .read),
        Endpoint(.get, "/v1/models/siftd/versions/{version}", .read),
        Endpoint(.get, "/v1/models/siftd/versions/{version}/metadata", .read),
        Endpoint(.post, "/v1/models/siftd/versions/{version}:predict", .read),
        Endpoint(.get, "/v2", .read), Endpoint(.get, "/v2/health/live", .health),
        Endpoint(.get, "/v2/health/ready", .health), Endpoint(.get, "/v2/models/{name}", .read),
        Endpoint(.get, "/v2/models/{name}/ready", .read),
        Endpoint(.post, "/v2/models/{name}/infer", .read),
        Endpoint(.get, "/v2/models/{name}/versions/{version}", .read),
        Endpoint(.get, "/v2/models/{name}/versions/{version}/ready", .read),
        Endpoint(.post, "/v2/models/{name}/versions/{version}/infer", .read),
    ]

    /// Whether a path is of a contract whose clients expect other names in errors.
    static func isServing(_ path: String) -> Bool {
        ["/v2", "/v1/models/siftd", "/invocations", "/endpoints/"]
            .contains(where: path.hasPrefix)
    }

    /// What a container answers on a platform that asks nothing else, and shows no tokens.
    static let container: Set<String> = ["/ping", "/invocations", "/livez", "/readyz"]

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
                && zip(names, parts).allSatisfy { name, part in
                    guard name.hasPrefix("{") else { return name == part }
                    // A variable part may have an ending, such as ":predict".
                    let ending = name.split(separator: "}").last ?? ""
                    return name.hasSuffix("}")
                        || part.count > ending.count && part.hasSuffix(ending)
                }
        }
        // A path with fewer variable parts, or with an ending, is not also an id.
        let most = found.map(\.fixedCharacters).max()
        return found.filter { $0.fixedCharacters == most }
    }

    /// Characters outside braces.
    private var fixedCharacters: Int {
        path.split(separator: "{").reduce(0) { sum, part in
            sum + (part.split(separator: "}", omittingEmptySubsequences: false).last?.count ?? 0)
        }
    }
}
