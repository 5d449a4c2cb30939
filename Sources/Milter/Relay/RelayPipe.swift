import Glibc

/// One direction of a relayed connection: passes bytes from one socket to another.
///
/// Both sockets must be non-blocking.
struct RelayPipe {
    /// How far a call of ``pump()`` got.
    enum Progress: Equatable {
        /// Neither socket allows more at the moment.
        case blocked
        /// There may be more to do, after other connections had their turn.
        case more
        /// The source ended, and so did the destination's sending side.
        case ended
        /// A socket failed, or the source sent what libmilter would not take.
        case broken
    }

    /// Bytes read in one call.
    private static let blockSize = 65_536
    /// Blocks passed on before other connections have their turn.
    private static let blocksPerTurn = 16
    /// A packet of the milter protocol begins with its length, most significant byte first.
    private static let lengthSize = 4

    let source: Int32
    let destination: Int32
    /// Whether the source is an MTA: then only whole packets are passed on, and TCP data is
    /// acknowledged at once.
    let isFromMTA: Bool
    let isTCP: Bool
    private var buffer: [UInt8] = []
    /// Where the bytes of the buffer begin that were not sent yet.
    private var start = 0
    /// Where the bytes of the buffer end that may be sent.
    private var end = 0
    private var isAtEnd = false

    /// Number of bytes that were read but not passed on yet.
    var bufferedBytes: Int { buffer.count - start }

    init(from source: Int32, to destination: Int32, isFromMTA: Bool, isTCP: Bool) {
        self.source = source
        self.destination = destination
        self.isFromMTA = isFromMTA
        self.isTCP = isTCP
    }

    /// Passes on what can be without waiting.
    ///
    /// Must be called until it is blocked, because the sockets are watched for changes only.
    mutating func pump() -> Progress {
        for _ in 0..<RelayPipe.blocksPerTurn {
            if start < end {
                let sent = buffer[start..<end].withUnsafeBytes {
                    send(destination, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return errno == EAGAIN ? .blocked : .broken }
                start += sent
                guard start == end else { continue }
            }
            if isAtEnd { return .ended }
            let (received, code) = receive()
            guard received >= 0 else { return code == EAGAIN ? .blocked : .broken }
            if received == 0 {
                isAtEnd = true
                shutdown(destination, Int32(SHUT_WR))
                return .ended
            }
            guard findEnd() else { return .broken }
        }
        return .more
    }

    /// Reads one block.
    ///
    /// Gives the result of recv(2), and `errno` where it is not positive.
    private mutating func receive() -> (count: Int, code: Int32) {
        buffer.removeFirst(start)
        end -= start
        start = 0
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: RelayPipe.blockSize) {
            block in
            let received = recv(source, block.baseAddress, block.count, 0)
            guard received > 0 else {
                let code = errno
                // An idle connection keeps no memory.
                if buffer.isEmpty { buffer = [] }
                return (received, code)
            }
            buffer.append(contentsOf: block[..<received])
            // An MTA that writes in small pieces holds the second back until the first is
            // acknowledged (RFC 896), which the kernel would do 40 ms later. It resets this option
            // by itself (tcp(7)), so it is set after each read.
            if isTCP, isFromMTA {
                SocketOption.enable(TCP_QUICKACK, level: Int32(IPPROTO_TCP), on: source)
            }
            return (received, 0)
        }
    }

    /// Moves `end` behind the last whole packet; false for a packet that libmilter would not take.
    ///
    /// A thread of libmilter's that has half a packet waits for the rest, and other connections may
    /// be waiting for that thread; so a packet stays here until it is whole.
    private mutating func findEnd() -> Bool {
        guard isFromMTA else {
            end = buffer.count
            return true
        }
        while buffer.count - end >= RelayPipe.lengthSize {
            let length = buffer[end..<(end + RelayPipe.lengthSize)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= MilterServer.largestPacket else { return false }
            guard buffer.count - end >= RelayPipe.lengthSize + length else { return true }
            end += RelayPipe.lengthSize + length
        }
        return true
    }
}
