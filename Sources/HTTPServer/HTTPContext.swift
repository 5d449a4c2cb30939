import Hummingbird
import NIOCore
import Tracing

/// What is known of a request beside its bytes.
struct HTTPContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's address; `local` for a unix socket.
    let peer: String
    /// What the client may do; set by ``RequestGuard``.
    var grant = AccessGrant()
    /// The span of the request; nil unless requests are traced.
    var span: (any Span)?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? "local"
    }
}
