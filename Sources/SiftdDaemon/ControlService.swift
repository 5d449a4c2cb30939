import Glibc
import HTTPServer
import Hummingbird
import Logging
import Milter
import ServiceLifecycle
import Telemetry

/// The local socket through which `siftd learn` talks to the daemon.
struct ControlService: Service {
    /// Where it is and who answers.
    struct Socket: Sendable {
        var path: String
        var server: LearningServer
        /// Whether the path is configured: the daemon does not start without it then.
        var isRequired: Bool
    }

    private let socket: Socket?
    private let logger: Logger

    /// Whoever may open the socket may teach: siftd's user and group.
    private static let mode: mode_t = 0o660

    /// - Parameters:
    ///   - socket: nil serves nothing.
    ///   - logger: for a socket that can't be opened, and for the library's own lines.
    init(_ socket: Socket?, logger: Logger) {
        self.socket = socket
        self.logger = logger
    }

    func run() async throws {
        guard let socket else {
            try? await gracefulShutdown()
            return
        }
        do {
            try ControlService.clear(socket.path)
            try await serve(socket)
        } catch let error as ControlStartError {
            guard !socket.isRequired else { throw error }
            logger.record(.learningFailed(error))
            try? await gracefulShutdown()
        }
    }

    private func serve(_ socket: Socket) async throws {
        let path = socket.path
        defer { unlink(path) }
        let application = socket.server.application(path: path, logger: logger) {
            chmod(path, ControlService.mode)
        }
        do { try await application.run() } catch {
            throw ControlStartError(path: path, reason: "\(error)")
        }
    }

    /// Removes a socket that a killed daemon has left, and nothing else.
    private static func clear(_ path: String) throws(ControlStartError) {
        func fail(_ reason: String) -> ControlStartError {
            ControlStartError(path: path, reason: reason)
        }
        guard path.first == "/" else { throw fail("give the path from / on") }
        guard let address = UnixAddress(path: path) else {
            throw fail("longer than the \(UnixAddress.longestPath) bytes a socket may have")
        }
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)] + "/"
        guard access(String(folder), W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw fail("\(folder): \(reason); create it, writable by siftd's user")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw fail("exists and is not a socket") }
        guard !isListening(address) else { throw fail("another process listens there") }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw fail(String(cString: strerror(errno)))
        }
    }

    /// False only when the kernel says that nobody listens.
    private static func isListening(_ address: UnixAddress) -> Bool {
        let probe = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return true }
        defer { close(probe) }
        return address.withSocketAddress { connect(probe, $0, $1) == 0 || errno != ECONNREFUSED }
    }
}
