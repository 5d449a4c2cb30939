import Glibc
import Testing

@testable import Milter

@Suite struct UnixAddressTests {
    @Test(
        "A path or an abstract name is read, and written as it was",
        arguments: ["/run/m.sock", "/ä", "@name", "/" + String(repeating: "x", count: 106)])
    func reads(_ text: String) { #expect(UnixAddress(text)?.description == text) }

    @Test(
        "Other texts are not read",
        arguments: ["", "name", "/a\0b", "/" + String(repeating: "x", count: 107)])
    func refuses(_ text: String) { #expect(UnixAddress(text) == nil) }

    @Test(
        "System calls get the family and the bytes of the name",
        arguments: [
            ("/m", [0x2F, 0x6D]), ("@m", [0x00, 0x6D]), ("/ä", [0x2F, 0xC3, 0xA4]),
        ] as [(String, [UInt8])])
    func bytes(_ text: String, _ name: [UInt8]) throws {
        try #require(UnixAddress(text)).withSocketAddress { address, length in
            #expect(address.pointee.sa_family == sa_family_t(AF_UNIX))
            let bytes = UnsafeRawBufferPointer(start: address, count: Int(length))
            #expect(Array(bytes.dropFirst(MemoryLayout<sa_family_t>.size)) == name)
        }
    }

    @Test("A socket without a name gets one from the kernel, and can be connected to by it")
    func unnamed() throws {
        let (descriptor, address) = try Listener.unnamed(backlog: 1)
        let listener = TestSocket(descriptor)
        #expect(address.description.hasPrefix("@") && address != .unnamed)
        let client = TestSocket(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        #expect(address.withSocketAddress { connect(client.descriptor, $0, $1) } == 0)
        #expect(client.send([1, 2]) == 2)
        #expect(try listener.accept().receive(2) == [1, 2])
    }

    @Test("Only unix sockets have such an address")
    func otherFamily() throws {
        let tcp = TestSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        #expect(UnixAddress(ofSocket: tcp.descriptor) == nil)
        #expect(UnixAddress(ofSocket: -1) == nil)
        let (unbound, _) = try TestSocket.pair()
        #expect(UnixAddress(ofSocket: unbound.descriptor) == .unnamed)
    }
}
