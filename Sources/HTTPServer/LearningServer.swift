import Hummingbird
import Logging
import NIOCore
import SiteMemory
import Telemetry

/// HTTP on a local socket, for `siftd learn`: whoever may open it may teach and undo.
public struct LearningServer: Sendable {
    let teacher: Teacher
    private let version: String
    let metrics: FilterMetrics?

    /// A client that sends nothing for so long is cut off, so that it can't delay a stop.
    private static let idleTimeout = TimeAmount.seconds(5)
    /// Connections at once; further ones wait until others end.
    private static let mostConnections = 64

    /// - Parameters:
    ///   - teacher: takes the labels.
    ///   - version: of siftd, for the `Server` header.
    ///   - metrics: where labels are counted; nil for nowhere.
    public init(teacher: Teacher, version: String, metrics: FilterMetrics? = nil) {
        self.teacher = teacher
        self.version = version
        self.metrics = metrics
    }

    /// The service that listens on a socket of the file system.
    ///
    /// - Parameters:
    ///   - path: of the socket, which must not be there yet.
    ///   - logger: for the library's own lines.
    ///   - running: called once the server listens.
    /// - Returns: a service for a service group.
    public func application(
        path: String, logger: Logger, running: @escaping @Sendable () -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: router(),
            server: .http1(configuration: .init(idleTimeout: LearningServer.idleTimeout)),
            configuration: .init(
                address: .unixDomainSocket(path: path), serverName: "siftd/\(version)",
                availableConnectionsDelegate: .maximum(
                    LearningServer.mostConnections, logger: logger)),
            onServerRunning: { _ in running() }, logger: logger)
    }

    /// Every path that is answered.
    func router() -> Router<BasicRequestContext> {
        let router = Router()
        addFeedbackRoutes(to: router)
        return router
    }
}
