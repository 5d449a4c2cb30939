/// Words that were cut into pieces of a few letters, by spaces, signs or the cells of a table:
/// `pa ym en tn ow`.
///
/// Honest text has such runs, too (`if it is so we go`), but no other words are hidden in them.
struct WordPieces {
    let vocabulary: Vocabulary

    private static let longestPiece = 5
    private static let leastPieces = 6
    /// The pieces are words if they cost less than this a letter, see ``Spelling``; words of up to
    /// five letters cost 1 in all languages that the starter model knows.
    private static let leastPrice = 2.0
    /// The words that pieces spell may have this share of the price of the pieces.
    private static let mostOfPrice = 0.6
    /// UTF-8 bytes of a sign that may stand between two pieces.
    private static let longestSign = 4

    /// The tokens of a run that begins at an index of a stream, and the end of the run.
    func run(_ stream: TokenStream, from first: Int) -> (pieces: [Int], end: Int) {
        var pieces: [Int] = []
        var end = first
        var letters = 0
        var index = first
        while index < stream.count, letters < Spelling.longest {
            let token = stream.tokens[index]
            if token.kind == .word {
                guard isPiece(stream, token) else { break }
                letters += Int(token.end - token.start)
                pieces.append(index)
                end = index + 1
            } else if token.kind != .marker || !isSign(stream, token) || end < index {
                break
            }
            index += 1
        }
        return (pieces, end)
    }

    /// The words that the pieces of a run spell, each with the piece it begins in; nil if they are
    /// words themselves.
    func words(
        _ stream: TokenStream, _ pieces: [Int], _ resolver: inout UnknownWord
    ) -> [(token: Int, id: Int32)]? {
        guard pieces.count >= WordPieces.leastPieces else { return nil }
        var letters: [UInt8] = []
        var origins: [Int] = []
        var price = 0.0
        for piece in pieces {
            let text = stream.text(stream.tokens[piece])
            letters += text
            for _ in text { origins.append(piece) }
            price +=
                vocabulary.id(text).map { Spelling.cost(of: $0, vocabulary) }
                ?? Spelling.letterCost * Double(text.count)
        }
        guard price >= WordPieces.leastPrice * Double(letters.count) else { return nil }
        guard let spelling = resolver.spelling(of: letters),
            spelling.cost < WordPieces.mostOfPrice * price
        else { return nil }
        return spelling.words.map { (origins[$0.start], $0.id) }
    }

    /// Whether a word may be a piece: one to five ASCII letters.
    @inline(__always)
    func isPiece(_ stream: TokenStream, _ token: TokenStream.Token) -> Bool {
        guard token.end - token.start <= WordPieces.longestPiece else { return false }
        return stream.text(token).allSatisfy { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    }

    private func isSign(_ stream: TokenStream, _ token: TokenStream.Token) -> Bool {
        token.end - token.start == 1
            || token.end - token.start <= WordPieces.longestSign
                && stream.bytes[Int(token.start)] >= 0x80
    }
}
