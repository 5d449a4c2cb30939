import HTTPTypes
import Hummingbird

/// Refuses requests that did not come from where they may, before anything of them is read.
///
/// A web page elsewhere must not use the port through the browser of somebody on this host. It
/// could by a name that it lets resolve to 127.0.0.1 (DNS rebinding), which `Host` shows, or by a
/// request across sites, which `Origin` and `Sec-Fetch-Site` show. There are no cookies.
struct RequestGuard: RouterMiddleware {
    let access: HTTPAccess
    let rate: RateLimiter?
    /// Whether the port serves a platform that alone reaches it; then nothing else is answered.
    var isContainer = false
    /// Of wrong tokens.
    let failures = RateLimiter(perSecond: 0.2, burst: 10)

    func handle(
        _ request: Request, context: HTTPContext,
        next: (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        if isContainer {
            guard Endpoint.container.contains(request.uri.path), let endpoint = Endpoint(request)
            else { throw Problem(.notFound, "this container answers /ping and /invocations") }
            var context = context
            context.grant = AccessGrant(reads: endpoint.need == .read)
            return try await next(request, context)
        }
        guard let endpoint = Endpoint(request) else {
            if let methods = Endpoint.methods(ofPath: request.uri.path) {
                throw Problem(
                    .methodNotAllowed, "this path answers \(methods)", headers: [.allow: methods])
            }
            throw Problem(.notFound, "there is no such path; /openapi.json lists those there are")
        }
        guard endpoint.need != .health else { return try await next(request, context) }
        if let wait = rate?.wait(context.peer) {
            throw Problem(.tooManyRequests, "too many requests from your address", retryAfter: wait)
        }
        var context = context
        let bearer = try bearer(of: request)
        context.grant = try grant(bearer, context.peer)
        try checkOrigin(of: request, isPage: endpoint.need == .page)
        // Whoever has a token knows the port by whatever name.
        if bearer == nil { try checkHost(of: request) }
        guard endpoint.need.isMet(by: context.grant) else {
            throw refusal(endpoint.need, hasToken: bearer != nil)
        }
        return try await next(request, context)
    }

    // MARK: Tokens

    private func bearer(of request: Request) throws -> Substring? {
        guard let field = request.headers[.authorization] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        // Clients of SageMaker's runtime sign requests; here that gives no rights and takes none.
        if parts.first == "AWS4-HMAC-SHA256" { return nil }
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw unauthorized("Authorization must be \"Bearer TOKEN\"")
        }
        return parts[1]
    }

    private func grant(_ bearer: Substring?, _ peer: String) throws -> AccessGrant {
        if bearer != nil, let wait = failures.wait(peer, taking: 0) {
            throw Problem(.tooManyRequests, "too many wrong tokens", retryAfter: wait)
        }
        if let grant = access.grant(bearer: bearer) { return grant }
        _ = failures.wait(peer)
        throw unauthorized("the token is wrong")
    }

    private func unauthorized(_ reason: String) -> Problem {
        Problem(.unauthorized, reason, headers: [.wwwAuthenticate: "Bearer realm=\"siftd\""])
    }

    private func refusal(_ need: Endpoint.Need, hasToken: Bool) -> Problem {
        if need == .administer, access.writeToken == nil {
            return Problem(
                .forbidden, "needs a write token; name its file in http.write_token_file")
        }
        if hasToken { return Problem(.forbidden, "needs the write token") }
        return unauthorized(need == .read ? "needs a token" : "needs the write token")
    }

    // MARK: Where the request comes from

    private func checkHost(of request: Request) throws {
        let authority = request.head.authority ?? ""
        guard let host = HostName(authority) else {
            throw Problem(.badRequest, "Host is missing or malformed")
        }
        guard host.isAddress || host.name == "localhost" || access.hosts.contains(host.name) else {
            throw Problem(
                .misdirectedRequest,
                "siftd is not known as this Host; use its address, or add the name to http.hosts")
        }
    }

    private func checkOrigin(of request: Request, isPage: Bool) throws {
        let problem = Problem(.forbidden, "requests from pages of other sites are refused")
        if let origin = request.headers[.origin] {
            let parts = origin.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, ["http:", "https:"].contains(parts[0]),
                parts[1].dropFirst().lowercased() == request.head.authority?.lowercased()
            else { throw problem }
        }
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
        // Links to the page are fine.
        if let site, !isPage, site != "same-origin", site != "none" { throw problem }
    }
}

/// Name and port of a `Host` field (RFC 9110 section 7.2).
struct HostName {
    /// Without port, in lower case.
    let name: String
    /// Whether it is an IP address, which no name server can redirect.
    let isAddress: Bool

    init?(_ authority: String) {
        let text = authority.lowercased()
        if text.hasPrefix("[") {
            guard let match = text.wholeMatch(of: /\[([0-9a-f:.]+)\](:[0-9]{1,5})?/) else {
                return nil
            }
            name = String(match.1)
            isAddress = true
        } else {
            guard let match = text.wholeMatch(of: /([a-z0-9._-]+)(:[0-9]{1,5})?/) else {
                return nil
            }
            name = String(match.1)
            isAddress = name.wholeMatch(of: /[0-9]{1,3}(\.[0-9]{1,3}){3}/) != nil
        }
    }
}
