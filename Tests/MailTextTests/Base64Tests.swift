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

    @Test(
        "Lines of prose behind or between encoded ones are left out",
        arguments: [
            ("SGVsbG8=\n\n--\nto leave this list write to x@example.org\nAnn's dog\n", "Hello"),
            (
                "SGVsbG8h\r\nthis message was checked by us, word for word\r\nIHRoZXJl",
                "Hello! there"
            ),
            ("SGVsbG8\nto leave this list write to x@example.org", "Hello"),
            // Two of such lines, whose digits fill no quantum.
            ("SGVsbG8h\nto leave this list write to us\nor leave the list by a click", "Hello!"),
        ])
    func prose(_ text: String, _ plain: String) {
        #expect(decode(text) == (plain, [.base64Malformed]))
    }

    @Test("Text that is nothing but prose is no base64 and kept as it is")
    func onlyProse() {
        let text = "What? This is (plainly) not base64!"
        #expect(decode(text) == (text, [.base64Malformed]))
    }

    @Test("Blanks and foreign characters in real base64 hide nothing")
    func oddLines() {
        let text = "T3JkZXIgdGhlIGJsdWUga2V0 dGxlIHRv*ZGF5\nZm9yIHR3ZW50 eSBldXJv"
        #expect(decode(text) == ("Order the blue kettle todayfor twenty euro", [.base64Malformed]))
    }

    @Test("All byte values are decoded")
    func allBytes() {
        var defects: Set<Defect> = []
        #expect(Base64.decode("+/8A".slice, limit: 9, defects: &defects) == [0xFB, 0xFF, 0x00])
    }
}
