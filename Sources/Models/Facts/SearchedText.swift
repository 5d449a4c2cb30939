import ASCIIText

/// What is searched of a message for names: the subject, and the front and the end of the text,
/// where letterheads, greetings and signatures are.
struct SearchedText {
    /// A piece as it is, and as addresses spell it.
    ///
    /// A class, so that spellings are made once, and only for a search that needs them.
    final class Piece {
        let bytes: [UInt8]
        private lazy var spellings =
            Piece.isSpelledOtherwise(bytes) ? ASCIISpelling.spellings(of: bytes) : []

        init(_ text: some Collection<UInt8>) {
            bytes = Array(text)
        }

        /// Whether a search finds what it looks for in one of the spellings.
        func contains(_ isFound: ([UInt8]) -> Bool) -> Bool {
            // Most texts spell a name as its owner does.
            isFound(bytes) || spellings.contains(where: isFound)
        }

        /// Whether a text has more than ASCII, general punctuation, emoji and Latin-1 signs, which
        /// have no other spelling.
        private static func isSpelledOtherwise(_ text: [UInt8]) -> Bool {
            var index = text.endOfASCII(from: 0)
            while index + 1 < text.count {
                switch (text[index], text[index + 1]) {
                case (0xC2, _): index += 2
                case (0xE2, 0x80...0x83): index += 3
                case (0xF0, 0x9F): index += 4
                default: return true
                }
                guard index < text.count else { break }
                index = text.endOfASCII(from: index)
            }
            return false
        }
    }

    let subject: Piece
    /// One piece, or the front and the end of a long text.
    let body: [Piece]

    private static let subjectBytes = 1_000
    private static let frontBytes = 8_000
    private static let endBytes = 2_000

    /// The pieces of a message.
    ///
    /// - Parameters:
    ///   - subject: UTF-8.
    ///   - text: the visible text, UTF-8.
    init(subject: [UInt8], text: [UInt8]) {
        let (front, end) = (SearchedText.frontBytes, SearchedText.endBytes)
        self.subject = Piece(subject.prefix(SearchedText.subjectBytes))
        body =
            text.count <= front + end
            ? [Piece(text)] : [Piece(text.prefix(front)), Piece(text.suffix(end))]
    }
}
