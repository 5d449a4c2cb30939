import Testing

@testable import MailText

@Suite struct HTMLEntityTests {
    /// The text with its references decoded.
    private func decode(_ text: String, inAttribute: Bool = false) -> String {
        let bytes = text.bytes
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "&"),
                let next = HTMLEntity.decode(
                    bytes, at: index, end: bytes.count, inAttribute: inAttribute, into: &result)
            {
                index = next
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result.string
    }

    @Test(
        "Named references are decoded, with a semicolon or without where browsers do",
        arguments: [
            ("&amp;", "&"), ("&lt;&gt;", "<>"), ("&quot;", "\""), ("&apos;", "'"),
            ("&nbsp;", "\u{A0}"),
            ("&eacute;", "é"), ("&Eacute;", "É"), ("&EACUTE;", "&EACUTE;"), ("&hearts;", "♥"),
            ("&NotEqualTilde;", "≂̸"), ("&bne;", "=⃥"), ("&sup1;", "¹"), ("&frac12;", "½"),
            ("&CounterClockwiseContourIntegral;", "∳"), ("&zwnj;", "\u{200C}"),
            // Legacy names.
            ("&amp", "&"), ("&ampx", "&x"), ("&copy2", "©2"), ("&notit;", "¬it;"), ("&notin;", "∉"),
            ("&eacutex", "éx"), ("&ltx", "<x"), ("&hearts", "&hearts"), ("&apos x", "&apos x"),
            // Text.
            ("&", "&"), ("& ", "& "), ("&&amp;", "&&"), ("&;", "&;"), ("&nosuch;", "&nosuch;"),
            ("&1;", "&1;"), ("&a", "&a"), ("AT&T", "AT&T"),
            (
                "&" + String(repeating: "a", count: 100) + ";",
                "&" + String(repeating: "a", count: 100) + ";"
            ),
        ])
    func named(_ text: String, _ decoded: String) { #expect(decode(text) == decoded) }

    @Test(
        "Numeric references are decoded as in WHATWG HTML section 13.2.5.80",
        arguments: [
            ("&#233;", "é"), ("&#xE9;", "é"), ("&#XE9;", "é"), ("&#xe9", "é"), ("&#65x", "Ax"),
            ("&#128512;", "😀"), ("&#x1F600;", "😀"), ("&#128;", "€"), ("&#x92;", "’"),
            ("&#x81;", "\u{81}"), ("&#0;", "\u{FFFD}"), ("&#xD800;", "\u{FFFD}"),
            ("&#x110000;", "\u{FFFD}"), ("&#99999999999999999999;", "\u{FFFD}"),
            ("&#xFFFFFFFFFFFFFFFF;", "\u{FFFD}"), ("&#00065;", "A"),
            ("&#;", "&#;"), ("&#x;", "&#x;"), ("&#", "&#"), ("&#x", "&#x"), ("&#g;", "&#g;"),
        ])
    func numeric(_ text: String, _ decoded: String) { #expect(decode(text) == decoded) }

    @Test(
        "In attributes a legacy name before a letter, digit or equals sign is text",
        arguments: [
            ("?a=1&copy=2", "?a=1&copy=2"), ("?a=1&copy2", "?a=1&copy2"),
            ("?a&copyright", "?a&copyright"),
            ("?a=1&copy", "?a=1©"), ("?a=1&copy;=2", "?a=1©=2"), ("?a=1&amp;b", "?a=1&b"),
            ("&copy-x", "©-x"), ("&#65b", "Ab"),
        ])
    func attributes(_ text: String, _ decoded: String) {
        #expect(decode(text, inAttribute: true) == decoded)
    }

    @Test("All references of the table are decoded, with their semicolons")
    func table() {
        let entries = HTMLEntityTable.text.split(whereSeparator: \.isWhitespace)
        #expect(entries.count == 2_125)
        for entry in entries {
            let name = entry.prefix { $0 != "=" && $0 != "!" }
            let decoded = decode("&\(name);")
            #expect(!decoded.hasPrefix("&") || name.lowercased() == "amp", "\(name)")
            let scalars = entry.split(separator: "=")[1].split(separator: "+")
            #expect(
                decoded.unicodeScalars.map { String($0.value, radix: 16, uppercase: true) }
                    == scalars.map(String.init))
        }
    }
}
