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
            for listener in listeners { watch(listener.descriptor, EPOLLIN.rawValue) }
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
        var unfinished: [Int32] = []
        while true {
            let count = epoll_wait(events, &ready, Int32(ready.count), unfinished.isEmpty ? -1 : 0)
            let again = unfinished
            unfinished = []
            for descriptor in again + ready.prefix(Int(max(count, 0))).map(\.data.fd) {
                if descriptor == stopping { return end() }
                if let listener = listeners.first(where: { $0.descriptor == descriptor }) {
                    accept(listener)
                } else if let link = links[descriptor] {
                    switch link.pump() {
                    case .blocked: break
                    case .more: unfinished.append(descriptor)
                    case .ended, .broken: remove(link)
                    }
                }
            }
        }
    }

    private func accept(_ listener: Listener) {
        let client = Glibc.accept(listener.descriptor, nil, nil)
        guard client >= 0 else {
            guard errno == EMFILE || errno == ENFILE else { return }
            logger.error("msg=relay_full no descriptors left; raise LimitNOFILE= or ulimit -n")
            // It stays ready, and nothing else would stop us from trying without end.
            usleep(100_000)
            return
        }
        let filter = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        for descriptor in [client, filter] {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        let isConnected =
            filter >= 0
            && UnixSocketFile.withAddress(target) { Glibc.connect(filter, $0, $1) == 0 }
        guard isConnected else {
            logger.error("msg=relay_failed \(String(cString: strerror(errno)))")
            close(client)
            if filter >= 0 { close(filter) }
            return
        }
        let link = RelayLink(client: client, filter: filter, isTCP: listener.isTCP)
        let wanted =
            EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        for descriptor in [client, filter] {
            links[descriptor] = link
            watch(descriptor, wanted)
        }
    }

    private func remove(_ link: RelayLink) {
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
