import Testing

@testable import MailText

@Suite struct Windows1252Tests {
    @Test(
        "Bytes are mapped as in the index of the WHATWG",
        arguments: [
            (0x00, 0x00), (0x41, 0x41), (0x7F, 0x7F), (0x80, 0x20AC), (0x81, 0x81), (0x85, 0x2026),
            (0x8D, 0x8D), (0x8F, 0x8F), (0x90, 0x90), (0x92, 0x2019), (0x99, 0x2122), (0x9D, 0x9D),
            (0x9F, 0x178), (0xA0, 0xA0), (0xE9, 0xE9), (0xFF, 0xFF),
        ] as [(UInt8, UInt32)])
    func scalar(_ byte: UInt8, _ scalar: UInt32) {
        #expect(Windows1252.scalar(byte) == scalar)
        #expect(Windows1252.decode([byte]).string.unicodeScalars.map(\.value) == [scalar])
    }

    @Test(
        "Bytes that are no UTF-8 are windows-1252 in a mixed text",
        arguments: [
            ([], ""), ([0x41, 0xC3, 0xA9], "Aé"), ([0xE9, 0xC3, 0xA9, 0x96], "éé–"),
            ([0xE4, 0xBC, 0x9A, 0xE4, 0xBC], "会ä¼"), ([0xC3, 0x0A], "Ã\n"),
        ] as [([UInt8], String)])
    func mixed(_ bytes: [UInt8], _ text: String) {
        #expect(Windows1252.decodeMixed(bytes).string == text)
    }
}
