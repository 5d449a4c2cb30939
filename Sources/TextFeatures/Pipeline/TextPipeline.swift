import ASCIIText

/// Text to tokens to ids, as a ``TextPipelineSpec`` says. A value without state: any thread may use
/// it.
public struct TextPipeline: Sendable {
    public let spec: TextPipelineSpec

    /// Why a spec can't be used.
    public struct UnsupportedVersion: Error, CustomStringConvertible {
        public var version: Int
        public var description: String {
            "text pipeline version \(version) is not the version "
                + "\(TextPipelineSpec.currentVersion) of this siftd: train the model again"
        }
    }

    /// Lengths that no pipeline can have.
    public struct UnsupportedLength: Error, CustomStringConvertible {
        public var description: String {
            "text_head, text_tail, token_head and token_tail must not be negative, token_head not 0, "
                + "and a message has at most 65535 tokens"
        }
    }

    /// - Throws: ``UnsupportedVersion`` when the spec was made for another version of the tokenisers,
    ///   ``UnsupportedLength``.
    public init(_ spec: TextPipelineSpec) throws {
        let texts = 0...1 << 30
        guard texts.contains(spec.textHead), texts.contains(spec.textTail),
            (1...65_535).contains(spec.tokenHead), (0...65_535).contains(spec.tokenTail),
            spec.tokenHead + spec.tokenTail <= 65_535
        else { throw UnsupportedLength() }
        guard spec.version == TextPipelineSpec.currentVersion else {
            throw UnsupportedVersion(version: spec.version)
        }
        self.spec = spec
    }

    /// Tokens that belong to every vocabulary made for a spec.
    static func markers(of spec: TextPipelineSpec) -> [String] {
        spec.profile == .seed ? [] : DefaultProfile.markers
    }

    /// The tokens of a message, before any vocabulary.
    ///
    /// - Parameter traced: whether to note where each token was found; the `seed` profile can't tell.
    public func tokens(of document: Document, traced: Bool = false) -> TokenStream {
        switch spec.profile {
        case .seed: return SeedProfile(spec).tokens(of: document)
        case .default: return DefaultProfile(spec).tokens(of: document, traced: traced)
        }
    }

    /// The ids of a message's tokens, cut to the spec's length: the front and the end of long ones.
    public func ids(of stream: TokenStream, in vocabulary: Vocabulary) -> [Int32] {
        let resolver = UnknownWord(vocabulary: vocabulary, steps: StepSet(spec.steps))
        if stream.count > spec.tokenHead + spec.tokenTail, let ids = ends(of: stream, resolver) {
            return ids
        }
        return cut(resolve(stream, resolver) { _, _ in })
    }

    /// What is left of a long message, without looking up what lies between; nil when its ends meet.
    private func ends(of stream: TokenStream, _ resolver: UnknownWord) -> [Int32]? {
        var front: [Int32] = []
        var first = 0
        while front.count < spec.tokenHead, first < stream.count {
            append(stream, first, resolver, to: &front)
            first += 1
        }
        var back: [[Int32]] = []
        var count = 0
        var last = stream.count
        while count < spec.tokenTail, last > first {
            last -= 1
            var ids: [Int32] = []
            append(stream, last, resolver, to: &ids)
            count += ids.count
            back.append(ids)
        }
        guard front.count >= spec.tokenHead, count >= spec.tokenTail else { return nil }
        return front.prefix(spec.tokenHead) + back.reversed().joined().suffix(spec.tokenTail)
    }

    /// For each of the ids of ``ids(of:in:)``, the place of the token that it stands for.
    public func origins(of stream: TokenStream, in vocabulary: Vocabulary) -> [Int] {
        var origins: [Int] = []
        let resolver = UnknownWord(vocabulary: vocabulary, steps: StepSet(spec.steps))
        _ = resolve(stream, resolver) { place, count in
            while origins.count < count { origins.append(place) }
        }
        return cut(origins)
    }

    /// - Parameter told: called after each token with its place and the number of ids so far.
    @inline(__always)
    private func resolve(
        _ stream: TokenStream, _ resolver: UnknownWord, told: (Int, Int) -> Void
    ) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(stream.count)
        for place in stream.tokens.indices {
            append(stream, place, resolver, to: &ids)
            told(place, ids.count)
        }
        return ids
    }

    /// The ids of one token, which do not depend on the others.
    @inline(__always)
    private func append(
        _ stream: TokenStream, _ place: Int, _ resolver: UnknownWord, to ids: inout [Int32]
    ) {
        let token = stream.tokens[place]
        let text = stream.text(token)
        switch token.kind {
        case .spaced: resolver.appendSpaced(text, to: &ids)
        case .mixed: resolver.appendMixed(text, to: &ids)
        case .word:
            if let id = resolver.vocabulary.id(text) {
                ids.append(id)
            } else {
                resolver.appendWord(text, to: &ids)
            }
        case .marker:
            if let id = resolver.vocabulary.id(text) { ids.append(id) }
        }
    }

    /// The id of the shape token of each word in the vocabulary, 0 for what is no word: training
    /// replaces words by their shapes now and then.
    public func shapes(of vocabulary: Vocabulary) -> [Int32] {
        guard spec.steps.contains(.shapes) else { return [] }
        return (0..<Int32(vocabulary.count)).map { id in
            let token = Array(vocabulary.token(id).utf8)
            let isWord = token.allSatisfy { $0 >= 0x80 || ASCII.isLetterOrDigit($0) }
            return isWord ? vocabulary.id(UnknownWord.shape(of: token[...])) ?? 0 : 0
        }
    }

    private func cut<Element>(_ ids: [Element]) -> [Element] {
        guard ids.count > spec.tokenHead + spec.tokenTail else { return ids }
        return Array(ids.prefix(spec.tokenHead)) + Array(ids.suffix(spec.tokenTail))
    }
}
