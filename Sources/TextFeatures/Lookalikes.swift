/// Letters of other scripts that look like Latin ones, and digits and signs that stand for letters.
/// A short list of the forms met in mail; the shapes are those of Unicode Technical Standard 39.
enum Lookalikes {
    private static let table: [UInt32: UInt8] = {
        let pairs: [(String, String)] = [
            // Cyrillic.
            ("а", "a"), ("в", "b"), ("с", "c"), ("ԁ", "d"), ("е", "e"), ("ғ", "f"), ("һ", "h"),
            ("н", "h"), ("і", "i"), ("ї", "i"), ("ј", "j"), ("к", "k"), ("ӏ", "l"), ("м", "m"),
            ("п", "n"), ("о", "o"), ("р", "p"), ("ԛ", "q"), ("г", "r"), ("ѕ", "s"), ("т", "t"),
            ("и", "u"), ("ѵ", "v"), ("ԝ", "w"), ("х", "x"), ("у", "y"), ("ү", "y"), ("ӡ", "z"),
            ("ё", "e"), ("є", "e"), ("ь", "b"), ("ъ", "b"), ("б", "b"), ("я", "r"), ("з", "3"),
            // Greek.
            ("α", "a"), ("β", "b"), ("ϲ", "c"), ("δ", "d"), ("ε", "e"), ("η", "n"), ("ι", "i"),
            ("κ", "k"), ("μ", "u"), ("ν", "v"), ("ο", "o"), ("ρ", "p"), ("σ", "o"), ("τ", "t"),
            ("υ", "u"), ("χ", "x"), ("γ", "y"), ("ω", "w"), ("ζ", "z"),
            // Armenian.
            ("ա", "w"), ("ց", "g"), ("հ", "h"), ("ո", "n"), ("օ", "o"), ("ս", "u"), ("ռ", "n"),
            ("զ", "q"), ("յ", "j"), ("ք", "p"),
            // Small capitals and phonetic letters.
            ("ᴀ", "a"), ("ʙ", "b"), ("ᴄ", "c"), ("ᴅ", "d"), ("ᴇ", "e"), ("ɢ", "g"), ("ʜ", "h"),
            ("ɪ", "i"), ("ᴊ", "j"), ("ᴋ", "k"), ("ʟ", "l"), ("ᴍ", "m"), ("ɴ", "n"), ("ᴏ", "o"),
            ("ᴘ", "p"), ("ʀ", "r"), ("ᴛ", "t"), ("ᴜ", "u"), ("ᴠ", "v"), ("ᴡ", "w"), ("ʏ", "y"),
            ("ᴢ", "z"), ("ɑ", "a"), ("ɡ", "g"), ("ı", "i"), ("ȷ", "j"), ("ⅼ", "l"), ("ø", "o"),
            ("ł", "l"), ("đ", "d"), ("ħ", "h"), ("ŧ", "t"), ("ƀ", "b"), ("ǀ", "l"),
        ]
        var table: [UInt32: UInt8] = [:]
        for (foreign, latin) in pairs {
            guard let scalar = foreign.unicodeScalars.first, let byte = latin.utf8.first else {
                continue
            }
            table[scalar.value] = byte
        }
        return table
    }()

    /// The Latin letter a lower-case letter looks like, or nil.
    static func latin(_ value: UInt32) -> UInt8? { table[value] }

    /// The word in Latin letters, when every letter that is not ASCII looks like one.
    static func mapped(_ word: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
            if scalar.value < 0x80 {
                result.append(UInt8(scalar.value))
            } else if let byte = latin(scalar.value) {
                result.append(byte)
            } else {
                return nil
            }
        }
        return result
    }

    /// The letters that a digit or sign may stand for; empty for what never does.
    static func leetLetters(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "0"): return [UInt8(ascii: "o")]
        case UInt8(ascii: "1"), UInt8(ascii: "!"), UInt8(ascii: "|"):
            return [UInt8(ascii: "i"), UInt8(ascii: "l")]
        case UInt8(ascii: "3"): return [UInt8(ascii: "e")]
        case UInt8(ascii: "4"), UInt8(ascii: "@"): return [UInt8(ascii: "a")]
        case UInt8(ascii: "5"), UInt8(ascii: "$"): return [UInt8(ascii: "s")]
        case UInt8(ascii: "7"): return [UInt8(ascii: "t")]
        case UInt8(ascii: "8"): return [UInt8(ascii: "b")]
        case UInt8(ascii: "9"): return [UInt8(ascii: "g")]
        default: return []
        }
    }
}
