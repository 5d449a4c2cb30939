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
            for make in [SignedContentTests.element, SignedContentTests.open] {
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

    @Test("Neither encrypted messages nor other bytes nor elements without end have content")
    func none() {
        var encrypted = SignedContentTests.message(SignedContentTests.pieces) { [$0, 0x80] + $1 }
        encrypted[12] = 3
        let deep = [UInt8](repeating: 0x24, count: 4_000).flatMap { [$0, 0x80] as [UInt8] }
        let deepSet = SignedContentTests.open(
            0x30,
            SignedContentTests.signed
                + SignedContentTests.open(
                    0xA0,
                    SignedContentTests.open(
                        0x30, SignedContentTests.element(0x02, [1]) + [0x31, 0x80] + deep)))
        let deepContent = SignedContentTests.message(deep) { [$0, 0x80] + $1 }
        #expect(SignedContent.content(of: encrypted) == nil)
        #expect(SignedContent.content(of: deepContent) == [])
        #expect(SignedContent.content(of: deepSet) == nil)
        for bytes in [[], [0x30], [0x30, 0x80], "text".bytes] {
            #expect(SignedContent.content(of: bytes) == nil)
        }
    }
}
