import Testing

@testable import MailText

@Suite struct TransferEncodingTests {
    @Test(
        "The encoding is recognised in any case, with parameters or remarks after it",
        arguments: [
            (nil, .identity), ("", .identity), ("7bit", .identity), ("8BIT", .identity),
            ("binary", .identity), ("base64", .base64), ("Base64", .base64), ("BASE64 ", .base64),
            ("base64; x=y", .base64), ("quoted-printable", .quotedPrintable),
            ("Quoted-Printable (x)", .quotedPrintable), ("x-uuencode", .uuencode),
            ("uuencode", .uuencode),
        ] as [(String?, TransferEncoding)])
    func known(_ value: String?, _ expected: TransferEncoding) {
        var defects: Set<Defect> = []
        #expect(TransferEncoding(value?.slice, defects: &defects) == expected)
        #expect(defects.isEmpty)
    }

    @Test(
        "An unknown encoding is a defect", arguments: ["base-64", "x-yenc", "\"base64\"", "utf-8"])
    func unknown(_ value: String) {
        var defects: Set<Defect> = []
        #expect(TransferEncoding(value.slice, defects: &defects) == .identity)
        #expect(defects == [.transferEncodingUnknown])
    }

    @Test(
        "Decoding ends at the limit, and all but uuencode name it",
        arguments: [
            (.identity, "abcdefghij", "abcde", true), (.base64, "YWJjZGVmZ2g=", "abc", true),
            (.quotedPrintable, "abcdefg", "abcde", true), (.identity, "abcde", "abcde", false),
            (.quotedPrintable, "abcd=65", "abcde", false),
            (.uuencode, "#86)C\n#9&5F\n", "abc", false),
        ] as [(TransferEncoding, String, String, Bool)])
    func limit(_ encoding: TransferEncoding, _ text: String, _ expected: String, _ isNamed: Bool) {
        var defects: Set<Defect> = []
        #expect(encoding.decode(text.slice, limit: 5, defects: &defects).string == expected)
        #expect(defects.contains(.limitDecoded) == isNamed)
    }
}
