import CMilter
import Dispatch
import Foundation
import Logging
import Synchronization

/// libmilter in Swift: one listening socket, one filter. There can be one in a process, once:
/// libmilter keeps global state and can't be started again after it stopped.
public final class MilterServer: Sendable {
    /// Why the socket can't be opened or the filter not registered.
    public struct StartError: Error, CustomStringConvertible {
        public var reason: String
        public var description: String { "milter: \(reason)" }

        public init(reason: String) { self.reason = reason }
    }

    private static let largestPacket = 4 << 20

    /// Where to listen, in libmilter's words: `unix:/path`, `inet:port@host`, `inet6:port@host`,
    /// `fd:N`.
    public let socket: String
    public let activity: MilterActivity
    private let logger: Logger
    private let finished = DispatchGroup()

    /// Who may use a unix socket.
    public struct SocketAccess: Sendable {
        /// Permissions.
        public var mode: UInt32
        /// Names; empty leaves the process's own.
        public var owner: String
        public var group: String

        public init(mode: UInt32 = 0o660, owner: String = "", group: String = "") {
            self.mode = mode
            self.owner = owner
            self.group = group
        }
    }

    /// Registers the filter and opens the socket; nothing is served before ``start()``.
    ///
    /// - Throws: ``StartError``.
    public init(
        socket: String, access: SocketAccess = SocketAccess(), backlog: Int32 = 512,
        limits: MilterLimits = MilterLimits(), filter: any MessageFilter, logger: Logger
    ) throws {
        self.socket = socket
        self.logger = logger
        activity = MilterActivity(limit: limits.messages)
        MilterCallbacks.context.withLock { context in
            context = MilterCallbacks.Context(
                filter: filter, limits: limits, activity: activity, logger: logger)
        }
        try MilterServer.register()
        try MilterServer.open(socket, backlog: backlog, logger)
        if let path = MilterServer.unixPath(socket) {
            try MilterServer.protect(path, access)
        }
    }

    /// Starts serving on a thread of its own. Call before the main thread touches TERM or HUP: then
    /// Linux delivers these to the main thread, not to libmilter's (platform-notes section 1).
    public func start() {
        finished.enter()
        let thread = Thread { [finished, logger] in
            if smfi_main() != MI_SUCCESS {
                logger.error("msg=milter_stopped libmilter ended with an error")
            }
            finished.leave()
        }
        thread.name = "siftd.milter"
        thread.start()
    }

    /// Stops in order: messages in work are finished, up to `limit` seconds; messages begun
    /// meanwhile are answered with 421; then libmilter stops and the socket file goes.
    ///
    /// Blocks the calling thread.
    public func stop(limit: Double) {
        activity.drain()
        let deadline = DispatchTime.now() + limit
        while !activity.isQuiet, DispatchTime.now() < deadline { usleep(20_000) }
        if !activity.isQuiet {
            logger.warning("msg=milter_drain some messages were not finished in \(limit) s")
        }
        _ = smfi_stop()
        // libmilter's workers need up to six seconds to notice.
        _ = finished.wait(timeout: .now() + 8)
        abandon()
    }

    /// Leaves no socket behind, for an exit without ``stop(limit:)``.
    public func abandon() {
        if let path = MilterServer.unixPath(socket) { unlink(path) }
    }

    /// Returns when libmilter has ended, whatever the reason.
    public func ended() async {
        await withCheckedContinuation { continuation in
            finished.notify(queue: .global()) { continuation.resume() }
        }
    }

    /// True once libmilter has ended.
    public var hasEnded: Bool { finished.wait(timeout: .now()) == .success }

    // MARK: Start

    private static func register() throws {
        // libmilter keeps the name, so the copy is never freed.
        var description = smfiDesc()
        description.xxfi_name = strdup("siftd")
        description.xxfi_version = SMFI_VERSION
        description.xxfi_flags = MilterCallbacks.actions
        description.xxfi_negotiate = MilterCallbacks.negotiate
        description.xxfi_connect = MilterCallbacks.connect
        description.xxfi_helo = MilterCallbacks.helo
        description.xxfi_envfrom = MilterCallbacks.mail
        description.xxfi_envrcpt = MilterCallbacks.recipient
        description.xxfi_header = MilterCallbacks.header
        description.xxfi_eoh = MilterCallbacks.endOfHeader
        description.xxfi_body = MilterCallbacks.body
        description.xxfi_eom = MilterCallbacks.endOfMessage
        description.xxfi_abort = MilterCallbacks.abort
        description.xxfi_close = MilterCallbacks.close
        guard smfi_register(description) == MI_SUCCESS else {
            throw StartError(reason: "libmilter refused the filter; is it of another version?")
        }
    }

    private static func open(_ socket: String, backlog: Int32, _ logger: Logger) throws {
        guard withMutableCString(socket, { smfi_setconn($0) }) == MI_SUCCESS else {
            throw StartError(
                reason: "the socket \"\(socket)\" is not of the form unix:/path, inet:port@host, "
                    + "inet6:port@host or fd:N")
        }
        _ = smfi_setbacklog(backlog)
        // libmilter breaks off at a packet above 64 KiB, but Postfix sends header fields of up to
        // 100 KiB (header_size_limit) in one.
        _ = smfi_setmaxdatasize(largestPacket)
        if let path = unixPath(socket) { try prepare(path) }
        // Also removes the socket file that an earlier run left behind.
        guard smfi_opensocket(true) == MI_SUCCESS else {
            throw StartError(
                reason: "can't listen on \(socket): \(String(cString: strerror(errno))); is the "
                    + "directory there and writable, and no other daemon on it?")
        }
    }

    /// A live socket of another process must not be taken over, a missing folder has a clear error.
    private static func prepare(_ path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        guard access(folder, W_OK) == 0 else {
            throw StartError(
                reason: "the directory \(folder) of the socket is missing or not writable: "
                    + String(cString: strerror(errno)))
        }
        if answers(path) {
            throw StartError(reason: "another process listens on \(path); stop it first")
        }
    }

    private static func answers(_ path: String) -> Bool {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private static func protect(_ path: String, _ access: SocketAccess) throws {
        var owner = uid_t.max
        var group = gid_t.max
        if !access.owner.isEmpty {
            guard let entry = getpwnam(access.owner) else {
                throw StartError(reason: "there is no user \(access.owner) for the socket")
            }
            owner = entry.pointee.pw_uid
        }
        if !access.group.isEmpty {
            guard let entry = getgrnam(access.group) else {
                throw StartError(reason: "there is no group \(access.group) for the socket")
            }
            group = entry.pointee.gr_gid
        }
        guard chown(path, owner, group) == 0 else {
            throw StartError(
                reason: "can't give \(path) to \(access.owner):\(access.group): "
                    + String(cString: strerror(errno)))
        }
        guard chmod(path, access.mode) == 0 else {
            throw StartError(
                reason: "can't set the mode of \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// The path of a unix socket, or nil for other kinds.
    public static func unixPath(_ socket: String) -> String? {
        for prefix in ["unix:", "local:"] where socket.hasPrefix(prefix) {
            return String(socket.dropFirst(prefix.count))
        }
        return socket.hasPrefix("/") ? socket : nil
    }
}
