import CMilter
import CMilterSignals
import Dispatch
import Foundation
import Logging
import Synchronization
import Telemetry

/// libmilter in Swift: one filter behind one socket or several.
///
/// There can be one in a process, once: libmilter keeps global state and can't be started again
/// after it stopped.
public final class MilterServer: Sendable {
    /// How long ``stop(limit:)`` waits for messages that began after it was called, in seconds.
    private static let lateMessageSeconds = 1.0
    /// How long ``stop(limit:)`` gives libmilter to write its last replies, in seconds.
    ///
    /// A message counts as done when its callback returns; only then does libmilter write the
    /// reply, and it reports neither the write nor its end. A write to a socket takes microseconds;
    /// this leaves time for a machine that is busy or short of memory.
    private static let lastReplySeconds = 0.2
    /// The largest packet of the milter protocol that is accepted, in bytes.
    ///
    /// libmilter ends a connection at a packet above 64 KiB by default, but Postfix sends header
    /// fields of up to 100 KiB (`header_size_limit`) in one.
    static let largestPacket = 4 << 20

    /// The addresses MTAs can connect to, with the port chosen by the kernel where 0 was asked for.
    public let sockets: [SocketAddress]
    /// The messages in progress.
    public let activity: MilterActivity
    /// For all sockets but the one libmilter listens on; nil where there are no others.
    private let relay: MilterRelay?
    private let logger: Logger
    /// Entered from start to end.
    private let running = DispatchGroup()
    private let isFinished = Atomic(false)

    /// Registers the filter and opens the sockets; nothing is served before ``start()``.
    ///
    /// libmilter listens on one socket itself, the first that is not TCP; a relay listens on the
    /// others.
    ///
    /// - Parameters:
    ///   - sockets: at least one.
    ///   - access: who may use the unix sockets.
    ///   - backlog: connections that may wait to be accepted, for each socket (listen(2)).
    ///   - limits: of one message.
    ///   - filter: judges the messages.
    ///   - metrics: where connections are counted that can't be accepted.
    ///   - logger: for errors.
    /// - Throws: ``StartError``.
    public init(
        sockets: [SocketAddress], access: SocketAccess = SocketAccess(), backlog: Int32 = 512,
        limits: MilterLimits = MilterLimits(), filter: any MessageFilter,
        metrics: FilterMetrics? = nil,
        logger: Logger
    ) throws(StartError) {
        self.logger = logger
        let activity = MilterActivity(limit: limits.messages)
        self.activity = activity
        MilterCallbacks.context.withLock { context in
            context = MilterCallbacks.Context(
                filter: filter, limits: limits, activity: activity, logger: logger)
        }
        MilterServer.limitArenas()
        try MilterServer.register()
        let direct = MilterServer.directSocket(among: sockets)
        let listeners = try sockets.indices.filter { $0 != direct }.map {
            index throws(StartError) in
            try Listener(sockets[index], access: access, backlog: backlog)
        }
        let target: UnixAddress
        if let direct {
            try MilterServer.open(sockets[direct], access, backlog: backlog)
            target = sockets[direct].unixAddress ?? .unnamed
        } else {
            let (descriptor, address) = try Listener.unnamed(backlog: backlog)
            try MilterServer.open(.descriptor(descriptor), access, backlog: backlog)
            target = address
        }
        self.sockets = (direct.map { [sockets[$0]] } ?? []) + listeners.map(\.address)
        relay =
            listeners.isEmpty
            ? nil
            : try MilterRelay(listeners, target: target, metrics: metrics, logger: logger)
        Shortage.ofLibmilter.withLock {
            $0 = Shortage(metrics: metrics, logger: logger) {
                .milterFull(error: String(errno: $0))
            }
        }
    }

    /// The index of the socket that libmilter listens on itself; nil where the relay has all.
    static func directSocket(among sockets: [SocketAddress]) -> Int? {
        sockets.firstIndex { socket in
            // The relay can't connect to a descriptor, so one beside others can't be libmilter's.
            if case .descriptor = socket, sockets.count > 1 { return false }
            return !socket.isTCP
        }
    }

    /// Starts to serve, on new threads.
    public func start() {
        siftd_keep_signals_from_libmilter()
        siftd_on_accept_failure { code in
            Shortage.ofLibmilter.withLock { $0 }?.met(code)
        }
        running.enter()
        let thread = Thread { [self] in
            if smfi_main() != MI_SUCCESS {
                logger.record(.milterStopped)
            }
            finish()
        }
        thread.name = "siftd.milter"
        thread.start()
        relay?.start()
    }

    /// Stops in order; blocks the calling thread.
    ///
    /// Messages in progress are finished; those that begin meanwhile are answered with 421. Then
    /// the socket files are removed, and libmilter and the relay stop.
    ///
    /// - Parameter limit: how long to wait for messages in progress.
    public func stop(limit: Duration) {
        activity.drain()
        if !activity.waitUntilQuiet(deadline: .now() + limit / .seconds(1)) {
            logger.record(.milterDrain(limit: limit))
        }
        activity.waitUntilEmpty(deadline: .now() + MilterServer.lateMessageSeconds)
        Thread.sleep(forTimeInterval: MilterServer.lastReplySeconds)
        abandon()
        relay?.stop()
        // `smfi_stop` blocks for up to five seconds, until the listener thread polls. Nothing is
        // left to do by then, so it runs on a separate thread and the process exits without it.
        Thread { _ = smfi_stop() }.start()
        finish()
    }

    /// Removes the socket files, for an exit without ``stop(limit:)``.
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

    /// Whether libmilter has ended by itself or was stopped.
    public var hasEnded: Bool { isFinished.load(ordering: .relaxed) }
}
