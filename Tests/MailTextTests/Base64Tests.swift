import Testing

@testable import MailText

@Suite struct Base64Tests {
    private func decode(_ text: String) -> (String, Set<Defect>) {
        var defects: Set<Defect> = []
        return (Base64.decode(text.slice, limit: 1_000, defects: &defects).string, defects)
    }

    @Test(
        "The test vectors of RFC 4648 section 10",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"),
        ])
    func vectors(_ text: String, _ plain: String) { #expect(decode(text) == (plain, [])) }

    @Test(
        "Line breaks and padding in the middle are no fault",
        arguments: [
            ("Zm9v\r\nYmFy\r\n", "foobar"), ("Z m\t9 v", "foo"), ("Zg==Zm8=", "ffo"),
            ("Zm9v====", "foo"), ("Zg==\n\nZm9v", "ffoo"),
        ])
    func lenient(_ text: String, _ plain: String) { #expect(decode(text) == (plain, [])) }

    @Test(
        "Foreign characters are skipped, a cut end is decoded as far as it goes",
        arguments: [
            ("Zm*9v", "foo"), ("Zm9v-_", "foo"), ("Zm9vYg", "foob"), ("Zm9vYmE", "fooba"),
            ("Zm9vY", "foo"), ("Zm9v\u{E9}", "foo"),
        ])
    func malformed(_ text: String, _ plain: String) {
        #expect(decode(text) == (plain, [.base64Malformed]))
    }

    @Test("All byte values are decoded")
    func allBytes() {
        var defects: Set<Defect> = []
        #expect(Base64.decode("+/8A".slice, limit: 9, defects: &defects) == [0xFB, 0xFF, 0x00])
    }
}
