import Glibc
import HTTPServer
import Hummingbird
import Logging
import ServiceLifecycle

/// The local socket through which `siftd learn` talks to the daemon.
struct ControlService: Service {
    /// Where it is and who answers.
    struct Socket: Sendable {
        var path: String
        var server: LearningServer
    }

    private let socket: Socket?
    private let logger: Logger

    /// Whoever may open the socket may teach: siftd's user and group.
    private static let mode: mode_t = 0o660

    /// - Parameters:
    ///   - socket: nil serves nothing.
    ///   - logger: for the library's own lines.
    init(_ socket: Socket?, logger: Logger) {
        self.socket = socket
        self.logger = logger
    }

    func run() async throws {
        guard let socket else {
            try? await gracefulShutdown()
            return
        }
        // A daemon that was killed leaves its socket behind.
        unlink(socket.path)
        defer { unlink(socket.path) }
        let application = socket.server.application(path: socket.path, logger: logger) {
            chmod(socket.path, ControlService.mode)
        }
        try await application.run()
    }
}
