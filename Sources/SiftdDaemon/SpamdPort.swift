import Feedback
import Glibc
import Milter
import Scoring
import ServiceLifecycle
import Settings
import SpamdServer

/// A socket of the spamd port could not be opened.
public struct SpamdStartError: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public var reason: String

    /// Reason and key.
    public var description: String { "spamd: \(reason) (spamd.socket)" }
}

/// The sockets of the spamd port and the service behind them.
struct SpamdPort: Service {
    /// As configured, with ports chosen by the kernel.
    var addresses: [String] { listeners.map(\.address.description) }

    private let listeners: [Listener]
    private let server: SpamdServer

    /// Connections that may wait to be accepted; the kernel bounds it further (listen(2)).
    private static let backlog: Int32 = 1_024

    /// Opens the sockets that are configured.
    ///
    /// - Throws: ``SpamdStartError``.
    static func listeners(
        _ options: SiftdSettings.Spamd
    ) throws(SpamdStartError) -> [Listener] {
        var listeners: [Listener] = []
        for socket in options.sockets {
            do throws(MilterServer.StartError) {
                listeners.append(try Listener(socket, access: options.access, backlog: backlog))
            } catch {
                for listener in listeners { listener.removeFile() }
                throw SpamdStartError(reason: error.reason)
            }
        }
        return listeners
    }

    init(_ listeners: [Listener], _ parts: SpamdServer.Parts, _ options: SiftdSettings.Spamd) {
        self.listeners = listeners
        server = SpamdServer(parts, limits: SpamdLimits(options))
    }

    func run() async throws {
        defer { for listener in listeners { listener.removeFile() } }
        try await SpamdService(server, descriptors: listeners.map(\.descriptor)).run()
    }
}

extension SpamdLimits {
    /// The limits that are configured.
    init(_ options: SiftdSettings.Spamd) {
        self.init()
        bodyBytes = options.bodyBytes
        memoryBytes = max(memoryBytes, 2 * options.bodyBytes)
        time = options.timeLimit
        concurrency = options.concurrency
        queue = options.queueLimit
        connections = options.connectionLimit
        clients = options.clients
        allowsTell = options.allowsTell
    }
}
