/// Words in a row that may be pieces of longer ones, cut by spaces, signs or the cells of a table:
/// `pa ym en tn ow`.
///
/// Honest text has such runs, too (`if it is so we go`), but no other words are hidden in them.
struct WordPieces {
    /// From the first piece to behind the last one, in the stream.
    private var tokens = 0..<0
    /// The ids of these tokens, read one by one.
    private(set) var ids = 0..<0
    private var pieces = 0
    private var letters = 0
    /// What the pieces cost as words, see ``Spelling``.
    private var price: Float = 0

    private static let longestPiece = 5
    private static let leastPieces = 6
    /// The pieces are words if they cost less than this a letter, see ``Spelling``; words of up to
    /// five letters cost 1 in all languages that the starter model knows.
    private static let leastPrice: Float = 2
    /// The words that pieces spell may have this share of the price of the pieces.
    private static let mostOfPrice: Float = 0.6
    /// UTF-8 bytes of a sign that may stand between two pieces.
    private static let longestSign = 4

    /// A token of a stream, or what stands for it.
    enum Item {
        case token(Int)
        /// A word of the vocabulary, and the piece it begins in.
        case word(id: Int32, piece: Int)
    }

    /// Whether a word may be a piece: one to five ASCII letters.
    @inline(__always)
    static func isPiece(_ text: Span<UInt8>) -> Bool {
        guard text.count <= longestPiece else { return false }
        for index in text.indices {
            let byte = text[index]
            guard byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") else { return false }
        }
        return true
    }

    /// Adds the next piece.
    ///
    /// - Parameters:
    ///   - index: its token.
    ///   - letters: the number of its letters.
    ///   - price: what it costs as a word.
    ///   - ids: the ids of the token.
    @inline(__always)
    mutating func append(_ index: Int, letters: Int, price: Float, ids: Range<Int>) {
        if pieces == 0 {
            tokens = index..<index
            self.ids = ids
        }
        tokens = tokens.lowerBound..<index + 1
        self.ids = self.ids.lowerBound..<ids.upperBound
        pieces += 1
        self.letters += letters
        self.price += price
    }

    /// Whether no more letters than these are spelled together.
    var isFull: Bool { letters >= Spelling.longest }

    /// Whether the pieces are many, and cost much more than words.
    var areHardlyWords: Bool {
        pieces >= WordPieces.leastPieces && price >= WordPieces.leastPrice * Float(letters)
    }

    /// The run with the words that its pieces spell in their place, without the signs between them;
    /// nil if the pieces are no worse.
    func items(in stream: TokenStream, _ resolver: inout UnknownWord) -> [Item]? {
        var items: [Item] = []
        var cost: Float = 0
        // Pieces that may be one word.
        var letters: [UInt8] = []
        var origins: [Int] = []
        func spell() -> Bool {
            guard !letters.isEmpty else { return true }
            guard let spelling = resolver.spelling(of: letters[...]) else { return false }
            cost += spelling.cost
            items += spelling.words.map { .word(id: $0.id, piece: origins[$0.start]) }
            letters.removeAll(keepingCapacity: true)
            origins.removeAll(keepingCapacity: true)
            return true
        }
        for index in tokens {
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

    private func isSign(_ stream: TokenStream, _ token: TokenStream.Token) -> Bool {
        token.end - token.start == 1
            || token.end - token.start <= WordPieces.longestSign
                && stream.bytes[Int(token.start)] >= 0x80
    }
}
