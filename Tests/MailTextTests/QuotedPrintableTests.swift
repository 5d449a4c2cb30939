import Testing

@testable import MailText

@Suite struct QuotedPrintableTests {
    private func decode(_ text: String) -> (String, Set<Defect>) {
        var defects: Set<Defect> = []
        return (QuotedPrintable.decode(text.slice, limit: 1_000, defects: &defects).string, defects)
    }

    @Test(
        "Escapes, soft breaks and white space are decoded as in RFC 2045 section 6.7",
        arguments: [
            ("caf=C3=A9", "café"), ("caf=c3=a9", "café"), ("1=3D1", "1=1"), ("a=\nb", "ab"),
            ("a=\r\nb", "ab"), ("a= \t\r\nb", "ab"), ("a \t\nb", "a\nb"), ("a \r\nb", "a\nb"),
            ("a=20\nb", "a \nb"), ("a=20 \nb", "a \nb"), ("a =\n b", "a  b"), ("a =", "a "),
            ("a=\n", "a"), ("a ", "a "), ("", ""), ("a=\rb", "ab"), ("a= \r b", "a b"),
            ("a=\r\r\nb", "ab"), ("a\rb", "a\rb"),
            (
                "Now's the time =\nfor all folk to come=\n to the aid of their country.",
                "Now's the time for all folk to come to the aid of their country."
            ),
        ])
    func decoded(_ text: String, _ plain: String) { #expect(decode(text) == (plain, [])) }

    @Test(
        "A broken escape is a defect and kept as it is",
        arguments: [
            "=XY", "=4", "1=2=zz", "= x", "==41", "=\t" + String(repeating: " ", count: 80),
        ])
    func malformed(_ text: String) {
        let (plain, defects) = decode(text)
        #expect(plain == text.replacing("=41", with: "A"))
        #expect(defects == [.quotedPrintableMalformed])
    }
}
