/// What a token of a vocabulary stands for, when the words of a message are counted.
public enum TokenKind: Sendable, Equatable {
    /// A word of the text.
    case word
    /// A word of one letter: nonsense has many, whatever its language.
    case letter
    /// The shape of a word that the vocabulary lacks, or the unknown token.
    case unknownWord
    /// A link, or a label of its host name.
    case link
    /// A fact about the message, a mark, or a sign between words.
    case other

    /// Behind it are the scripts of East Asia, which put no spaces between words: each character
    /// of them is a token (Unicode chapter 18).
    private static let firstEastAsian: UInt32 = 0x2E80

    /// The kind of any token of a vocabulary.
    public init(_ token: String) {
        if let family = ModelToken(token) {
            self = family.kind
        } else {
            let scalars = token.unicodeScalars
            let hasLetters = scalars.contains(where: \.properties.isAlphabetic)
            let isLetter =
                scalars.count == 1 && scalars.allSatisfy { $0.value < TokenKind.firstEastAsian }
            self = !hasLetters ? .other : isLetter ? .letter : .word
        }
    }
}
