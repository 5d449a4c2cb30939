import Glibc
import Testing

/// A non-blocking stream socket that is closed with this object.
final class TestSocket {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Two sockets that are connected with each other.
    static func pair() throws -> (TestSocket, TestSocket) {
        let descriptors = try descriptorPair()
        return (TestSocket(descriptors.0), TestSocket(descriptors.1))
    }

    /// A socket, and the descriptor of another one that the caller closes.
    static func descriptorPair() throws -> (Int32, Int32) {
        var descriptors: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &descriptors) == 0)
        return (descriptors[0], descriptors[1])
    }

    /// Sends what the buffers take.
    ///
    /// - Returns: how many bytes that is.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Int {
        let bytes = Array(bytes)
        return max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)))
    }

    /// The bytes that have arrived.
    func received() -> [UInt8] {
        var all: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &block, block.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return all }
            all += block[..<count]
        }
    }

    /// Waits until this many bytes have arrived; fewer when the connection ends or after ten
    /// seconds.
    func receive(_ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            guard isReadable(milliseconds: 60_000) else { return all }
            var block = [UInt8](repeating: 0, count: count - all.count)
            let received = recv(descriptor, &block, block.count, 0)
            guard received > 0 else { return all }
            all += block[..<received]
        }
        return all
    }

    /// Whether the other side closed and nothing is left to read; waits up to ten seconds for it.
    func isAtEnd() -> Bool {
        guard isReadable(milliseconds: 60_000) else { return false }
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        return count == 0 || count < 0 && errno == ECONNRESET
    }

    /// Waits for a connection on a listening socket, up to ten seconds.
    func accept() throws -> TestSocket {
        try #require(isReadable(milliseconds: 60_000))
        let connection = Glibc.accept(descriptor, nil, nil)
        try #require(connection >= 0)
        return TestSocket(connection)
    }

    private func isReadable(milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, milliseconds) == 1
    }
}

/// A packet of the milter protocol: the length of all behind it, most significant byte first.
func packet(_ content: some Collection<UInt8>) -> [UInt8] {
    withUnsafeBytes(of: UInt32(content.count).bigEndian) { Array($0) } + content
}
