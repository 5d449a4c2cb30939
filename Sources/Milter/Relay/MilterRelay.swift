import CLinux
import CMilter
import Foundation
import Glibc
import Logging

/// Further listening sockets in front of libmilter's only one, and the cure for its stalls over TCP:
/// bytes are passed on both ways, and what comes over TCP is acknowledged at once.
///
/// One thread serves all connections (epoll(7), edge-triggered). `@unchecked`: all that changes belongs
/// to that thread.
final class MilterRelay: @unchecked Sendable {
    private let listeners: [Listener]
    /// libmilter's socket.
    private let target: [UInt8]
    private let events: Int32
    private let stopping: Int32
    private let logger: Logger
    private var links: [Int32: RelayLink] = [:]
    /// Bytes that wait in links.
    private var held = 0
    /// Until then no connections are accepted, for want of descriptors or memory.
    private var pauseEnd: DispatchTime?

    /// Half packets that all clients together may leave here, and one alone whatever the others do.
    private static let heldLimit = 64 << 20
    private static let freeBytes = 1 << 20

    /// - Parameter target: path, or abstract name, of libmilter's unix socket.
    /// - Throws: ``MilterServer/StartError``.
    init(_ listeners: [Listener], target: [UInt8], logger: Logger) throws {
        self.listeners = listeners
        self.target = target
        self.logger = logger
        events = epoll_create1(Int32(EPOLL_CLOEXEC))
        stopping = eventfd(0, Int32(EFD_CLOEXEC))
        guard events >= 0, stopping >= 0 else {
            throw MilterServer.StartError(
                reason: "can't relay connections: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(events)
        close(stopping)
    }

    /// Serves until ``stop()``, on a thread of its own.
    func start() {
        let thread = Thread { [self] in
            watchListeners()
            watch(stopping, EPOLLIN.rawValue)
            serve()
        }
        thread.name = "siftd.relay"
        thread.start()
    }

    /// Closes all listening sockets and connections, soon after.
    func stop() {
        var one: UInt64 = 1
        _ = write(stopping, &one, MemoryLayout<UInt64>.size)
    }

    private func serve() {
        var ready = [epoll_event](repeating: epoll_event(), count: 256)
        // Links that had more than their turn allowed.
        var unfinished: Set<Int32> = []
        while true {
            let patience: Int32 = !unfinished.isEmpty ? 0 : pauseEnd != nil ? 100 : -1
            let count = epoll_wait(events, &ready, Int32(ready.count), patience)
            if let end = pauseEnd, .now() >= end { watchListeners() }
            let again = unfinished
            unfinished = []
            for descriptor in again + ready.prefix(Int(max(count, 0))).map(\.data.fd) {
                if descriptor == stopping { return end() }
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

    /// Links take three descriptors, two here and one in libmilter. Were all used up here, libmilter
    /// could take no connection, and none would ever end.
    private static let linkLimit: Int = {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return max(1, (Int(clamping: limit.rlim_cur) - 64) / 3)
    }()

    private func accept(_ listener: Listener) {
        guard links.count < 2 * MilterRelay.linkLimit else { return pause(EMFILE) }
        let client = Glibc.accept(listener.descriptor, nil, nil)
        guard client >= 0 else {
            if ![EAGAIN, EINTR, ECONNABORTED].contains(errno) { pause(errno) }
            return
        }
        guard let filter = connectToFilter() else {
            close(client)
            return
        }
        for descriptor in [client, filter] {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        let link = RelayLink(client: client, filter: filter, isTCP: listener.isTCP)
        let wanted =
            EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        for descriptor in [client, filter] {
            links[descriptor] = link
            watch(descriptor, wanted)
        }
    }

    /// Waits where libmilter's queue of connections is full; it is never busy for long.
    private func connectToFilter() -> Int32? {
        let filter = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard filter >= 0 else {
            pause(errno)
            return nil
        }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(
            filter, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard UnixSocketFile.withAddress(target, { Glibc.connect(filter, $0, $1) == 0 }) else {
            logger.error("msg=relay_failed \(String(cString: strerror(errno)))")
            close(filter)
            return nil
        }
        return filter
    }

    /// Leaves new connections in their queue for a moment: they would be ready again at once.
    private func pause(_ reason: Int32) {
        logger.error(
            """
            msg=relay_full \(String(cString: strerror(reason))); for more descriptors raise \
            LimitNOFILE= or ulimit -n
            """)
        for listener in listeners { epoll_ctl(events, EPOLL_CTL_DEL, listener.descriptor, nil) }
        pauseEnd = .now() + 0.1
    }

    private func watchListeners() {
        pauseEnd = nil
        for listener in listeners { watch(listener.descriptor, EPOLLIN.rawValue) }
    }

    private func pump(_ link: RelayLink) -> RelayPipe.Progress {
        let before = link.held
        let progress = link.pump()
        held += link.held - before
        guard held > MilterRelay.heldLimit, link.held > MilterRelay.freeBytes else {
            return progress
        }
        logger.error("msg=relay_full too many half packets wait; a connection was closed")
        return .broken
    }

    private func remove(_ link: RelayLink) {
        held -= link.held
        links[link.client] = nil
        links[link.filter] = nil
    }

    private func end() {
        links = [:]
        for listener in listeners { close(listener.descriptor) }
    }

    private func watch(_ descriptor: Int32, _ wanted: UInt32) {
        var event = epoll_event()
        event.events = wanted
        event.data.fd = descriptor
        epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event)
    }
}
