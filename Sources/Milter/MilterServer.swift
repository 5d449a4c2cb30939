import CLinux
import CMilter
import CMilterSignals
import Dispatch
import Foundation
import Logging
import Synchronization

/// libmilter in Swift: one filter, behind one socket or several. There can be one in a process, once:
/// libmilter keeps global state and can't be started again after it stopped.
public final class MilterServer: Sendable {
    /// Why the socket can't be opened or the filter not registered.
    public struct StartError: Error, CustomStringConvertible {
        public var reason: String
        public var description: String { "milter: \(reason)" }

        public init(reason: String) { self.reason = reason }
    }

    private static let lateSeconds = 1.0
    static let largestPacket = 4 << 20

    /// Where MTAs find the filter.
    public let sockets: [SocketAddress]
    public let activity: MilterActivity
    /// For all sockets but libmilter's own.
    private let relay: MilterRelay?
    private let logger: Logger
    /// Entered from start to end.
    private let running = DispatchGroup()
    private let isFinished = Atomic(false)

    /// Who may use a unix socket.
    public struct SocketAccess: Sendable, Equatable {
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

    /// Registers the filter and opens the sockets; nothing is served before ``start()``.
    ///
    /// libmilter listens on one socket itself, the first that is not TCP; a relay listens on the others.
    ///
    /// - Parameter sockets: one at least.
    /// - Throws: ``StartError``.
    public init(
        sockets: [SocketAddress], access: SocketAccess = SocketAccess(), backlog: Int32 = 512,
        limits: MilterLimits = MilterLimits(), filter: any MessageFilter, logger: Logger
    ) throws {
        self.logger = logger
        let activity = MilterActivity(limit: limits.messages)
        self.activity = activity
        MilterCallbacks.context.withLock { context in
            context = MilterCallbacks.Context(
                filter: filter, limits: limits, activity: activity, logger: logger)
        }
        MilterServer.limitArenas()
        try MilterServer.register()
        let own = sockets.firstIndex { socket in
            // A descriptor can't be connected to, so it has no relay beside it.
            if case .descriptor = socket, sockets.count > 1 { return false }
            return !socket.isTCP
        }
        let listeners = try sockets.indices.filter { $0 != own }.map {
            try Listener(sockets[$0], access: access, backlog: backlog)
        }
        let target: [UInt8]
        if let own {
            try MilterServer.open(sockets[own], access, backlog: backlog)
            target = if case .unix(let path) = sockets[own] { Array(path.utf8) } else { [] }
        } else {
            let (descriptor, name) = try Listener.nameless(backlog: backlog)
            try MilterServer.open(.descriptor(descriptor), access, backlog: backlog)
            target = name
        }
        self.sockets = (own.map { [sockets[$0]] } ?? []) + listeners.map(\.address)
        relay =
            listeners.isEmpty
            ? nil : try MilterRelay(listeners, target: target, logger: logger)
    }

    /// Starts serving on a thread of its own.
    public func start() {
        siftd_keep_signals_from_libmilter()
        running.enter()
        let thread = Thread { [self] in
            if smfi_main() != MI_SUCCESS {
                logger.error("msg=milter_stopped libmilter ended with an error")
            }
            finish()
        }
        thread.name = "siftd.milter"
        thread.start()
        relay?.start()
    }

    /// Stops in order: messages in work are finished, up to `limit` seconds; messages begun
    /// meanwhile are answered with 421; then the socket file goes and libmilter stops.
    ///
    /// Blocks the calling thread.
    public func stop(limit: Double) {
        activity.drain()
        let deadline = DispatchTime.now() + limit
        while !activity.isQuiet, DispatchTime.now() < deadline { usleep(20_000) }
        if !activity.isQuiet {
            logger.warning("msg=milter_drain some messages were not finished in \(limit) s")
        }
        // For those that will hear 421 at their end.
        let late = DispatchTime.now() + MilterServer.lateSeconds
        while !activity.isEmpty, DispatchTime.now() < late { usleep(20_000) }
        // A message counts as done when its answer is with libmilter, which still has to write it.
        usleep(200_000)
        abandon()
        relay?.stop()
        // libmilter's listener notices within five seconds, and so long the call itself waits for it,
        // while there is nothing left to do. The MTA is without a filter meanwhile; so nobody waits.
        Thread { _ = smfi_stop() }.start()
        finish()
    }

    /// Leaves no socket file behind, for an exit without ``stop(limit:)``.
    public func abandon() {
        for case .unix(let path) in sockets { UnixSocketFile(path: path).remove() }
    }

    private func finish() {
        if !isFinished.exchange(true, ordering: .relaxed) { running.leave() }
    }

    /// Returns when libmilter has ended by itself or was stopped.
    public func ended() async {
        await withCheckedContinuation { continuation in
            running.notify(queue: .global()) { continuation.resume() }
        }
    }

    /// True once libmilter has ended by itself or was stopped.
    public var hasEnded: Bool { isFinished.load(ordering: .relaxed) }

    // MARK: Start

    /// Threads of libmilter's come and go, and glibc keeps for each of its pools of memory what the
    /// largest messages ever took: with fewer pools that is 110 MB less under hostile mail, and costs no
    /// time that could be measured (mallopt(3)).
    private static func limitArenas() {
        mallopt(M_ARENA_MAX, Int32(2 * ProcessInfo.processInfo.activeProcessorCount))
    }

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

    private static func open(
        _ socket: SocketAddress, _ access: SocketAccess, backlog: Int32
    ) throws {
        guard withMutableCString(socket.description, { smfi_setconn($0) }) == MI_SUCCESS else {
            throw StartError(reason: "libmilter refused the socket \(socket)")
        }
        _ = smfi_setbacklog(backlog)
        // libmilter breaks off at a packet above 64 KiB, but Postfix sends header fields of up to
        // 100 KiB (header_size_limit) in one.
        _ = smfi_setmaxdatasize(largestPacket)
        let file: UnixSocketFile? =
            if case .unix(let path) = socket { UnixSocketFile(path: path) } else { nil }
        try file?.prepare()
        // Also removes the socket file that an earlier run left behind.
        guard smfi_opensocket(true) == MI_SUCCESS else {
            throw StartError(
                reason: "can't listen on \(socket): \(String(cString: strerror(errno)))")
        }
        try file?.protect(access)
    }
}
