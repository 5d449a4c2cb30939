import Testing

@testable import MailText

@Suite struct CharsetTests {
    private func decode(_ bytes: [UInt8], _ label: String?) -> (String, Set<Defect>) {
        var defects: Set<Defect> = []
        let text = Charset.decode(bytes, label: label, defects: &defects)
        return (text.string, defects)
    }

    @Test(
        "Text in a declared charset is converted",
        arguments: [
            ("utf-8", [0xC3, 0xA9], "é"), ("iso-8859-1", [0xE9], "é"), ("latin1", [0x93], "“"),
            ("windows-1252", [0x80], "€"), ("iso-8859-2", [0xB1], "ą"),
            ("iso-8859-15", [0xA4], "€"),
            ("iso-8859-9", [0xFD], "ı"), ("iso-8859-11", [0xA1], "ก"), ("koi8-r", [0xC1], "а"),
            ("windows-1251", [0xE0], "а"), ("gb2312", [0xC4, 0xE3], "你"),
            ("big5", [0xA7, 0x41], "你"), ("gbk", [0x32, 0x80, 0xA3, 0xA0], "2€\u{3000}"),
            ("koi8-u", [0xAE, 0xBE], "ўЎ"),
            ("iso-2022-jp", "\u{1B}$B-!\u{1B}(I1\u{1B}(B".bytes, "①ｱ"),
            ("iso-2022-jp", "\u{1B}$B2q\u{1B}(B\u{1B}$B\u{1B}(B\u{1B}$B5D\u{1B}(B".bytes, "会議"),
            ("hz-gb-2312", "~{;aRi~}~{M(V*~} ~~".bytes, "会议通知 ~"),
            ("iso-2022-kr", "\u{1B}$)C\u{E}H8GR\u{F} a".bytes, "회할 a"),
            ("shift_jis", [0x93, 0xFA], "日"), ("euc-jp", [0xC6, 0xFC], "日"),
            ("ks_c_5601-1987", [0xB0, 0xA1], "가"), ("iso-8859-8-i", [0xE0], "א"),
            ("utf-16be", [0x00, 0x41, 0x20, 0xAC], "A€"), ("utf-16le", [0x41, 0x00], "A"),
            ("utf-7", Array("+AOk-".utf8), "é"),
            ("iso-2022-jp", Array("\u{1B}$B$\"\u{1B}(B".utf8), "あ"),
        ] as [(String, [UInt8], String)])
    func declared(_ label: String, _ bytes: [UInt8], _ text: String) {
        #expect(decode(bytes, label) == (text, []))
    }

    @Test(
        "UTF-16 has the order that its zeros show, and may look like ASCII",
        arguments: [
            ("utf-16", [0x00, 0x41], "A"), ("utf-16", [0x41, 0x00], "A"),
            ("unicode", [0x1A, 0x4F, 0x41, 0x00], "会A"), ("ucs-2", [0x60, 0x4F], "你"),
            ("utf-16be", Array("0J0o0j0W0o0B0W0_0n0T0T0k".utf8), "おはなしはあしたのごごに"),
            ("utf-16be", Array("N-Ve".utf8), "中噥"), ("utf-16le", Array("`O}Y".utf8), "你好"),
        ] as [(String, [UInt8], String)])
    func utf16(_ label: String, _ bytes: [UInt8], _ text: String) {
        #expect(decode(bytes, label) == (text, []))
    }

    @Test(
        "ASCII declared as UTF-16 is ASCII",
        arguments: [
            "Kettles", "Hello Bob, the blue kettle is here.", "ORDER NOW", "2026", "Offer!",
        ])
    func wideASCII(_ text: String) {
        #expect(decode(text.bytes, "utf-16be") == (text, [.charsetMismatch]))
    }

    @Test(
        "Thai and Shift_JIS that look like UTF-8 are themselves",
        arguments: [("windows-874", [0xE1, 0xB4, 0xA7], "แดง"), ("gbk", [0xC4, 0xA3], "模")]
            as [(String, [UInt8], String)])
    func lookalikes(_ label: String, _ bytes: [UInt8], _ text: String) {
        #expect(decode(bytes, label) == (text, []))
    }

