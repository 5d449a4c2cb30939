import Glibc
import Testing

@testable import Milter

@Suite struct SocketAddressTests {
    @Test(
        "libmilter's notation is read",
        arguments: [
            ("unix:/run/m.sock", .unix(path: "/run/m.sock")),
            ("local:/run/m.sock", .unix(path: "/run/m.sock")),
            ("/run/m.sock", .unix(path: "/run/m.sock")),
            ("/run/a:b", .unix(path: "/run/a:b")),
            ("inet:8899", .inet(port: 8899, host: nil, isIPv6: false)),
            ("inet:8899@127.0.0.1", .inet(port: 8899, host: "127.0.0.1", isIPv6: false)),
            ("inet6:8899@::1", .inet(port: 8899, host: "::1", isIPv6: true)),
            ("inet6:8899@[::1]", .inet(port: 8899, host: "::1", isIPv6: true)),
            ("inet:0@mx.example.org", .inet(port: 0, host: "mx.example.org", isIPv6: false)),
            ("fd:3", .descriptor(3)),
        ] as [(String, SocketAddress)])
    func reads(_ text: String, _ address: SocketAddress) {
        #expect(SocketAddress(text) == address)
    }

    @Test(
        "Other texts are not read",
        arguments: [
            "", "unix:", "unix:m.sock", "m.sock", "inet:", "inet:x", "inet:65536", "inet:-1",
            "inet:@127.0.0.1", "fd:", "fd:-1", "fd:x", "tcp:8899@127.0.0.1",
        ])
    func refuses(_ text: String) { #expect(SocketAddress(text) == nil) }

    @Test(
        "An address reads back as it is written",
        arguments: ["unix:/run/m.sock", "inet:8899", "inet:1@127.0.0.1", "inet6:2@::1", "fd:3"])
    func description(_ text: String) { #expect(SocketAddress(text)?.description == text) }

    @Test("TCP is known from the address, and of a descriptor from its socket")
    func isTCP() throws {
        #expect(SocketAddress.inet(port: 1, host: nil, isIPv6: true).isTCP)
        #expect(!SocketAddress.unix(path: "/x").isTCP)
        let (unix, _) = try TestSocket.pair()
        #expect(!SocketAddress.descriptor(unix.descriptor).isTCP)
        let tcp = TestSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        #expect(SocketAddress.descriptor(tcp.descriptor).isTCP)
        #expect(!SocketAddress.descriptor(-1).isTCP)
    }
}
