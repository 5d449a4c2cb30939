import Glibc
import Testing

@testable import Milter

@Suite struct RelayLinkTests {
    private let mta: TestSocket
    private let libmilter: TestSocket
    private let link: RelayLink

    init() throws {
        let (mta, client) = try TestSocket.descriptorPair()
        let (libmilter, filter) = try TestSocket.descriptorPair()
        self.mta = TestSocket(mta)
        self.libmilter = TestSocket(libmilter)
        link = RelayLink(client: client, filter: filter, isTCP: false)
    }

    @Test("Bytes are passed on in both directions, the MTA's in whole packets")
    func directions() {
        let request = packet("E".utf8)
        mta.send(request + request.dropLast())
        libmilter.send("reply".utf8)
        #expect(link.pump() == .blocked)
        #expect(libmilter.received() == request && mta.received() == Array("reply".utf8))
        #expect(link.bufferedBytes == request.count - 1)
    }

    @Test("An MTA that sends no more still gets the reply")
    func halfClosed() {
        mta.send(packet("E".utf8))
        shutdown(mta.descriptor, Int32(SHUT_WR))
        #expect(link.pump() == .blocked)
        #expect(libmilter.received() == packet("E".utf8) && libmilter.isAtEnd())
        libmilter.send("reply".utf8)
        #expect(link.pump() == .blocked)
        #expect(mta.received() == Array("reply".utf8))
    }

    @Test("Once libmilter closes its side, the link is to be closed, with its last bytes passed on")
    func closedByFilter() {
        libmilter.send("bye".utf8)
        shutdown(libmilter.descriptor, Int32(SHUT_WR))
        #expect(link.pump() == .broken)
        #expect(mta.received() == Array("bye".utf8))
    }

    @Test("A link closes both connections at its end")
    func closes() throws {
        let (mta, client) = try TestSocket.descriptorPair()
        let (libmilter, filter) = try TestSocket.descriptorPair()
        let outer = [TestSocket(mta), TestSocket(libmilter)]
        _ = RelayLink(client: client, filter: filter, isTCP: true)
        #expect(outer.allSatisfy { $0.isAtEnd() })
    }
}
