import Testing
import TextFeatures

@Suite struct LookalikesTests {
    private func latin(_ character: Unicode.Scalar) -> String? {
        Lookalikes.latin(character.value).map { String(UnicodeScalar($0)) }
    }

    @Test(
        "A letter of each script looks like its Latin one",
        arguments: [
            ("а", "a"), ("у", "y"), ("ѕ", "s"), ("ԛ", "q"), ("α", "a"), ("ν", "v"), ("ω", "w"),
            ("օ", "o"), ("ᴀ", "a"), ("ꜱ", "s"), ("Ꭰ", "d"), ("ꮃ", "w"), ("ꓐ", "b"), ("Ⲏ", "h"),
            ("ᐯ", "v"), ("ⴹ", "e"), ("𐐄", "o"), ("𐓂", "o"), ("𑢠", "v"), ("ı", "i"), ("ø", "o"),
        ])
    func letters(_ letter: Unicode.Scalar, _ expected: String) {
        #expect(latin(letter) == expected)
    }

    @Test(
        "Other letters look like none",
        arguments: ["a", "z", "ж", "ф", "ß", "é", "ל", "好", "\u{200B}", "1"] as [Unicode.Scalar])
    func others(_ letter: Unicode.Scalar) {
        #expect(latin(letter) == nil && !Lookalikes.mixes(letter.value))
    }

    @Test("Letters of living Latin alphabets are no disguise", arguments: "øłđħŧı".unicodeScalars)
    func everyday(_ letter: Unicode.Scalar) {
        #expect(latin(letter) != nil && !Lookalikes.mixes(letter.value))
    }

    @Test(
        "A word is mapped when all its letters are",
        arguments: [
            ("pаypal", "paypal"), ("раураl", "paypal"), ("plain", "plain"), ("", ""),
            ("søn1", "son1"), ("мир", "mup"),
        ])
    func mapped(_ word: String, _ expected: String) {
        let result = Lookalikes.mapped(utf8(word)).map { String(decoding: $0, as: UTF8.self) }
        #expect(result == expected)
    }

    @Test(
        "A word with a letter of no resemblance is not mapped", arguments: ["жук", "pаyжpal", "好"])
    func unmapped(_ word: String) { #expect(Lookalikes.mapped(utf8(word)) == nil) }

    @Test(
        "Digits and signs stand for letters",
        arguments: [
            ("0", "o"), ("1", "il"), ("!", "il"), ("|", "il"), ("3", "e"), ("4", "a"), ("@", "a"),
            ("5", "s"), ("$", "s"), ("7", "t"), ("8", "b"), ("9", "g"), ("2", ""), ("6", ""),
            ("a", ""), ("#", ""),
        ])
    func leet(_ sign: String, _ expected: String) throws {
        let byte = try #require(sign.utf8.first)
        #expect(String(decoding: Lookalikes.leetLetters(byte), as: UTF8.self) == expected)
    }
}
