import ASCIIText

/// Turns text into tokens and tokens into ids, as a ``TextPipelineSpec`` describes.
///
/// A value without state, so any thread may use it.
public struct TextPipeline: Sendable {
    /// The description of the pipeline.
    public let spec: TextPipelineSpec

    /// A spec is of another version of the tokenisers.
    public struct UnsupportedVersion: Error, CustomStringConvertible {
        /// The version of the spec.
        public var version: Int
        /// The error for a human reader.
        public var description: String {
            "text pipeline version \(version) is not the version "
                + "\(TextPipelineSpec.currentVersion) of this siftd: train the model again"
        }
    }

    /// A spec has lengths that no pipeline can have.
    public struct UnsupportedLength: Error, CustomStringConvertible {
        /// The error for a human reader.
        public var description: String {
            "text_head, text_tail, token_head and token_tail must not be negative, token_head "
                + "not 0, and a message has at most \(TextPipeline.longestMessage) tokens"
        }
    }

    /// A spec of the `keras` profile lacks its text step.
    public struct MissingTextStep: Error, CustomStringConvertible {
        /// The error for a human reader.
        public var description: String { "the profile keras needs the object keras" }
    }

    /// Ids of one message at most: the network's kernels count windows in 16 bits.
    private static let longestMessage = 65_535
    /// Bytes of text at most: indices of tokens have 32 bits.
    private static let longestText = 1 << 30

    /// A pipeline, after a check of its spec.
    ///
    /// - Throws: ``UnsupportedVersion`` when the spec is of another version of the tokenisers,
    ///   ``UnsupportedLength``, ``MissingTextStep``.
    public init(_ spec: TextPipelineSpec) throws {
        let texts = 0...TextPipeline.longestText
        let tokens = 0...TextPipeline.longestMessage
        guard texts.contains(spec.textHead), texts.contains(spec.textTail),
            spec.tokenHead > 0, tokens.contains(spec.tokenHead), tokens.contains(spec.tokenTail),
            spec.tokenHead + spec.tokenTail <= TextPipeline.longestMessage
        else { throw UnsupportedLength() }
        guard spec.version == TextPipelineSpec.currentVersion else {
            throw UnsupportedVersion(version: spec.version)
        }
        guard spec.profile != .keras || spec.keras != nil else { throw MissingTextStep() }
        self.spec = spec
    }

    private init(checked spec: TextPipelineSpec) { self.spec = spec }

    /// The pipeline of `TextPipelineSpec.standard`.
    public static let standard = TextPipeline(checked: .standard)

    /// The text step of an imported model; nil for other profiles.
    private var kerasProfile: KerasProfile? { spec.keras.map { KerasProfile(spec, $0) } }

    /// Tokens that every vocabulary for a spec contains, seen in training or not.
    static func markers(of spec: TextPipelineSpec) -> [String] {
        spec.profile == .default ? ModelToken.markers : []
    }

    /// The tokens of a message, before any vocabulary.
    ///
    /// - Parameter document: the message.
    /// - Returns: facts, subject and body; texts longer than the spec's limits without their
    ///   middle.
    public func tokens(of document: Document) -> TokenStream {
        switch spec.profile {
        case .keras: return kerasProfile?.tokens(of: document) ?? TokenStream()
        case .seed: return SeedProfile(spec).tokens(of: document)
        case .default: return DefaultProfile(spec).tokens(of: document)
        }
    }

    /// Where the tokens of a document, as ``tokens(of:)`` gives them, stand in it.
    ///
    /// The `seed` profile does not know.
    public func sources(of stream: TokenStream, in document: Document) -> TokenSources {
        TokenSources(document, stream.trace, steps: StepSet(spec.steps))
    }

    /// The ids of a message's tokens, in order, cut to the spec's length.
    ///
    /// Of a long message, front and end are kept. A token gives one id, several, or none.
    public func ids(of stream: TokenStream, in vocabulary: Vocabulary) -> [Int32] {
        if let kerasProfile { return cut(kerasProfile.ids(of: stream, in: vocabulary)) }
        return read(stream, TokenIDs(in: vocabulary, steps: StepSet(spec.steps))).ids
    }

    /// For each id of ``ids(of:in:)``, the index of its token in the stream; the number of tokens
    /// for padding of the `keras` profile.
    public func origins(of stream: TokenStream, in vocabulary: Vocabulary) -> [Int] {
        if let kerasProfile { return cut(kerasProfile.origins(of: stream, in: vocabulary)) }
        var tokenIDs = TokenIDs(in: vocabulary, steps: StepSet(spec.steps))
        tokenIDs.origins = []
        return read(stream, tokenIDs).origins ?? []
    }

    /// The ids of a stream, cut to the spec's length.
    private func read(_ stream: TokenStream, _ none: TokenIDs) -> TokenIDs {
        if stream.count > spec.tokenHead + spec.tokenTail, let ends = ends(of: stream, none) {
            return ends
        }
        var tokenIDs = none
        tokenIDs.append(stream)
        tokenIDs.ids = cut(tokenIDs.ids)
        tokenIDs.origins = tokenIDs.origins.map(cut)
        return tokenIDs
    }

    /// The front and the end of a long message, without a look at the tokens between; nil if there
    /// is nothing between.
    ///
    /// Words that were cut into pieces are not found here.
    private func ends(of stream: TokenStream, _ none: TokenIDs) -> TokenIDs? {
        var front = none
        var first = 0
        while front.ids.count < spec.tokenHead, first < stream.count {
            front.append(stream, first)
            first += 1
        }
        // From the last to the first; letters that were spelled in front count here, too.
        var back = front.withoutIDs()
        var last = stream.count
        while back.ids.count < spec.tokenTail, last > first {
            last -= 1
            let start = back.ids.count
            back.append(stream, last)
            if back.ids.count - start > 1 { back.ids[start...].reverse() }
        }
        guard front.ids.count >= spec.tokenHead, back.ids.count >= spec.tokenTail else {
            return nil
        }
        func join<Element>(_ front: [Element], _ back: [Element]) -> [Element] {
            front.prefix(spec.tokenHead) + back.prefix(spec.tokenTail).reversed()
        }
        var ends = front
        ends.ids = join(front.ids, back.ids)
        ends.origins = front.origins.map { join($0, back.origins ?? []) }
        return ends
    }

    /// For each id of a vocabulary the id of the word's shape, or 0 if it is no word.
    ///
    /// Empty for a pipeline without shapes. Training replaces some words by their shapes.
    public func shapes(of vocabulary: Vocabulary) -> [Int32] {
        guard spec.steps.contains(.shapes) else { return [] }
        return (0..<Int32(vocabulary.count)).map { id in
            let token = Array(vocabulary.token(id).utf8)
            let isWord = token.allSatisfy { $0 >= 0x80 || ASCII.isLetterOrDigit($0) }
            return isWord ? vocabulary.id(WordShape(of: token[...]).token) ?? 0 : 0
        }
    }

    private func cut<Element>(_ ids: [Element]) -> [Element] {
        guard ids.count > spec.tokenHead + spec.tokenTail else { return ids }
        return Array(ids.prefix(spec.tokenHead)) + Array(ids.suffix(spec.tokenTail))
    }
}
