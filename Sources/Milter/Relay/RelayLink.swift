import Glibc

/// Bytes from one socket to another, as many as the other takes.
struct RelayPipe {
    enum Progress {
        /// Waits for one of the sockets.
        case blocked
        /// There may be more; others come first.
        case more
        /// All was passed on, up to the end.
        case ended
        case broken
    }

    private static let size = 65_536
    /// Buffers passed on before other links have their turn.
    private static let turn = 16

    let source: Int32
    let destination: Int32
    /// Whether the source is an MTA: then only whole packets are passed on, and what comes over TCP is
    /// acknowledged at once.
    let isFromMTA: Bool
    let isTCP: Bool
    private var buffer: [UInt8] = []
    private var start = 0
    /// Where the part of the buffer ends that may be passed on.
    private var end = 0
    private var isAtEnd = false

    /// Bytes that wait.
    var held: Int { buffer.count - start }

    init(from source: Int32, to destination: Int32, isFromMTA: Bool, isTCP: Bool) {
        self.source = source
        self.destination = destination
        self.isFromMTA = isFromMTA
        self.isTCP = isTCP
    }

    /// Passes on what can be without waiting. Must be called until it is blocked, for the sockets are
    /// watched for changes only.
    mutating func pump() -> Progress {
        for _ in 0..<RelayPipe.turn {
            if start < end {
                let sent = buffer[start..<end].withUnsafeBytes {
                    send(destination, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return errno == EAGAIN ? .blocked : .broken }
                start += sent
                guard start == end else { continue }
            }
            if isAtEnd { return .ended }
            let (received, reason) = receive()
            guard received >= 0 else { return reason == EAGAIN ? .blocked : .broken }
            if received == 0 {
                isAtEnd = true
                shutdown(destination, Int32(SHUT_WR))
                return .ended
            }
            guard findEnd() else { return .broken }
        }
        return .more
    }

    /// - Returns: what recv(2) said, and why.
    private mutating func receive() -> (count: Int, reason: Int32) {
        buffer.removeFirst(start)
        end -= start
        start = 0
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: RelayPipe.size) { space in
            let received = recv(source, space.baseAddress, space.count, 0)
            guard received > 0 else {
                let reason = errno
                // An idle connection keeps no memory.
                if buffer.isEmpty { buffer = [] }
                return (received, reason)
            }
            buffer.append(contentsOf: space[..<received])
            // An MTA that writes in small pieces holds back the second until the first is
            // acknowledged (RFC 896), which we would do 40 ms later. The kernel forgets this setting
            // (tcp(7)).
            if isTCP, isFromMTA { RelayLink.set(source, TCP_QUICKACK) }
            return (received, 0)
        }
    }

    /// A thread of libmilter's that has half a packet waits for the rest, and other connections may be
    /// waiting for that thread; so a packet stays here until it is whole: four bytes of length, most
    /// significant first, and as many more.
    ///
    /// - Returns: false for a packet that libmilter would not take.
    private mutating func findEnd() -> Bool {
        guard isFromMTA else {
            end = buffer.count
            return true
        }
        while buffer.count - end >= 4 {
            let length = buffer[end..<(end + 4)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= MilterServer.largestPacket else { return false }
            guard buffer.count - end >= 4 + length else { return true }
            end += 4 + length
        }
        return true
    }
}

/// One connection of an MTA and the one to libmilter that it is joined with.
final class RelayLink {
    let client: Int32
    let filter: Int32
    private var up: RelayPipe
    private var down: RelayPipe

    init(client: Int32, filter: Int32, isTCP: Bool) {
        self.client = client
        self.filter = filter
        up = RelayPipe(from: client, to: filter, isFromMTA: true, isTCP: isTCP)
        down = RelayPipe(from: filter, to: client, isFromMTA: false, isTCP: isTCP)
        if isTCP {
            RelayLink.set(client, TCP_NODELAY)
            RelayLink.set(client, TCP_QUICKACK)
            // An MTA that vanished is noticed after two hours instead of never.
            var yes: Int32 = 1
            setsockopt(
                client, SOL_SOCKET, SO_KEEPALIVE, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    deinit {
        close(client)
        close(filter)
    }

    /// Bytes that wait.
    var held: Int { up.held + down.held }

    /// Both ways.
    func pump() -> RelayPipe.Progress {
        let ways = (up.pump(), down.pump())
        switch ways {
        case (.broken, _), (_, .broken), (.ended, .ended): return .broken
        // libmilter says nothing more once it closed; then there's nobody to speak to.
        case (_, .ended): return .broken
        case (.more, _), (_, .more): return .more
        default: return .blocked
        }
    }

    static func set(_ descriptor: Int32, _ option: Int32) {
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), option, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
}
