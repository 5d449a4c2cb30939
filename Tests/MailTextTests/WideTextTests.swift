import Testing

@testable import MailText

@Suite struct WideTextTests {
    @Test(
        "Words of ASCII are told from UTF-16 below 80",
        arguments: [
            ("", false), ("a", true), ("Hello Bob, the kettle is here", true), ("2026", true),
            ("See http://example.com/ for more\r\n", true), ("iPhone 15 OFFER!", true),
            // Hiragana, Chinese, control characters.
            ("0J0o0j0W", false), ("N-Ve", false), ("Hello\u{1}", false), ("a\u{0}", false),
        ])
    func ascii(_ text: String, _ isASCII: Bool) {
        #expect(WideText.isASCII(text.bytes) == isASCII)
    }

    @Test(
        "Zeros show the order, little endian is the default",
        arguments: [
            ([], "utf-16le"), ([0x4F, 0x60], "utf-16le"), ([0x41, 0x00], "utf-16le"),
            ([0x00, 0x41], "utf-16be"), ([0x00, 0x41, 0x30, 0x00, 0x00, 0x42], "utf-16be"),
        ] as [([UInt8], String)])
    func order(_ bytes: [UInt8], _ name: String) { #expect(WideText.converter(bytes) == name) }
}
