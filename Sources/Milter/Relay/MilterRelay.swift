import CLinux
import CMilterSignals
import Foundation
import Glibc
import Logging
import Telemetry

/// Listening sockets in front of the only one that libmilter has.
///
/// It passes bytes on in both directions, and ends libmilter's stalls over TCP: libmilter lets the
/// kernel delay acknowledgements, for which an MTA that writes in small pieces waits 40 ms each
/// time. Measured with Postfix over TCP: 88 ms a message without the relay, 2.0 ms with it, 1.6 ms
/// over the unix socket (Benchmarks/transport/run.sh).
///
/// It is an epoll(7) loop rather than NIO, because libmilter needs whole packets (see
/// ``RelayPipe``) and TCP_QUICKACK must be set again after each read, which NIO does not let its
/// handlers do.
///
/// One thread serves all connections, edge-triggered. `@unchecked Sendable`: all that changes
/// belongs to that thread.
final class MilterRelay: @unchecked Sendable {
    /// What the connections may use together.
    struct Limits {
        /// Connections at once; further ones wait in the queue of their listening socket.
        var links = Limits.linksForDescriptors
        /// Bytes buffered for all connections, which are halves of packets.
        var bufferedBytes = 64 << 20
        /// A connection with no more than this buffered is never closed to free memory.
        var freeBytes = 1 << 20

        /// A link takes three descriptors, two in the relay and one in libmilter.
        ///
        /// If the relay used them all, libmilter could not accept the connections it is handed, and
        /// neither side could finish. 64 are left for the rest of the process, besides those
        /// that libmilter leaves.
        private static var linksForDescriptors: Int {
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let left = 64 + siftd_reserved_descriptors()
            return max(1, (Int(clamping: limit.rlim_cur) - left) / 3)
        }
    }

    /// Events fetched in one call; the next call fetches the others.
    private static let eventsPerCall = 256
    /// How long no connections are accepted after descriptors or memory ran out, in seconds.
    private static let pauseSeconds = 0.1
    /// How long to wait for room in libmilter's queue of connections, in seconds.
    private static let connectSeconds = 5

    private let listeners: [Listener]
    /// The socket that libmilter listens on.
    private let target: UnixAddress
    private let limits: Limits
    /// Descriptor of epoll(7).
    private let events: Int32
    /// Descriptor of eventfd(2), readable once the relay is to stop.
    private let stopEvent: Int32
    private let logger: Logger
    private let shortage: Shortage
    /// By both descriptors of each link.
    private var links: [Int32: RelayLink] = [:]
    /// The sum over ``links``.
    private var bufferedBytes = 0
    /// While set, accepting is paused because descriptors or memory ran out.
    private var pauseEnd: DispatchTime?

    init(
        _ listeners: [Listener], target: UnixAddress, limits: Limits = Limits(),
        metrics: FilterMetrics? = nil, logger: Logger
    ) throws(MilterServer.StartError) {
        self.listeners = listeners
        self.target = target
        self.limits = limits
        self.logger = logger
        shortage = Shortage(metrics: metrics, logger: logger) {
            .relayFull(error: String(errno: $0))
        }
        events = epoll_create1(Int32(EPOLL_CLOEXEC))
        stopEvent = eventfd(0, Int32(EFD_CLOEXEC))
        guard events >= 0, stopEvent >= 0 else { throw .noRelay(code: errno) }
    }

    deinit {
        close(events)
        close(stopEvent)
    }

    /// Serves until ``stop()``, on a new thread.
    func start() {
        let thread = Thread { [self] in
            watchListeners()
            watch(stopEvent, for: EPOLLIN.rawValue)
            serve()
        }
        thread.name = "siftd.relay"
        thread.start()
    }

    /// Has the relay's thread close all listening sockets and connections; returns at once.
    func stop() {
        var one: UInt64 = 1
        _ = write(stopEvent, &one, MemoryLayout<UInt64>.size)
    }

    private func serve() {
        var ready = [epoll_event](repeating: epoll_event(), count: MilterRelay.eventsPerCall)
        // Links whose turn ended before they were blocked.
        var unfinished: Set<Int32> = []
        while true {
            let pause = Int32(MilterRelay.pauseSeconds * 1_000)
            let timeout: Int32 = !unfinished.isEmpty ? 0 : pauseEnd != nil ? pause : -1
            let count = epoll_wait(events, &ready, Int32(ready.count), timeout)
            if let end = pauseEnd, .now() >= end { watchListeners() }
            let again = unfinished
            unfinished = []
            for descriptor in again + ready.prefix(Int(max(count, 0))).map(\.data.fd) {
                if descriptor == stopEvent { return end() }
                if let listener = listeners.first(where: { $0.descriptor == descriptor }) {
                    accept(listener)
                } else if let link = links[descriptor] {
                    switch pump(link) {
                    case .blocked: break
                    case .more: unfinished.insert(descriptor)
                    case .ended, .broken: remove(link)
                    }
                }
            }
        }
    }

    // MARK: Connections

    private func accept(_ listener: Listener) {
        guard links.count < 2 * limits.links else { return pause(EMFILE) }
        // Not accept(2), which pauses for libmilter.
        let client = siftd_accept(listener.descriptor)
        guard client >= 0 else {
            if ![EAGAIN, EINTR, ECONNABORTED].contains(errno) { pause(errno) }
            return
        }
        guard let filter = connectToFilter() else {
            close(client)
            return
        }
        let link = RelayLink(client: client, filter: filter, isTCP: listener.isTCP)
        let wanted =
            EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        for descriptor in [client, filter] {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            links[descriptor] = link
            watch(descriptor, for: wanted)
        }
    }

    /// A connection to libmilter, which is seldom busy for long when its queue is full; nil when
    /// there is none.
    private func connectToFilter() -> Int32? {
        let filter = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard filter >= 0 else {
            pause(errno)
            return nil
        }
        var limit = timeval(tv_sec: MilterRelay.connectSeconds, tv_usec: 0)
        setsockopt(
            filter, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard target.withSocketAddress({ Glibc.connect(filter, $0, $1) == 0 }) else {
            logger.record(.relayFailed(error: String(errno: errno)))
            close(filter)
            return nil
        }
        return filter
    }

    private func pump(_ link: RelayLink) -> RelayPipe.Progress {
        let before = link.bufferedBytes
        let progress = link.pump()
        bufferedBytes += link.bufferedBytes - before
        guard bufferedBytes > limits.bufferedBytes, link.bufferedBytes > limits.freeBytes else {
            return progress
        }
        logger.record(.relayOverfilled)
        return .broken
    }

    private func remove(_ link: RelayLink) {
        bufferedBytes -= link.bufferedBytes
        links[link.client] = nil
        links[link.filter] = nil
    }

    // MARK: Listening

    /// Leaves new connections in their queue for a moment, since they would be reported again at
    /// once.
    private func pause(_ code: Int32) {
        shortage.met(code)
        for listener in listeners { epoll_ctl(events, EPOLL_CTL_DEL, listener.descriptor, nil) }
        pauseEnd = .now() + MilterRelay.pauseSeconds
    }

    private func watchListeners() {
        pauseEnd = nil
        for listener in listeners { watch(listener.descriptor, for: EPOLLIN.rawValue) }
    }

    private func watch(_ descriptor: Int32, for wanted: UInt32) {
        var event = epoll_event()
        event.events = wanted
        event.data.fd = descriptor
        epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event)
    }

    private func end() {
        links = [:]
        for listener in listeners { close(listener.descriptor) }
    }
}
