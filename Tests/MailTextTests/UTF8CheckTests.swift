import Testing

@testable import MailText

@Suite struct UTF8CheckTests {
    @Test(
        "Well-formed and broken sequences are counted as in RFC 3629",
        arguments: [
            ([], 0, 0), ([0x00, 0x7F], 0, 0), ([0xC2, 0x80], 1, 0), ([0xDF, 0xBF], 1, 0),
            ([0xE0, 0xA0, 0x80], 1, 0), ([0xED, 0x9F, 0xBF], 1, 0), ([0xEF, 0xBF, 0xBF], 1, 0),
            ([0xF0, 0x90, 0x80, 0x80], 1, 0), ([0xF4, 0x8F, 0xBF, 0xBF], 1, 0),
            // Overlong forms, surrogates, beyond U+10FFFF.
            ([0xC0, 0x80], 0, 2), ([0xC1, 0xBF], 0, 2), ([0xE0, 0x9F, 0xBF], 0, 3),
            ([0xED, 0xA0, 0x80], 0, 3), ([0xF0, 0x8F, 0xBF, 0xBF], 0, 4),
            ([0xF4, 0x90, 0x80, 0x80], 0, 4), ([0xF5], 0, 1), ([0xFF], 0, 1),
            // Cut off, and continuation bytes alone.
            ([0xC3], 0, 1), ([0xE2, 0x82], 0, 2), ([0x80], 0, 1), ([0xC3, 0x41], 0, 1),
            ([0xC3, 0xC3, 0xA9], 1, 1),
        ] as [([UInt8], Int, Int)])
    func counts(_ bytes: [UInt8], _ valid: Int, _ broken: Int) {
        let check = UTF8Check(bytes)
        #expect(check.validSequences == valid)
        #expect(check.brokenSequences == broken)
        #expect(check.isASCII == (valid + broken == 0))
        #expect(check.isValid == (String(validating: bytes, as: UTF8.self) != nil))
    }
}
