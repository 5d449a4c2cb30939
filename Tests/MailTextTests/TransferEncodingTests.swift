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
            ("uuencode", .uuencode), ("x-uue", .uuencode), ("(x) base64", .base64),
            ("base64(x)", .base64), ("(a(b)c)\tbase64", .base64), ("base64\t; x=y", .base64),
            ("\"base64\"", .base64), ("base64\"", .base64), ("base64,x", .base64),
            ("base-64", .base64), ("quoted_printable", .quotedPrintable),
            ("'Quoted-Printable'.", .quotedPrintable), ("7-bit", .identity),
            ("quoted-printable, quoted-printable", .quotedPrintable), ("base64; 7bit", .base64),
        ] as [(String?, TransferEncoding)])
    func known(_ value: String?, _ expected: TransferEncoding) {
        let (encoding, isDoubtful, defects) = read([value].compactMap { $0 })
        #expect(encoding == expected)
        #expect(!isDoubtful && defects.isEmpty)
    }

    private func read(_ values: [String]) -> (TransferEncoding, Bool, Set<Defect>) {
        var defects: Set<Defect> = []
        var isDoubtful = false
        let encoding = TransferEncoding(
            values.map(\.slice), isDoubtful: &isDoubtful, defects: &defects)
        return (encoding, isDoubtful, defects)
    }

    @Test(
        "Of several encodings the first counts, but the body is looked at",
        arguments: [
            (["7bit", "base64"], .identity), (["base64", "7bit"], .base64),
            (["8bit, base64"], .identity), (["quoted-printable base64"], .quotedPrintable),
            (["(x"], .identity),
        ] as [([String], TransferEncoding)])
    func several(_ values: [String], _ expected: TransferEncoding) {
        #expect(read(values) == (expected, true, []))
    }

    @Test(
        "A body shows how it is encoded",
        arguments: [
            ("SGVsbG8gdGhlcmU=\n", .base64), ("SGVs\r\nbG8gdGhlcmU=", .base64),
            ("caf=C3=A9", .quotedPrintable), ("soft=\nbreak", .quotedPrintable), ("", nil),
            ("short", nil), ("onelongwordoflettersonly", nil), ("SGVs bG8gdGhlcmU=", nil),
            ("some words of text", nil), ("a=b c=d =41", nil), ("SGVsbG8!gdGhlcmU=", nil),
            ("H4sIAAAAAAAAA0vOAQAQ", nil),
        ] as [(String, TransferEncoding?)])
    func shown(_ body: String, _ expected: TransferEncoding?) {
        #expect(TransferEncoding.shown(by: body.slice) == expected)
    }

    @Test(
        "An unknown encoding is a defect, and the body is looked at",
        arguments: ["base6", "x-yenc", "quoted printable", "utf-8"])
    func unknown(_ value: String) {
        #expect(read([value]) == (.identity, true, [.transferEncodingUnknown]))
    }

    @Test(
        "Decoding ends at the limit, and names it",
        arguments: [
            (.identity, "abcdefghij", "abcde", true), (.base64, "YWJjZGVmZ2g=", "abc", true),
            (.quotedPrintable, "abcdefg", "abcde", true), (.identity, "abcde", "abcde", false),
            (.quotedPrintable, "abcd=65", "abcde", false),
            (.uuencode, "#86)C\n#9&5F\n", "abc", true), (.uuencode, "#86)C\n", "abc", false),
            (.base64, "Zg==Zg==Zg==Zg==Zg==Zg==", "fffff", true),
            (.base64, "Zg==Zg==Zg==Zg==Zg==", "fffff", false),
        ] as [(TransferEncoding, String, String, Bool)])
    func limit(_ encoding: TransferEncoding, _ text: String, _ expected: String, _ isNamed: Bool) {
        var defects: Set<Defect> = []
        #expect(encoding.decode(text.slice, limit: 5, defects: &defects).string == expected)
        #expect(defects.contains(.limitDecoded) == isNamed)
    }
}
