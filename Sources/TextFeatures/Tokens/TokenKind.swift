/// What a token of a vocabulary stands for, when the words of a message are counted.
public enum TokenKind: Sendable, Equatable {
    /// A word of the text.
    case word
    /// The shape of a word that the vocabulary lacks, or the unknown token.
    case unknownWord
    /// A link, or a label of its host name.
    case link
    /// A fact about the message, a mark, or a sign between words.
    case other

    /// The kind of any token of a vocabulary.
    public init(_ token: String) {
        if let family = ModelToken(token) {
            self = family.kind
        } else {
            let hasLetters = token.unicodeScalars.contains(where: \.properties.isAlphabetic)
            self = hasLetters ? .word : .other
        }
    }
}
