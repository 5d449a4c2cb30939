import Testing
import TextFeatures

@Suite struct UnicodeFoldingTests {
    private func fold(_ text: String, _ steps: StepSet) -> (text: String, zeroWidth: Int) {
        let folded = UnicodeFolding(utf8(text), steps: steps)
        return (String(decoding: folded.bytes, as: UTF8.self), folded.zeroWidthCount)
    }

    private static let all: StepSet = [.ignorables, .compatibility, .accents]

    @Test(
        "Each step alone",
        arguments: [
            (StepSet.ignorables, "vi\u{200B}ag\u{200B}ra", "viagra"),
            (.ignorables, "vi\u{1}ag\u{7F}r\u{9D}a\t\u{C}", "viagra\t\u{C}"),
            (.compatibility, "a\u{1}b", "a\u{1}b"),
            (.ignorables, "café", "café"), (.ignorables, "ｆｕｌｌ", "ｆｕｌｌ"),
            (.compatibility, "ｆｕｌｌ", "full"), (.compatibility, "𝐛𝐨𝐥𝐝", "bold"),
            (.compatibility, "ﬁn", "fin"), (.compatibility, "½", "1⁄2"),
            (.compatibility, "café", "café"), (.compatibility, "cafe\u{301}", "café"),
            (.accents, "café", "cafe"), (.accents, "z̶a̶l̶g̶o̶", "zalgo"), (.accents, "ñandú", "nandu"),
            (.accents, "Ёлка", "Елка"), (.accents, "øł", "øł"), (.accents, "ｆ", "ｆ"),
            (.accents, "v\u{1DC4}i\u{1AB0}a\u{20D6}g\u{20DD}r\u{FE22}a\u{483}x\u{488}", "viagrax"),
            // Points of other scripts, and the keycap, have no business on Latin letters.
            (.accents, "v\u{64B}i\u{591}a\u{5BF}\u{64B}g\u{20E3}é\u{5BF}", "viage"),
            (.accents, "v\u{E31}i\u{16FE4}ag\u{1107F}ra\u{3099}", "viagra"),
            // Phrases in one character are none.
            (.ignorables, "a\u{FDFA}b\u{FDFB}", "a b "),
            // Letters in a circle or square that no form of Unicode resolves.
            (.ignorables, "\u{1F165}\u{1F178}\u{1CCD6}gra", "VIAgra"),
            // Diacritics of other scripts are part of the spelling.
            (.accents, "مَرْحَبًا", "مَرْحَبًا"), (.accents, "1\u{20E3}", "1\u{20E3}"),
            (.accents, "ภาษา\u{E31}ไทย", "ภาษา\u{E31}ไทย"), (.accents, "𑀓\u{1107F}", "𑀓\u{1107F}"),
            (.accents, "שָׁלוֹם", "שָׁלוֹם"), (.accents, "한국", "한국"),
            ([], "vi\u{200B}a é", "vi\u{200B}a é"),
        ] as [(StepSet, String, String)])
    func step(_ steps: StepSet, _ text: String, _ expected: String) {
        #expect(fold(text, steps).text == expected)
    }

    @Test(
        "Characters beyond the basic plane survive",
        arguments: ["\u{1F600}", "𐐬x", "a\u{10FFFF}"])
    func supplementary(_ text: String) {
        #expect(fold(text, .ignorables).text == text)
        #expect(fold(text, UnicodeFoldingTests.all).text == text)
    }

    @Test(
        "Invisible characters are counted where nobody types them: between two letters",
        arguments: [
            ("vi\u{200B}ag\u{200B}ra", 2), ("so\u{AD}ft", 1), ("a\u{200B}\u{200B}b", 2),
            ("\u{FEFF}text é", 0), ("word\u{200B} next", 0), ("word \u{200B}next", 0),
            ("vi\u{1}ag\u{7F}ra", 2), ("a\u{FFFC}\u{180F}b\u{85}c", 2), ("a\u{1} b", 0),
            ("1\u{200B}2", 0), ("д\u{200D}ж", 1), ("\u{1F468}\u{200D}\u{1F469}", 0), ("é", 0),
        ])
    func zeroWidth(_ text: String, _ expected: Int) {
        #expect(fold(text, UnicodeFoldingTests.all).zeroWidth == expected)
    }

    @Test(
        "Text whose order is controlled is read as it is shown",
        arguments: [
            ("\u{202E}argaiv\u{202C} now", "viagra now", 1), ("\u{202E}argaiv", "viagra", 1),
            ("\u{202E}argaiv\nnext", "viagra\nnext", 1), ("\u{202E}", "", 0),
            ("\u{202E}x\u{202C}", "x", 0), ("\u{202E}שלום\u{202C}", "שלום", 0),
            ("\u{202E}ab\u{202E}cd\u{202C}", "dcba", 1),
            ("\u{202E}ab\ncd\u{202E}ef", "ba\ncdfe", 2),
            ("\u{2067}\u{2066}gra\u{2069}\u{2066}via\u{2069}\u{2069}", "viagra", 1),
            ("\u{202E}x argaiv ש yub\u{202C}", "buy ש viagra x", 1),
            ("call \u{2068}+1 (555) 12\u{2069} now", "call +1 (555) 12 now", 0),
            ("עם \u{2067}שלום\u{2069} ok", "עם שלום ok", 0),
        ])
    func override(_ text: String, _ expected: String, _ count: Int) {
        let folded = fold(text, UnicodeFoldingTests.all)
        #expect(folded.text == expected && folded.zeroWidth == count)
    }

    @Test("Of the diacritics on one letter 30 are kept", arguments: [29, 30, 31, 3_000])
    func diacritics(count: Int) {
        let text = "a" + String(repeating: "\u{5B0}", count: count)
        let scalars = fold(text, .ignorables).text.unicodeScalars
        #expect(scalars.count == 1 + min(count, 30))
    }

    @Test("A compatibility form that grows 18-fold needs a second try of the normaliser")
    func growth() {
        let text = String(repeating: "\u{FDFA}", count: 100)
        #expect(fold(text, .compatibility).text.unicodeScalars.count == 1_800)
    }

    @Test(
        "Characters folded one by one give what the whole text gives",
        arguments: [
            0x80..<0x700, 0x1E00..<0x2C00, 0x3000..<0x3100, 0x4DF0..<0x5010, 0x9FE0..<0xA010,
            0xABF0..<0xAC80, 0xD780..<0xD7B0, 0xFE00..<0x1_0000, 0x1_F300..<0x1_FB00,
        ])
    func oneByOne(_ range: Range<UInt32>) {
        let marks = ["\u{301}", "\u{5B0}", "\u{200B}", "\u{FE0F}", "\u{AD}", "\u{3099}"]
        for (number, scalar) in range.compactMap(Unicode.Scalar.init).enumerated()
        // What controls the order is taken out of the text before.
        where !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
        {
            let mark = marks[number % marks.count]
            for text in ["e\(scalar)1 A\(scalar)\(scalar)b", "\(scalar)\(mark)x\(mark)\(scalar)"] {
                let folded = UnicodeFolding(utf8(text), steps: UnicodeFoldingTests.all)
                let whole = UnicodeFolding(whole: utf8(text), steps: UnicodeFoldingTests.all)
                #expect(
                    folded.bytes == whole.bytes && folded.zeroWidthCount == whole.zeroWidthCount,
                    "U+\(String(scalar.value, radix: 16))")
            }
        }
    }
}
