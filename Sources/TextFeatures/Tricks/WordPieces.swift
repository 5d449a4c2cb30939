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
    private static let leastPrice: Float = 2
    /// The words that pieces spell may have this share of the price of the pieces.
    private static let mostOfPrice: Float = 0.6
    /// UTF-8 bytes of a sign that may stand between two pieces.
    private static let longestSign = 4

    /// A stretch of a stream in which all words are pieces.
    struct Run {
        var start: Int
        /// The first token behind the last piece.
        var end: Int
        var pieces = 0
    }

    /// A token of a stream, or what stands for it.
    enum Item {
        case token(Int)
        /// A word of the vocabulary, and the piece it begins in.
        case word(id: Int32, piece: Int)
    }

    /// The run that begins at an index of a stream.
    func run(_ stream: TokenStream, from first: Int) -> Run {
        var run = Run(start: first, end: first)
        var letters = 0
        var index = first
        while index < stream.count, letters < Spelling.longest {
            let token = stream.tokens[index]
            if token.kind == .word {
                guard isPiece(stream, token) else { break }
                letters += Int(token.end - token.start)
                run.pieces += 1
                run.end = index + 1
            } else if token.kind != .marker {
                break
            }
            index += 1
        }
        return run
    }

    /// A run with the words that its pieces spell in their place, without the signs between them;
    /// nil if the pieces are words themselves.
    func items(
        of run: Run, in stream: TokenStream, _ resolver: inout UnknownWord
    ) -> [Item]? {
        guard run.pieces >= WordPieces.leastPieces, let price = price(of: run, in: stream) else {
            return nil
        }
        var items: [Item] = []
        var cost: Float = 0
        // Pieces that may be one word.
        var letters: [UInt8] = []
        var origins: [Int] = []
        func spell() -> Bool {
            guard !letters.isEmpty else { return true }
            guard let spelling = resolver.spelling(of: letters) else { return false }
            cost += spelling.cost
            items += spelling.words.map { .word(id: $0.id, piece: origins[$0.start]) }
            letters.removeAll(keepingCapacity: true)
            origins.removeAll(keepingCapacity: true)
            return true
        }
        for index in run.start..<run.end {
            let token = stream.tokens[index]
            if token.kind == .word {
                letters += stream.text(token)
                for _ in token.start..<token.end { origins.append(index) }
            } else if !isSign(stream, token) {
                guard spell() else { return nil }
                items.append(.token(index))
            }
        }
        guard spell(), cost < WordPieces.mostOfPrice * price else { return nil }
        return items
    }

    /// What the pieces of a run cost as words; nil if that is so little that they are words.
    private func price(of run: Run, in stream: TokenStream) -> Float? {
        var letters = 0
        var price: Float = 0
        let bytes = stream.bytes.span
        for token in stream.tokens[run.start..<run.end] where token.kind == .word {
            let text = bytes.extracting(Int(token.start)..<Int(token.end))
            letters += text.count
            price +=
                vocabulary.id(text).map { vocabulary.rarity[Int($0)] }
                ?? Spelling.letterCost * Float(text.count)
        }
        return price >= WordPieces.leastPrice * Float(letters) ? price : nil
    }

    /// Whether a word may be a piece: one to five ASCII letters.
    @inline(__always)
    func isPiece(_ stream: TokenStream, _ token: TokenStream.Token) -> Bool {
        guard token.end - token.start <= WordPieces.longestPiece else { return false }
        for index in Int(token.start)..<Int(token.end) {
            let byte = stream.bytes[index]
            guard byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") else { return false }
        }
        return true
    }

    private func isSign(_ stream: TokenStream, _ token: TokenStream.Token) -> Bool {
        token.end - token.start == 1
            || token.end - token.start <= WordPieces.longestSign
                && stream.bytes[Int(token.start)] >= 0x80
    }
}
