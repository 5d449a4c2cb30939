import Glibc
import Testing

@testable import Milter

@Suite struct RelayPipeTests {
    /// The sockets at the outer ends of a pipe.
    private let source: TestSocket
    private let destination: TestSocket
    private let inner: (TestSocket, TestSocket)

    init() throws {
        let (source, first) = try TestSocket.pair()
        let (second, destination) = try TestSocket.pair()
        self.source = source
        self.destination = destination
        inner = (first, second)
    }

    private func pipe(isFromMTA: Bool) -> RelayPipe {
        RelayPipe(
            from: inner.0.descriptor, to: inner.1.descriptor, isFromMTA: isFromMTA, isTCP: false)
    }

    @Test(
        "Whole packets of an MTA are passed on at once",
        arguments: [
            packet("A".utf8), packet("".utf8), packet("Dx".utf8) + packet("E".utf8),
            packet([UInt8](repeating: 1, count: 100_000)),
        ])
    func whole(_ bytes: [UInt8]) {
        var pipe = pipe(isFromMTA: true)
        #expect(source.send(bytes) == bytes.count)
        #expect(pipe.pump() == .blocked && pipe.bufferedBytes == 0)
        #expect(destination.received() == bytes)
    }

    @Test("Half a packet is kept until the rest arrives, wherever it was cut", arguments: 1..<9)
    func half(_ cut: Int) {
        let bytes = packet("Lname".utf8)
        var pipe = pipe(isFromMTA: true)
        source.send(bytes[..<cut])
        #expect(pipe.pump() == .blocked && pipe.bufferedBytes == cut)
        #expect(destination.received().isEmpty)
        source.send(bytes[cut...])
        #expect(pipe.pump() == .blocked && pipe.bufferedBytes == 0)
        #expect(destination.received() == bytes)
    }

    @Test("Of several packets only the last, which is half, is kept")
    func wholeAndHalf() {
        let first = packet("M<a@example.org>".utf8)
        let second = packet("R<b@example.org>".utf8)
        var pipe = pipe(isFromMTA: true)
        source.send(first + first + second.dropLast())
        #expect(pipe.pump() == .blocked && pipe.bufferedBytes == second.count - 1)
        #expect(destination.received() == first + first)
        source.send([second[second.count - 1]] + first)
        #expect(pipe.pump() == .blocked && pipe.bufferedBytes == 0)
        #expect(destination.received() == second + first)
    }

    @Test(
        "A packet that libmilter would not take breaks the connection",
        arguments: [
            (MilterServer.largestPacket, RelayPipe.Progress.blocked),
            (MilterServer.largestPacket + 1, .broken), (Int(UInt32.max), .broken),
        ])
    func tooLarge(_ length: Int, _ progress: RelayPipe.Progress) {
        var pipe = pipe(isFromMTA: true)
        source.send(withUnsafeBytes(of: UInt32(length).bigEndian) { Array($0) })
        #expect(pipe.pump() == progress)
        #expect(destination.received().isEmpty)
    }

    @Test("From libmilter to the MTA any bytes are passed on")
    func anyBytes() {
        var pipe = pipe(isFromMTA: false)
        source.send([0xFF, 0xFF])
        #expect(pipe.pump() == .blocked && pipe.bufferedBytes == 0)
        #expect(destination.received() == [0xFF, 0xFF])
    }

    @Test(
        "A large packet is passed on in pieces, however slowly they are read",
        arguments: [true, false])
    func backpressure(_ isFromMTA: Bool) {
        let bytes = packet((0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) })
        var pipe = pipe(isFromMTA: isFromMTA)
        var sent = 0
        // Nothing is read: the pipe and all buffers fill up.
        var before = -1
        while sent > before {
            before = sent
            sent += source.send(bytes[sent...])
            #expect([.blocked, .more].contains(pipe.pump()))
            if sent == bytes.count { break }
        }
        var read: [UInt8] = []
        while read.count < bytes.count {
            let step = destination.received()
            let count = sent
            sent += source.send(bytes[sent...])
            let buffered = pipe.bufferedBytes
            #expect([.blocked, .more].contains(pipe.pump()))
            guard !step.isEmpty || sent > count || pipe.bufferedBytes < buffered else { break }
            read += step
        }
        #expect(read == bytes && pipe.bufferedBytes == 0)
    }

    @Test("The end is passed on after all bytes before it")
    func end() {
        var pipe = pipe(isFromMTA: true)
        source.send(packet("Q".utf8))
        shutdown(source.descriptor, Int32(SHUT_WR))
        #expect(pipe.pump() == .ended)
        #expect(destination.received() == packet("Q".utf8))
        #expect(destination.isAtEnd())
        #expect(pipe.pump() == .ended)
    }

    @Test("A destination that is gone breaks the connection")
    func goneDestination() throws {
        let (gone, descriptor) = try TestSocket.descriptorPair()
        close(descriptor)
        let socket = TestSocket(gone)
        var pipe = RelayPipe(
            from: inner.0.descriptor, to: socket.descriptor, isFromMTA: true, isTCP: false)
        source.send(packet("A".utf8))
        #expect(pipe.pump() == .broken)
    }
}