    @Test(
        "Without a declaration, text is UTF-8 or else windows-1252",
        arguments: [
            ([0x61], "a"), ([0xC3, 0xA9], "é"), ([0xE9], "é"), ([0x80, 0x81], "€\u{81}"), ([], ""),
            ([0xE2, 0x82], "â‚"),
        ] as [([UInt8], String)])
    func undeclared(_ bytes: [UInt8], _ text: String) { #expect(decode(bytes, nil) == (text, [])) }

    @Test(
        "A wrong declaration is a defect, and the text is still read",
        arguments: [
            // UTF-8 wins over an ASCII or Latin declaration.
            ("us-ascii", [0xC3, 0xA9], "é"), ("iso-8859-1", [0xC3, 0xA9], "é"),
            // Latin text declared as UTF-8 or ASCII.
            ("utf-8", [0xE9], "é"), ("us-ascii", [0xE9], "é"),
            // UTF-8 with a broken sequence among many.
            ("utf-8", Array("éééé".utf8) + [0xC3], "éééé\u{FFFD}"),
            // UTF-8 mixed with windows-1252.
            ("utf-8", "Grüße ".bytes + [0x96], "Grüße –"),
            ("utf-8", "会".bytes + [0xA0, 0xA0, 0xA0], "会\u{A0}\u{A0}\u{A0}"),
            (
                "utf-8", "й".bytes + [UInt8](repeating: 0xFF, count: 40),
                "й" + String(repeating: "ÿ", count: 40)
            ),
            // UTF-8 that says something else.
            ("iso-8859-2", "miesiąc".bytes, "miesiąc"), ("koi8-r", "встреча".bytes, "встреча"),
            ("latin-1", "Köln".bytes, "Köln"), ("8859_1", "Köln".bytes, "Köln"),
            ("iso-2022-jp", "会議".bytes, "会議"), ("euc-kr", "회의".bytes, "회의"),
            ("unicode", "Köln".bytes, "Köln"), ("windows-874", "ภาษาไทย".bytes, "ภาษาไทย"),
            // Invalid sequences.
            ("shift_jis", [0x93, 0xFA, 0xFD], "日\u{FFFD}"),
            ("shift_jis", [0xA0, 0x41], "\u{FFFD}A"),
            ("euc-jp", [0xC6, 0xFC, 0xFF], "日\u{FFFD}"), ("gb2312", [0xC4, 0x0A], "\u{FFFD}\n"),
            ("iso-8859-3", [0xA5], "\u{FFFD}"), ("big5", [0xA7, 0x41, 0xFF], "你\u{FFFD}"),
            ("big5", [0xA7], "\u{FFFD}"), ("big5", [0x81, 0x40], "\u{FFFD}@"),
            // UTF-16 that is not.
            ("utf-16", Array("abc".utf8), "abc"), ("utf-32", Array("é".utf8), "é"),
            // A surrogate alone.
            ("utf-16be", [0x00, 0x41, 0xD8, 0x00], "A\u{FFFD}"),
        ] as [(String, [UInt8], String)])
    func mismatch(_ label: String, _ bytes: [UInt8], _ text: String) {
        #expect(decode(bytes, label) == (text, [.charsetMismatch]))
    }

    @Test(
        "An unknown charset is a defect, and the text is read as if none were declared",
        arguments: ["x-none", "utf-9", "a b", "é", String(repeating: "x", count: 41)])
    func unknown(_ label: String) {
        #expect(decode([0xC3, 0xA9], label) == ("é", [.charsetUnknown]))
        #expect(decode([0xE9], label) == ("é", [.charsetUnknown]))
        // Nothing is lost, so nothing is wrong.
        #expect(decode([0x61], label) == ("a", []))
    }

    @Test(
        "ASCII is the same in all charsets but those that shift",
        arguments: ["ebcdic-cp-us", "ibm037", "utf-8", "koi8-r", "gb18030"])
    func ascii(_ label: String) { #expect(decode("Hello".bytes, label) == ("Hello", [])) }

    @Test(
        "A byte order mark wins over any declaration and is removed",
        arguments: [
            [0xEF, 0xBB, 0xBF, 0xC3, 0xA9], [0xFF, 0xFE, 0xE9, 0x00], [0xFE, 0xFF, 0x00, 0xE9],
        ] as [[UInt8]], ["iso-8859-1", "koi8-r", nil])
    func byteOrderMark(_ bytes: [UInt8], _ label: String?) {
        #expect(decode(bytes, label).0 == "é")
    }

    @Test(
        "All results are valid UTF-8",
        arguments: [nil, "utf-8", "utf-16", "big5", "hz-gb-2312", "x"])
    func valid(_ label: String?) {
        let bytes = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 * 167 + $0 / 256) }
        var defects: Set<Defect> = []
        let text = Charset.decode(bytes, label: label, defects: &defects)
        #expect(String(validating: text, as: UTF8.self) != nil)
    }
}
