import Testing

@testable import MailText

@Suite struct SignedContentTests {
    /// An element of definite length.
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        content.count < 128
            ? [tag, UInt8(content.count)] + content
            : [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }

    /// An element whose end is marked.
    private static func open(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag, 0x80] + content + [0, 0]
    }

    /// An element whose length has more octets than it needs.
    private static func long(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var element: [UInt8] = [tag, 0x88, 0, 0, 0, 0, 0, 0]
        element.append(UInt8(content.count >> 8))
        element.append(UInt8(content.count & 0xFF))
        return element + content
    }

    private static let signed: [UInt8] = [
        0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02,
    ]
    private static let front: [UInt8] =
        element(0x02, [1]) + element(0x31, element(0x30, element(0x06, [0x2A])))
    private static let data: [UInt8] = [0x06, 3, 0x2A, 0x03, 0x04]
    private static let pieces = open(
        0x24, element(0x04, "two ".bytes) + open(0x24, element(0x04, "words".bytes)))

    /// A message with the content put together by `make`.
    private static func message(
        _ octets: [UInt8], _ make: (UInt8, [UInt8]) -> [UInt8]
    ) -> [UInt8] {
        make(0x30, signed + make(0xA0, make(0x30, front + make(0x30, data + make(0xA0, octets)))))
    }

    @Test("Content is found, whole or in pieces, with lengths or without")
    func content() {
        let whole = SignedContentTests.element(0x04, "two words".bytes)
        for octets in [whole, SignedContentTests.pieces] {
            for make in [
                SignedContentTests.element, SignedContentTests.open, SignedContentTests.long,
            ] {
                let message = SignedContentTests.message(octets, make)
                #expect(SignedContent.content(of: message) == "two words".bytes)
            }
        }
    }

    @Test("A message that was cut gives what is there, and any bytes give an answer")
    func cut() throws {
        let octets = SignedContentTests.element(0x04, "two words".bytes)
        let message = SignedContentTests.message(octets, SignedContentTests.element)
        #expect(SignedContent.content(of: Array(message.dropLast(6))) == "two".bytes)
        for count in message.indices { _ = SignedContent.content(of: Array(message[..<count])) }
        for index in message.indices {
            for byte in [0x00, 0x24, 0x80, 0x84, 0xFF] as [UInt8] {
                var wrong = message
                wrong[index] = byte
                _ = SignedContent.content(of: wrong)
            }
        }
    }

    @Test("Neither encrypted messages nor other bytes have content")
    func none() {
        var encrypted = SignedContentTests.message(
            SignedContentTests.pieces, SignedContentTests.open)
        // The last octet of the identifier says what kind of message it is.
        encrypted[12] = 3
        #expect(SignedContent.content(of: encrypted) == nil)
        for bytes in [[], [0x30], [0x30, 0x80], "text".bytes] {
            #expect(SignedContent.content(of: bytes) == nil)
        }
    }

    /// A message with another set in front of its content.
    private static func message(set: [UInt8]) -> [UInt8] {
        open(
            0x30,
            signed
                + open(
                    0xA0,
                    open(
                        0x30,
                        element(0x02, [1]) + set
                            + open(0x30, data + open(0xA0, element(0x04, "words".bytes))))))
    }

    @Test("Elements that are passed over may be in one another as deep as they like")
    func deepSet() {
        var deep: [UInt8] = []
        for _ in 0..<4_000 { deep += [0x30, 0x80] }
        let ends = [UInt8](repeating: 0, count: 8_000)
        let whole = SignedContentTests.message(set: [0x31, 0x80] + deep + ends + [0, 0])
        #expect(SignedContent.content(of: whole) == "words".bytes)
        // One end is missing, so the set does not end where it should.
        let broken = SignedContentTests.message(set: [0x31, 0x80] + deep + ends)
        #expect(SignedContent.content(of: broken) == nil)
    }

    @Test("Pieces in pieces are read to a depth", arguments: [(15, "word"), (16, "")])
    func deepContent(_ depth: Int, _ expected: String) {
        var octets = SignedContentTests.element(0x04, "word".bytes)
        for _ in 0..<depth { octets = SignedContentTests.open(0x24, octets) }
        let message = SignedContentTests.message(octets, SignedContentTests.open)
        #expect(SignedContent.content(of: message) == expected.bytes)
    }
}
