/// Letters that look like Latin ones, and digits and signs that stand for letters.
///
/// The table ``pairs`` holds the letters whose skeleton in Unicode Technical Standard 39 is one
/// Latin letter, in scripts that mail in Latin letters has no other use for, and some more that
/// occur in spam. `Scripts/unicode_tables.py` generates it.
package enum Lookalikes {
    /// ``pairs`` by code point; the values are ASCII.
    private static let table: [UInt32: UInt8] = {
        var table: [UInt32: UInt8] = [:]
        for pair in pairs.joined(separator: " ").split(separator: " ") {
            let scalars = Array(pair.unicodeScalars)
            table[scalars[0].value] = UInt8(truncatingIfNeeded: scalars[1].value)
        }
        return table
    }()

    /// The Latin letter that a lower-case letter looks like, or nil.
    package static func latin(_ value: UInt32) -> UInt8? { table[value] }

    /// Look-alikes that are letters of living languages in Latin script: a Danish, Polish or Hausa
    /// word is no disguise, so these don't count as mixed in.
    private static let everyday = Set("øłđħŧıɓɗƙƴ".unicodeScalars.map(\.value))

    /// The Latin letter in a white-on-black circle or square, or in outline, which are no
    /// compatibility forms of it; or nil.
    static func enclosed(_ value: UInt32) -> Unicode.Scalar? {
        for first: UInt32 in [0x1F150, 0x1F170, 0x1CCD6] where (first..<first + 26).contains(value)
        {
            return Unicode.Scalar(value - first + 0x41)
        }
        return nil
    }

    /// True for a letter that only a disguised word has beside ASCII letters.
    package static func mixes(_ value: UInt32) -> Bool {
        table[value] != nil && !everyday.contains(value)
    }

    /// The word in Latin letters, or nil if some letter looks like none.
    package static func mapped(_ word: ArraySlice<UInt8>) -> [UInt8]? {
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

    /// The letters that a digit or sign may stand for, the likeliest first; empty for all others.
    package static func leetLetters(_ byte: UInt8) -> [UInt8] {
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
