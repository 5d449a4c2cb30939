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
    /// The source's side must acknowledge at once.
    let acknowledges: Bool
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    init(from source: Int32, to destination: Int32, acknowledges: Bool) {
        self.source = source
        self.destination = destination
        self.acknowledges = acknowledges
    }

    /// Passes on what can be without waiting. Must be called until it is blocked, for the sockets are
    /// watched for changes only.
    mutating func pump() -> Progress {
        for _ in 0..<RelayPipe.turn {
            if start < buffer.count {
                let sent = buffer[start...].withUnsafeBytes {
                    send(destination, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return errno == EAGAIN ? .blocked : .broken }
                start += sent
                guard start == buffer.count else { continue }
            }
            if isAtEnd { return .ended }
            let received = receive()
            guard received >= 0 else { return errno == EAGAIN ? .blocked : .broken }
            if received == 0 {
                isAtEnd = true
                shutdown(destination, Int32(SHUT_WR))
                return .ended
            }
        }
        return .more
    }

    private mutating func receive() -> Int {
        var received = 0
        start = 0
        buffer = [UInt8](unsafeUninitializedCapacity: RelayPipe.size) { space, count in
            received = recv(source, space.baseAddress, space.count, 0)
            count = max(received, 0)
        }
        let reason = errno
        // An MTA that writes in small pieces holds back the second until the first is acknowledged
        // (RFC 896), which we would do 40 ms later. The kernel forgets this setting (tcp(7)).
        if acknowledges, received > 0 { RelayLink.set(source, TCP_QUICKACK) }
        errno = reason
        return received
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
        up = RelayPipe(from: client, to: filter, acknowledges: isTCP)
        down = RelayPipe(from: filter, to: client, acknowledges: false)
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
