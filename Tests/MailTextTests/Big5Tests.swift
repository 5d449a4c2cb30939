import Testing

@testable import MailText

@Suite struct Big5Tests {
    @Test(
        "Characters are those of the index of the WHATWG",
        arguments: [
            ([0x41, 0xA4, 0x40], "A一"), ([0xA1, 0x40], "\u{3000}"), ([0xF9, 0xFE], "\u{FFED}"),
            ([0xA1, 0x45], "\u{2027}"), ([0xA3, 0xE1], "€"), ([0x87, 0x40], "䏰"),
            ([0xFE, 0xFE], "\u{79D4}"), ([0x92, 0x5D], "哋"), ([0x88, 0x40], "㇀"),
            ([0x88, 0x62, 0x88, 0xA5], "\u{CA}\u{304}\u{EA}\u{30C}"), ([0xA0, 0xFE], "\u{2626B}"),
        ] as [([UInt8], String)])
    func characters(_ bytes: [UInt8], _ text: String) {
        let result = Big5.decode(bytes)
        #expect(result.text.string.unicodeScalars.elementsEqual(text.unicodeScalars))
        #expect(result.errors == 0)
    }

    @Test(
        "Invalid sequences become U+FFFD and never swallow ASCII",
        arguments: [
            ([0x80], "\u{FFFD}"), ([0xFF, 0x41], "\u{FFFD}A"), ([0xA4], "\u{FFFD}"),
            ([0xA4, 0x3C], "\u{FFFD}<"), ([0xA4, 0x80], "\u{FFFD}"), ([0x81, 0x40], "\u{FFFD}@"),
        ] as [([UInt8], String)])
    func errors(_ bytes: [UInt8], _ text: String) {
        let result = Big5.decode(bytes)
        #expect(result.text.string == text)
        #expect(result.errors == 1)
    }
}
