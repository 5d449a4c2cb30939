import Testing

@testable import SpamdServer

/// Streams of `spamc -z`.
@Suite struct ZlibStreamTests {
    /// `zlib.compress(b"hello hello hello\n")` of Python.
    private static let hello: [UInt8] = [
        0x78, 0x9C, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x90, 0x5C, 0x00, 0x40, 0xB5,
        0x06, 0x87,
    ]

    @Test("A whole stream is unpacked, and what follows it is left out")
    func whole() throws {
        let text = Array("hello hello hello\n".utf8)
        #expect(try ZlibStream.inflated(ZlibStreamTests.hello, limit: 18) == text)
        #expect(try ZlibStream.inflated(ZlibStreamTests.hello + [1, 2], limit: 18) == text)
    }

    @Test("A stream that is cut short, damaged or none is a fault", arguments: [0, 1, 10, 16])
    func broken(_ length: Int) {
        let stream = Array(ZlibStreamTests.hello.prefix(length))
        #expect(throws: SpamdFault.unavailable("zlib: failed to find end of zlib stream")) {
            try ZlibStream.inflated(stream, limit: 100)
        }
        #expect(throws: SpamdFault.self) {
            try ZlibStream.inflated(stream + [0xFF, 0xFF, 0xFF], limit: 100)
        }
    }

    @Test("A stream that stands for more than the limit is refused")
    func bomb() {
        #expect(throws: SpamdFault.tooLarge(limit: 17)) {
            try ZlibStream.inflated(ZlibStreamTests.hello, limit: 17)
        }
    }
}
