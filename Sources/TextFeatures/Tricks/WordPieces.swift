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

    /// A stretch of a stream in which all words are pieces.
    struct Run {
        /// The pieces between each two tokens that are no words; those of a group may be one word.
        var groups: [[Int]] = [[]]
        /// The first token behind the last piece.
        var end: Int
        var pieceCount = 0
    }

    /// A token of a stream, or what stands for it.
    enum Item {
        case token(Int)
        /// A word of the vocabulary, and the piece it begins in.
        case word(id: Int32, piece: Int)
    }

    /// The run that begins at an index of a stream.
    func run(_ stream: TokenStream, from first: Int) -> Run {
        var run = Run(end: first)
        var letters = 0
        var index = first
        while index < stream.count, letters < Spelling.longest {
            let token = stream.tokens[index]
            if token.kind == .word {
                guard isPiece(stream, token) else { break }
                letters += Int(token.end - token.start)
                run.groups[run.groups.count - 1].append(index)
                run.pieceCount += 1
                run.end = index + 1
            } else if token.kind != .marker {
                break
            } else if !isSign(stream, token) {
                run.groups.append([])
            }
            index += 1
        }
        return run
    }

    /// A run with the words that its pieces spell in their place, without the signs between them;
    /// nil if the pieces are words themselves.
    func items(
        of run: Run, from first: Int, in stream: TokenStream, _ resolver: inout UnknownWord
    ) -> [Item]? {
        guard run.pieceCount >= WordPieces.leastPieces else { return nil }
        var letters = 0
        var price = 0.0
        for piece in run.groups.joined() {
            let text = stream.text(stream.tokens[piece])
            letters += text.count
            price +=
                vocabulary.id(text).map { Spelling.cost(of: $0, vocabulary) }
                ?? Spelling.letterCost * Double(text.count)
        }
        guard price >= WordPieces.leastPrice * Double(letters) else { return nil }
        var items: [Item] = []
        var cost = 0.0
        var next = first
        for group in run.groups {
            guard let start = group.first, let last = group.last else { continue }
            items += (next..<start).map(Item.token)
            next = last + 1
            var letters: [UInt8] = []
            var origins: [Int] = []
            for piece in group {
                let text = stream.text(stream.tokens[piece])
                letters += text
                for _ in text { origins.append(piece) }
            }
            guard let spelling = resolver.spelling(of: letters) else { return nil }
            cost += spelling.cost
            items += spelling.words.map { .word(id: $0.id, piece: origins[$0.start]) }
        }
        return cost < WordPieces.mostOfPrice * price ? items : nil
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
