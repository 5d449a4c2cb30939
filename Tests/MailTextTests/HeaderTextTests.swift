import Testing

@testable import MailText

@Suite struct HeaderTextTests {
    private func decode(_ text: String) -> (String, Set<Defect>) {
        var defects: Set<Defect> = []
        return (HeaderText.decode(text.slice, defects: &defects).string, defects)
    }

    @Test(
        "The examples of RFC 2047 section 8 are shown as listed there",
        arguments: [
            ("=?ISO-8859-1?Q?a?=", "a"),
            ("=?ISO-8859-1?Q?a?= b", "a b"),
            ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
            ("=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab"),
            ("=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab"),
            ("=?ISO-8859-1?Q?a_b?=", "a b"),
            ("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"),
            ("=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"),
            ("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=", "If you can read this yo"),
        ])
    func examples(_ text: String, _ shown: String) {
        #expect(decode(text) == (shown, []))
    }

    @Test(
        "Words are decoded as leniently as clients do",
        arguments: [
            ("=?utf-8?b?w6k=?=", "é"),
            ("=?utf-8*en?Q?x?=", "x"),
            ("a=?utf-8?Q?b?=c", "abc"),
            ("=?utf-8?Q?two words?=", "two words"),
            ("=?utf-8?Q?a?b?=", "a?b"),
            ("=?utf-8?Q??=", ""),
            ("=?utf-8?B?w6?= =?utf-8?B?qQ?=", "é"),
            ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
            ("=?gb2312?B?xOO6ww==?=", "你好"),
            ("=?windows-1251?Q?=CF=F0=E8?=", "При"),
        ])
    func lenient(_ text: String, _ shown: String) { #expect(decode(text).0 == shown) }

    @Test(
        "Text that is no encoded word is kept as it is",
        arguments: [
            "=", "==", "=?", "=?utf-8", "=?utf-8?", "=?utf-8?Q", "=?utf-8?Q?open",
            "=?utf-8?X?text?=", "=??Q?text?=", "1+1=2?", "=?utf-8?Q?a?",
            "=?" + String(repeating: "c", count: 65) + "?Q?a?=",
        ])
    func plain(_ text: String) { #expect(decode(text) == (text, [])) }

    @Test(
        "Folds are removed and control characters become spaces",
        arguments: [
            ("one\r\n two", "one two"), ("one\n\ttwo", "one\ttwo"),
            ("one\u{0}\u{7}two", "one  two"),
        ])
    func unfold(_ text: String, _ shown: String) { #expect(decode(text).0 == shown) }

    @Test(
        "Escape sequences between words of one charset are nothing to see",
        arguments: [
            ("=?iso-2022-jp?B?GyRCMnE1RBsoQg==?=\r\n =?iso-2022-jp?B?GyRCMnE1RBsoQg==?=", "会議会議"),
            ("=?hz-gb-2312?B?fns7YVJpfn0=?= =?hz-gb-2312?B?fntNKFYqfn0=?=", "会议通知"),
            ("\u{1B}$B2q5D\u{1B}(B, not encoded", "会議, not encoded"),
        ])
    func escapes(_ text: String, _ shown: String) { #expect(decode(text) == (shown, [])) }

    @Test("A word of any length is decoded", arguments: [75, 2_048, 60_000])
    func long(_ count: Int) {
        let text = String(repeating: "x", count: count)
        #expect(decode("=?utf-8?Q?\(text)?=") == (text, []))
    }

    @Test(
        "Bytes outside encoded words are in the charset of the message, unless they are UTF-8",
        arguments: [
            ("gb2312", [0xC3, 0xE2, 0xB7, 0xD1], "免费"), ("koi8-r", [0xD7, 0xC1, 0xD3], "вас"),
            ("gb2312", "免费".bytes, "免费"), ("koi8-r", "=?utf-8?Q?a?= ".bytes + [0xC1], "a а"),
            // Not text of that charset.
            ("euc-kr", "Caf".bytes + [0xE9] + "!".bytes, "Café!"),
            ("utf-8", [0xE9], "é"), ("none-such", [0xE9], "é"),
        ] as [(String, [UInt8], String)])
    func messageCharset(_ charset: String, _ bytes: [UInt8], _ shown: String) {
        var defects: Set<Defect> = []
        let text = HeaderText.decode(bytes[...], messageCharset: charset, defects: &defects)
        #expect(text.string == shown)
        #expect(defects.isEmpty)
    }

    @Test("Bytes without a charset are UTF-8 or else windows-1252")
    func raw() {
        var defects: Set<Defect> = []
        #expect(HeaderText.decode("é".slice, defects: &defects).string == "é")
        #expect(HeaderText.decode([0x80, 0xE9], defects: &defects).string == "€é")
        #expect(defects.isEmpty)
    }

    @Test(
        "Faults in encoded words are named",
        arguments: [
            ("=?x-unknown-charset?Q?=E9?=", Defect.charsetUnknown),
            ("=?utf-8?B?*?=", .base64Malformed), ("=?utf-8?Q?=XY?=", .quotedPrintableMalformed),
            ("=?utf-8?Q?=E9?=", .charsetMismatch),
        ])
    func defects(_ text: String, _ defect: Defect) { #expect(decode(text).1 == [defect]) }

    @Test("A value full of openings costs linear time", .timeLimit(.minutes(1)))
    func hostile() {
        let text = String(repeating: "=?a?Q?x", count: 10_000)
        #expect(decode(text).0 == text)
    }
}
