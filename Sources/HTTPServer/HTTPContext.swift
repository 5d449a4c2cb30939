import Hummingbird
import NIOCore

/// What is known of a request beside its bytes.
struct HTTPContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's address; `local` for a unix socket.
    let peer: String
    /// What the client may do; set by ``RequestGuard``.
    var grant = AccessGrant()

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? "local"
    }
}
