import FilterTestKit
import Foundation
import Testing

@testable import Milter

@Suite struct ListenerTests {
    private func listen(_ address: SocketAddress) throws -> Listener {
        try Listener(address, access: MilterServer.SocketAccess(mode: 0o600), backlog: 4)
    }

    @Test(
        "Port 0 gets a port of the kernel's, which connections reach",
        arguments: [("127.0.0.1", false), ("localhost", false)])
    func anyPort(_ host: String, _ isIPv6: Bool) throws {
        let listener = try listen(.inet(port: 0, host: host, isIPv6: isIPv6))
        let socket = TestSocket(listener.descriptor)
        guard case .inet(let port, host, isIPv6) = listener.address else {
            Issue.record("\(listener.address)")
            return
        }
        #expect(port > 0 && listener.isTCP)
        let client = TestSocket(try UnixSocket.connect(port: Int(port)))
        let server = try socket.accept()
        client.send([7])
        #expect(server.receive(1) == [7])
    }

    @Test("A port in use is named as such")
    func portInUse() throws {
        let first = try listen(.inet(port: 0, host: "127.0.0.1", isIPv6: false))
        let socket = TestSocket(first.descriptor)
        #expect {
            try listen(first.address)
        } throws: { error in
            (error as? MilterServer.StartError)?.kind == .socketInUse
                && "\(error)".hasPrefix("milter: can't listen on \(first.address): ")
        }
        withExtendedLifetime(socket) {}
    }

    @Test("A look at a port names one in use", arguments: ["127.0.0.1", "localhost"])
    func check(_ host: String) throws {
        try Listener.check(host: host, port: 0)
        let first = try listen(.inet(port: 0, host: "127.0.0.1", isIPv6: false))
        let socket = TestSocket(first.descriptor)
        guard case .inet(let port, _, _) = first.address else { return }
        #expect {
            try Listener.check(host: "127.0.0.1", port: port)
        } throws: { error in
            (error as? MilterServer.StartError)?.reason
                == "can't listen on 127.0.0.1 port \(port): Address already in use"
        }
        withExtendedLifetime(socket) {}
    }

    @Test(
        "An address that is not this machine's can't be listened on",
        arguments: ["192.0.2.1", "no-such-host.invalid"])
    func badHost(_ host: String) {
        #expect {
            try listen(.inet(port: 0, host: host, isIPv6: false))
        } throws: { ($0 as? MilterServer.StartError)?.kind == .badAddress }
    }

    @Test("A unix socket has its permissions, and replaces a stale one")
    func unix() throws {
        let folder = try TemporaryFolder()
        let address = SocketAddress.unix(path: folder.file("m.sock"))
        for _ in 0..<2 {
            let listener = try listen(address)
            let socket = TestSocket(listener.descriptor)
            #expect(listener.address == address && !listener.isTCP)
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.file("m.sock"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let client = TestSocket(try UnixSocket.connect(folder.file("m.sock")))
            _ = try socket.accept()
            #expect(client.isAtEnd())
        }
    }

    @Test("A unix socket in use is not taken over")
    func unixInUse() throws {
        let folder = try TemporaryFolder()
        let address = SocketAddress.unix(path: folder.file("m.sock"))
        let socket = TestSocket(try listen(address).descriptor)
        #expect {
            try listen(address)
        } throws: { ($0 as? MilterServer.StartError)?.kind == .socketInUse }
        withExtendedLifetime(socket) {}
    }

    @Test("A descriptor that another process opened is used unchanged, but never blocks")
    func descriptor() throws {
        let (descriptor, _) = try Listener.unnamed(backlog: 1)
        let socket = TestSocket(descriptor)
        let listener = try listen(.descriptor(descriptor))
        #expect(listener.descriptor == descriptor && listener.address == .descriptor(descriptor))
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
    }
}
