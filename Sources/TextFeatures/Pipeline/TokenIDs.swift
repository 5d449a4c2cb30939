/// Turns the tokens of a stream into ids of a vocabulary.
///
/// A token gives one id, several, or none. The stream is not part of the value: a span of its bytes
/// can then be looked up without a share in them, which a slice would take for each token.
struct TokenIDs {
    /// The ids so far.
    var ids: [Int32] = []
    /// For each id the index of its token; nil if nobody asks for them.
    var origins: [Int]?

    private let joinsPieces: Bool
    private var resolver: UnknownWord
    /// The short words that were read last.
    private var run = WordPieces()

    init(in vocabulary: Vocabulary, steps: StepSet) {
        joinsPieces = steps.contains(.spacedLetters)
        resolver = UnknownWord(vocabulary: vocabulary, steps: steps)
    }

    /// Appends the ids of all tokens, with the words that pieces of words spell in their place.
    mutating func append(_ stream: TokenStream) {
        ids.reserveCapacity(stream.count)
        for index in stream.tokens.indices {
            let kind = stream.tokens[index].kind
            let text = stream.bytes.span.extracting(stream.tokens[index].range)
            if joinsPieces, kind == .word, WordPieces.isPiece(text) {
                appendPiece(stream, index)
            } else {
                if kind != .marker { endRun(stream) }
                append(stream, index)
            }
        }
        endRun(stream)
    }

    /// The same without ids, after as many letters have been spelled.
    func withoutIDs() -> TokenIDs {
        var rest = self
        rest.ids = []
        rest.origins = origins.map { _ in [] }
        return rest
    }

    /// Appends the ids of one token, which do not depend on the others.
    @inline(__always)
    mutating func append(_ stream: TokenStream, _ index: Int) {
        let token = stream.tokens[index]
        defer { note(index) }
        switch token.kind {
        case .spaced: resolver.appendSpaced(stream.text(token), to: &ids)
        case .mixed: resolver.appendMixed(stream.text(token), to: &ids)
        case .glued: resolver.appendGlued(stream.text(token), to: &ids)
        case .word: _ = appendWord(stream, index)
        case .marker:
            let text = stream.bytes.span.extracting(token.range)
            if let id = resolver.vocabulary.id(text) { ids.append(id) }
        }
    }

    /// - Returns: the id of a known word.
    @inline(__always)
    private mutating func appendWord(_ stream: TokenStream, _ index: Int) -> Int32? {
        let text = stream.bytes.span.extracting(stream.tokens[index].range)
        if let id = resolver.vocabulary.id(text) {
            ids.append(id)
            return id
        }
        resolver.appendWord(stream.text(stream.tokens[index]), to: &ids)
        return nil
    }

    private mutating func note(_ index: Int) {
        guard origins != nil else { return }
        while (origins?.count ?? 0) < ids.count { origins?.append(index) }
    }

    // MARK: Pieces of words

    /// Appends the ids of a short word, which may be a piece of one.
    @inline(__always)
    private mutating func appendPiece(_ stream: TokenStream, _ index: Int) {
        let first = ids.count
        let id = appendWord(stream, index)
        let letters = stream.tokens[index].range.count
        run.append(
            index, letters: letters,
            price: id.map { resolver.vocabulary.rarity[Int($0)] }
                ?? Spelling.letterCost * Float(letters),
            ids: first..<ids.count)
        note(index)
        if run.isFull { endRun(stream) }
    }

    /// Puts the words that the pieces read last spell in their place, if they spell any.
    @inline(__always)
    private mutating func endRun(_ stream: TokenStream) {
        if run.areHardlyWords { spellRun(stream) }
        run = WordPieces()
    }

    private mutating func spellRun(_ stream: TokenStream) {
        guard let items = run.items(in: stream, &resolver) else { return }
        // Copies: else all ids would be copied, which are many more.
        let behind = Array(ids[run.ids.upperBound...])
        let originsBehind = origins.map { Array($0[run.ids.upperBound...]) }
        ids.removeSubrange(run.ids.lowerBound...)
        origins?.removeSubrange(run.ids.lowerBound...)
        for item in items {
            switch item {
            case .token(let index):
                append(stream, index)
            case .word(let id, let piece):
                ids.append(id)
                note(piece)
            }
        }
        ids += behind
        if let originsBehind { origins?.append(contentsOf: originsBehind) }
    }
}
