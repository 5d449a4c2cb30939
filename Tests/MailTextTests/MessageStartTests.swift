import Testing

@testable import MailText

@Suite struct MessageStartTests {
    private static let fields = "From: ann@example.org\nX-A: b\n\tc\nSubject: d\n\ne"

    @Test(
        "What programs put in front of the header is skipped",
        arguments: [
            "", "\u{FEFF}", "From ann Mon\n", "\n", "\r\n\r\n",
            ">From ann@example.org Mon 1 2026\n",
            "Microsoft Mail Internet Headers Version 2.0\n", "\u{FEFF}From ann Mon\n",
            "\u{FEFF}\n\n", "From ann Mon\n>From bob Tue\n",
        ])
    func skipped(_ junk: String) {
        let bytes = (junk + MessageStartTests.fields).bytes
        let start = MessageStart.header(bytes, from: 0)
        #expect(bytes[start...].string == MessageStartTests.fields)
    }

    @Test(
        "Text is not taken for a header, nor two odd lines for one",
        arguments: [
            "", "\n", "\nbody", "\nDear: Ann\nyou: know\n", "hello\nSubject: x\n\ny",
            "\nFrom: ann\n\nSubject: x", "one\ntwo\nFrom: a\nTo: b\n\nc",
            "hello\n\nFrom: a\nTo: b\n\nc", "From now on\nall is well", "From : ann\nTo: b\n",
            "A: b\nFrom: a\nTo: b\n",
        ])
    func text(_ text: String) { #expect(MessageStart.header(text.bytes, from: 0) == 0) }

    @Test(
        "UTF-16 and files of old systems become readable",
        arguments: [
            ([0xFF, 0xFE], true), ([0xFE, 0xFF], false), ([], true), ([], false),
        ] as [([UInt8], Bool)])
    func wide(_ mark: [UInt8], _ isLittle: Bool) {
        let units = "Subject: x\r\n\r\nGrüße".utf16.flatMap {
            isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)]
        }
        #expect(MessageStart.readable(mark + units).string == "Subject: x\r\n\r\nGrüße")
    }

    @Test(
        "Carriage returns alone become line feeds only where they are the line ends of the file",
        arguments: [
            ("a\rb", "a\nb"), ("a\rb\r\n", "a\nb\n\n"), ("a\rb\nc", "a\rb\nc"), ("a", "a"),
            ("", ""), ("\r\n", "\r\n"), ("a\rb\n", "a\nb\n"), ("\0\0\0\0", "\0\0\0\0"),
        ])
    func lineEnds(_ text: String, _ expected: String) {
        #expect(MessageStart.readable(text.bytes).string == expected)
    }
}
