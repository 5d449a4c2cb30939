import CMilter
import Glibc
import Testing

@testable import Milter

@Suite struct MilterCallbacksTests {
    private let tempfail = sfsistat(SMFIS_TEMPFAIL)

    @Test("Without a session every step defers the message")
    func noSession() {
        // A connection that libmilter doesn't know has no session.
        #expect(MilterCallbacks.helo(nil, nil) == tempfail)
        #expect(MilterCallbacks.mail(nil, nil) == tempfail)
        #expect(MilterCallbacks.recipient(nil, nil) == tempfail)
        #expect(MilterCallbacks.header(nil, nil, nil) == tempfail)
        #expect(MilterCallbacks.endOfHeader(nil) == tempfail)
        #expect(MilterCallbacks.body(nil, nil, 0) == tempfail)
        #expect(MilterCallbacks.endOfMessage(nil) == tempfail)
        #expect(MilterCallbacks.abort(nil) == sfsistat(SMFIS_CONTINUE))
        #expect(MilterCallbacks.close(nil) == sfsistat(SMFIS_CONTINUE))
    }

    @Test("An MTA that doesn't let filters edit headers is refused", arguments: [0, SMFIF_ADDHDRS])
    func negotiation(_ actions: Int) {
        #expect(
            MilterCallbacks.negotiate(nil, UInt(actions), 0, 0, 0, nil, nil, nil, nil)
                == sfsistat(SMFIS_REJECT))
    }

    @Test("An address is shown as text", arguments: ["192.0.2.7", "0.0.0.0", "255.255.255.255"])
    func ipv4(_ text: String) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        try #require(inet_pton(AF_INET, text, &address.sin_addr) == 1)
        let shown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                MilterCallbacks.address($0)
            }
        }
        #expect(shown == text)
    }

    @Test(
        "An IPv6 address is shown as text", arguments: ["2001:db8::7", "::1", "::ffff:192.0.2.7"])
    func ipv6(_ text: String) throws {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        try #require(inet_pton(AF_INET6, text, &address.sin6_addr) == 1)
        let shown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                MilterCallbacks.address($0)
            }
        }
        #expect(shown == text)
    }

    @Test("Mail that came through no network has no address")
    func noAddress() {
        #expect(MilterCallbacks.address(nil) == "")
        UnixAddress.unnamed.withSocketAddress { address, _ in
            #expect(MilterCallbacks.address(UnsafeMutablePointer(mutating: address)) == "")
        }
    }
}
