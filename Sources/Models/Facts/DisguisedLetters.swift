import TextFeatures

/// Letters of other alphabets or of formulas in the place of Latin ones, as in a `Payment` that
/// begins with a Cyrillic letter.
enum DisguisedLetters {
    /// Letters for formulas (Mathematical Alphanumeric Symbols).
    private static let formulas: ClosedRange<UInt32> = 0x1D400...0x1D7FF
    /// Numerals that look like letters (Number Forms).
    private static let numerals: ClosedRange<UInt32> = 0x2160...0x217F
    /// A shorter word may be a symbol, or a slip between two keyboards.
    private static let shortestWord = 4
    private static let leastASCII = 2

    /// Whether some word of a text in UTF-8 has such letters.
    static func are(in text: [UInt8]) -> Bool {
        guard text.contains(where: { $0 >= 0x80 }) else { return false }
        var word = Word()
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if formulas.contains(scalar.value) { return true }
            if scalar.properties.isAlphabetic {
                word.append(scalar)
            } else {
                if word.isDisguised { return true }
                word = Word()
            }
        }
        return word.isDisguised
    }

    /// The letters of a word so far.
    private struct Word {
        private var ascii = 0
        private var lookalikes = 0
        private var others = 0

        mutating func append(_ scalar: Unicode.Scalar) {
            if scalar.isASCII {
                ascii += 1
            } else if numerals.contains(scalar.value)
                || scalar.properties.lowercaseMapping.unicodeScalars.allSatisfy({
                    Lookalikes.mixes($0.value)
                })
            {
                lookalikes += 1
            } else {
                others += 1
            }
        }

        /// A word of a language whose letters partly look like Latin ones has others, too.
        var isDisguised: Bool {
            lookalikes > 0 && others == 0 && ascii >= leastASCII
                && ascii + lookalikes >= shortestWord
        }
    }
}
