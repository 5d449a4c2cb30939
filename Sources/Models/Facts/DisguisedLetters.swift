import ASCIIText
import MailText
import TextFeatures

/// Letters of other alphabets or of formulas in the place of Latin ones, as in a `Payment` that
/// begins with a Cyrillic letter.
enum DisguisedLetters {
    /// Letters for formulas (Mathematical Alphanumeric Symbols).
    private static let formulas: ClosedRange<UInt32> = 0x1D400...0x1D7FF
    /// Numerals that look like letters (Number Forms).
    private static let numerals: ClosedRange<UInt32> = 0x2160...0x217F
    /// The sign in front of units and names, as in `µTorrent`, and the Greek letter.
    private static let micro: Set<UInt32> = [0xB5, 0x3BC]
    /// A shorter word may be a symbol, or a slip between two keyboards.
    private static let shortestWord = 4
    private static let leastASCII = 2
    /// Bytes of the name, of the subject and of the text that are looked at.
    private static let length = 8_000
    /// One word of a text may be a slip.
    private static let leastInText = 2

    /// Whether the author's name or the subject has a word with such letters, or the text some.
    static func are(in content: MailContent) -> Bool {
        words(in: Array(content.header.from.displayName.utf8).prefix(length), atMost: 1) > 0
            || words(in: (content.subject ?? []).prefix(length), atMost: 1) > 0
            || words(in: content.body.bytes.prefix(length), atMost: leastInText) == leastInText
    }

    /// How many words of a text in UTF-8 have such letters; counting ends at the bound.
    private static func words(in text: ArraySlice<UInt8>, atMost bound: Int) -> Int {
        var count = 0
        var end = text.startIndex
        while count < bound, let other = text[end...].firstIndex(where: { $0 >= 0x80 }) {
            var start = other
            while start > end, ASCII.isLetter(text[start - 1]) { start -= 1 }
            end = other
            while end < text.endIndex, text[end] >= 0x80 || ASCII.isLetter(text[end]) { end += 1 }
            count += disguised(in: text[start..<end], atMost: bound - count)
        }
        return count
    }

    /// The first byte of what takes four in UTF-8, as letters for formulas do.
    private static let fourBytes: UInt8 = 0xF0

    /// The same of a run of letters, of which some are not ASCII.
    private static func disguised(in run: ArraySlice<UInt8>, atMost bound: Int) -> Int {
        // Nearly all runs are of one alphabet.
        guard run.contains(where: { $0 < 0x80 || $0 == fourBytes }) else { return 0 }
        var count = 0
        var word = Word()
        for scalar in String(decoding: run, as: UTF8.self).unicodeScalars {
            if scalar.properties.isAlphabetic {
                word.append(scalar)
            } else {
                if word.isDisguised { count += 1 }
                word = Word()
            }
        }
        return min(bound, count + (word.isDisguised ? 1 : 0))
    }

    private static func looksLatin(_ scalar: Unicode.Scalar) -> Bool {
        numerals.contains(scalar.value)
            || !micro.contains(scalar.value)
                && scalar.properties.lowercaseMapping.unicodeScalars.allSatisfy {
                    Lookalikes.mixes($0.value)
                }
    }

    /// The letters of a word so far.
    private struct Word {
        private var ascii = 0
        private var formulas = 0
        private var lookalikes = 0
        private var others = 0

        mutating func append(_ scalar: Unicode.Scalar) {
            if scalar.isASCII {
                ascii += 1
            } else if DisguisedLetters.formulas.contains(scalar.value) {
                formulas += 1
            } else if DisguisedLetters.looksLatin(scalar) {
                lookalikes += 1
            } else {
                others += 1
            }
        }

        /// A word of a language whose letters partly look like Latin ones has others, too.
        var isDisguised: Bool {
            others == 0 && ascii + formulas + lookalikes >= shortestWord
                && (formulas > 0 || lookalikes > 0 && ascii >= leastASCII)
        }
    }
}
