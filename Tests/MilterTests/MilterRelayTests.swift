import FilterTestKit
import Glibc
import Testing

@testable import Milter

@Suite struct MilterRelayTests {
    /// A relay with a listening socket in libmilter's stead.
    private final class Bench {
        let folder: TemporaryFolder
        let libmilter: TestSocket
        let relay: MilterRelay
        let port: Int
        let log = LogRecorder()

        init(_ change: (inout MilterRelay.Limits) -> Void = { _ in }) throws {
            folder = try TemporaryFolder()
            let (descriptor, target) = try Listener.unnamed(backlog: 16)
            libmilter = TestSocket(descriptor)
            let listeners = try [
                SocketAddress.unix(path: folder.file("m.sock")),
                .inet(port: 0, host: "127.0.0.1", isIPv6: false),
            ].map { try Listener($0, access: MilterServer.SocketAccess(), backlog: 16) }
            port =
                if case .inet(let port, _, _) = listeners[1].address { Int(port) } else { 0 }
            var limits = MilterRelay.Limits()
            change(&limits)
            relay = try MilterRelay(
                listeners, target: target, limits: limits, logger: log.logger)
            relay.start()
        }

        deinit { relay.stop() }

        func connect(isTCP: Bool) throws -> TestSocket {
            TestSocket(
                isTCP
                    ? try UnixSocket.connect(port: port)
                    : try UnixSocket.connect(folder.file("m.sock")))
        }
    }

    @Test("Each connection gets a separate one to libmilter", arguments: [true, false])
    func separate(isTCP: Bool) throws {
        let bench = try Bench()
        let clients = try (0..<3).map { _ in try bench.connect(isTCP: isTCP) }
        for (number, client) in clients.enumerated() {
            client.send(packet([UInt8(number)]))
        }
        for _ in clients {
            let filter = try bench.libmilter.accept()
            let request = filter.receive(5)
            #expect(request.prefix(4) == [0, 0, 0, 1])
            let number = try #require(request.last)
            filter.send([number])
            #expect(clients[Int(number)].receive(1) == [number])
        }
    }

    @Test("Large packets cross whole in both directions at once", arguments: [true, false])
    func large(isTCP: Bool) throws {
        let bench = try Bench()
        let client = try bench.connect(isTCP: isTCP)
        let filter = try bench.libmilter.accept()
        let bytes = packet((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 253) })
        Exchange.run(bytes, client, filter)
    }

    @Test("A client that disconnects ends its connection to libmilter, and no other")
    func leaves() throws {
        let bench = try Bench()
        let staying = try bench.connect(isTCP: true)
        let first = try bench.libmilter.accept()
        do {
            _ = try bench.connect(isTCP: true)
            #expect(try bench.libmilter.accept().isAtEnd())
        }
        staying.send(packet("A".utf8))
        #expect(first.receive(5) == packet("A".utf8))
    }

    @Test("When libmilter closes a connection, the client's is closed")
    func closed() throws {
        let bench = try Bench()
        let client = try bench.connect(isTCP: false)
        _ = try bench.libmilter.accept()
        #expect(client.isAtEnd())
    }

    @Test("Connections beyond the limit are served once others have ended")
    func full() throws {
        let bench = try Bench { $0.links = 1 }
        var first: TestSocket? = try bench.connect(isTCP: true)
        first?.send(packet("1".utf8))
        var filter: TestSocket? = try bench.libmilter.accept()
        #expect(filter?.receive(5) == packet("1".utf8))
        let second = try bench.connect(isTCP: false)
        second.send(packet("2".utf8))
        #expect(waitUntil(seconds: 120) { bench.log.contains("relay_full") })
        first = nil
        #expect(filter?.isAtEnd() == true)
        filter = nil
        #expect(try bench.libmilter.accept().receive(5) == packet("2".utf8))
    }

    @Test("A connection is closed for its half packet when all buffer too much, unless it is small")
    func buffered() throws {
        let bench = try Bench { limits in
            limits.bufferedBytes = 1_000
            limits.freeBytes = 600
        }
        let half = packet([UInt8](repeating: 1, count: 600))
        let clients = try (0..<2).map { _ in try bench.connect(isTCP: false) }
        let filters = try clients.map { _ in try bench.libmilter.accept() }
        for client in clients { client.send(half.dropLast(10)) }
        // 1,188 bytes in all, but neither has more than 600.
        for client in clients { client.send(half.suffix(10)) }
        #expect(filters.allSatisfy { $0.receive(half.count) == half })
        for client in clients {
            client.send(packet([UInt8](repeating: 2, count: 2_000)).dropLast())
        }
        #expect(clients.allSatisfy { $0.isAtEnd() })
        // Without its other end a connection would end for that reason.
        withExtendedLifetime(filters) {
            #expect(waitUntil(seconds: 120) { bench.log.contains("relay_full") })
        }
    }

    @Test("Stopping closes all connections and all listening sockets")
    func stop() throws {
        let bench = try Bench()
        let client = try bench.connect(isTCP: true)
        let filter = try bench.libmilter.accept()
        bench.relay.stop()
        #expect(client.isAtEnd() && filter.isAtEnd())
        #expect(waitUntil(seconds: 120) { (try? bench.connect(isTCP: true)) == nil })
        #expect(waitUntil(seconds: 120) { (try? bench.connect(isTCP: false)) == nil })
    }
}

/// Sends and receives on both ends of a relayed connection at once, on one thread.
private enum Exchange {
    static func run(_ bytes: [UInt8], _ one: TestSocket, _ other: TestSocket) {
        for socket in [one, other] {
            _ = fcntl(socket.descriptor, F_SETFL, O_NONBLOCK)
        }
        var sent = [0, 0]
        var received: [[UInt8]] = [[], []]
        let sockets = [one, other]
        let isComplete = waitUntil(seconds: 120) {
            var isMoving = true
            while isMoving {
                isMoving = false
                for index in 0..<2 {
                    let count = sockets[index].send(bytes[sent[index]...])
                    let step = sockets[index].received()
                    sent[index] += count
                    received[index] += step
                    isMoving = isMoving || count > 0 || !step.isEmpty
                }
            }
            return received.allSatisfy { $0.count >= bytes.count }
        }
        #expect(isComplete && received == [bytes, bytes])
    }
}
