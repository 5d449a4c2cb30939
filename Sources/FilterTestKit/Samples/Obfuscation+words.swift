import Foundation
import TextCNN

/// Tricks inside words.
extension Obfuscation {
    static let insideWords: [Obfuscation] = [
        words("zero-width in half of the words", share: 0.5) { inserted("\u{200B}", into: $0) },
        words("soft hyphens in half of the words", share: 0.5) { inserted("\u{AD}", into: $0) },
        words("look-alikes, 30 % of letters", share: 1) { word, random in
            String(word.map { random.nextUniform() < 0.3 ? lookalikes[$0] ?? $0 : $0 })
        },
        words("look-alikes, all letters", share: 1) { word, _ in
            String(word.map { lookalikes[$0] ?? $0 })
        },
        words("full-width letters in half of the words", share: 0.5) { word, _ in
            shifted(word, upper: 0xFF21, lower: 0xFF41)
        },
        words("mathematical letters in half of the words", share: 0.5) { word, _ in
            shifted(word, upper: 0x1D400, lower: 0x1D41A)
        },
        words("leet digits in half of the words", share: 0.5) { word, _ in
            String(word.map { leet[$0] ?? $0 })
        },
        words("spaced letters in 40 % of the words", share: 0.4, shortest: 4) { word, _ in
            word.map(String.init).joined(separator: " ")
        },
        words("dotted letters in 40 % of the words", share: 0.4, shortest: 4) { word, _ in
            word.map(String.init).joined(separator: ".")
        },
        words("all words in pieces of two letters", share: 1) { word, _ in
            pieces(word, of: 2).joined(separator: "\u{200A}")
        },
        words("all words in pieces of two letters, signs between", share: 1) { word, _ in
            pieces(word, of: 2).joined(separator: "\u{2800}")
        },
        words("isolates that swap the halves of half of the words", share: 0.5) { word, _ in
            "\u{2067}"
                + pieces(word, of: word.count / 2).reversed().map { "\u{2066}\($0)\u{2069}" }
                .joined() + "\u{2069}"
        },
        words("right-to-left override in half of the words", share: 0.5) { word, _ in
            "\u{202E}" + String(word.reversed()) + "\u{202C}"
        },
        words("comments inside half of the words", share: 0.5, html: true) {
            inserted("<!-- x -->", into: $0)
        },
        words("empty tags inside half of the words", share: 0.5, html: true) {
            inserted("<b></b>", into: $0)
        },
        words("empty tags inside all words", share: 1, html: true) {
            inserted("<span></span>", into: $0)
        },
    ]

    private static let lookalikes: [Character: Character] = [
        "a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "о", "p": "р", "s": "ѕ", "x": "х",
        "y": "у", "h": "һ", "A": "А", "B": "В", "C": "С", "E": "Е", "H": "Н", "I": "І", "K": "К",
        "M": "М", "O": "О", "P": "Р", "S": "Ѕ", "T": "Т", "X": "Х",
    ]

    private static let leet: [Character: Character] = [
        "a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7",
    ]

    private static func words(
        _ name: String, share: Float, shortest: Int = 3, html: Bool? = nil,
        _ change: @escaping @Sendable (String, inout RandomSource) -> String
    ) -> Obfuscation {
        Obfuscation(name) { carrier, _, random in
            var source = random
            defer { random = source }
            let text = carrier.changingWords(ofHTML: html) { word in
                word.count >= shortest && source.nextUniform() < share
                    ? change(word, &source) : word
            }
            return html ?? carrier.isHTML
                ? carrier.message(html: text) : carrier.message(plain: text)
        }
    }

    private static func words(
        _ name: String, share: Float, html: Bool? = nil,
        _ change: @escaping @Sendable (String) -> String
    ) -> Obfuscation {
        words(name, share: share, shortest: 3, html: html) { word, _ in change(word) }
    }

    private static func pieces(_ word: String, of length: Int) -> [Substring] {
        var pieces: [Substring] = []
        var rest = word[...]
        while !rest.isEmpty {
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    private static func inserted(_ mark: String, into word: String) -> String {
        let middle = word.index(word.startIndex, offsetBy: word.count / 2)
        return word[..<middle] + mark + word[middle...]
    }

    /// The word with its ASCII letters replaced by those of another block of letters.
    private static func shifted(_ word: String, upper: UInt32, lower: UInt32) -> String {
        var result = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            let moved: UInt32
            switch scalar {
            case "A"..."Z": moved = upper + scalar.value - 0x41
            case "a"..."z": moved = lower + scalar.value - 0x61
            default: moved = scalar.value
            }
            result.append(Unicode.Scalar(moved) ?? scalar)
        }
        return String(result)
    }
}
