import ASCIIText

/// What an unknown word looks like: ASCII letters by the share of vowels, with digits, or another
/// script; each by length.
public struct WordShape: Sendable, Equatable {
    /// Lengths in characters.
    enum Length: String, CaseIterable, Sendable {
        case short = "s"
        case medium = "m"
        case long = "l"
        case veryLong = "xl"

        init(characters: Int) {
            switch characters {
            case ...4: self = .short
            case ...8: self = .medium
            case ...14: self = .long
            default: self = .veryLong
            }
        }
    }

    /// The kinds of characters in the word.
    enum Content: Sendable, Equatable {
        /// ASCII letters: level 0 has no vowel, 1 less than 30 %, 2 less than 50 %, 3 the rest.
        case letters(vowels: Int)
        case digits
        /// Some character is not ASCII.
        case foreign
    }

    var length: Length
    var content: Content

    /// All shapes, in the order of their ids.
    static let all: [WordShape] = Length.allCases.flatMap { length in
        let contents = (0...3).map { Content.letters(vowels: $0) } + [.digits, .foreign]
        return contents.map { WordShape(length: length, content: $0) }
    }

    /// The tokens of ``all``, spelled once: a message may have hundreds of unknown words.
    private static let tokens: [String] = ModelToken.shape.spellings

    /// What stands behind the prefix of ``ModelToken/shape``, without the `>`.
    var ending: String {
        switch content {
        case .letters(let vowels): "w:\(length.rawValue):\(vowels)"
        case .digits: "d:\(length.rawValue)"
        case .foreign: "x:\(length.rawValue)"
        }
    }

    /// The token of the shape.
    public var token: String {
        let base =
            switch length {
            case .short: 0
            case .medium: 6
            case .long: 12
            case .veryLong: 18
            }
        return switch content {
        case .letters(let vowels): WordShape.tokens[base + vowels]
        case .digits: WordShape.tokens[base + 4]
        case .foreign: WordShape.tokens[base + 5]
        }
    }

    init(length: Length, content: Content) {
        self.length = length
        self.content = content
    }

    /// The shape of a word in lower case.
    ///
    /// - Parameter word: UTF-8.
    public init(of word: ArraySlice<UInt8>) {
        var characters = 0
        var vowels = 0
        var hasDigit = false
        var isForeign = false
        for byte in word where byte & 0xC0 != 0x80 {
            characters += 1
            if byte >= 0x80 { isForeign = true }
            if ASCII.isDigit(byte) { hasDigit = true }
            switch byte {
            case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
                UInt8(ascii: "u"), UInt8(ascii: "y"):
                vowels += 1
            default: break
            }
        }
        length = Length(characters: characters)
        if isForeign {
            content = .foreign
        } else if hasDigit {
            content = .digits
        } else {
            let tenths = vowels * 10 / max(characters, 1)
            content = .letters(vowels: tenths == 0 ? 0 : tenths < 3 ? 1 : tenths < 5 ? 2 : 3)
        }
    }

    /// The shape that a token is of, or nil.
    init?(token: String) {
        guard let index = WordShape.tokens.firstIndex(of: token) else { return nil }
        self = WordShape.all[index]
    }
}
