import Hummingbird
import Logging
import SiteMemory

/// HTTP on a local socket, for `siftd learn`: whoever may open it may teach and undo.
public struct LearningServer: Sendable {
    let teacher: Teacher
    private let version: String

    /// - Parameters:
    ///   - teacher: takes the labels.
    ///   - version: of siftd, for the `Server` header.
    public init(teacher: Teacher, version: String) {
        self.teacher = teacher
        self.version = version
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
            configuration: .init(
                address: .unixDomainSocket(path: path), serverName: "siftd/\(version)"),
            onServerRunning: { _ in running() }, logger: logger)
    }

    /// Every path that is answered.
    func router() -> Router<BasicRequestContext> {
        let router = Router()
        addFeedbackRoutes(to: router)
        return router
    }
}
