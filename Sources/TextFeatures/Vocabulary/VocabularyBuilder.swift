/// Counts in how many messages each token occurs, and makes the vocabulary of a training run.
public struct VocabularyBuilder {
    private var frequencies: [[UInt8]: Int] = [:]
    private var documents = 0

    public init() {}

    /// Counts the tokens of one message, each once.
    public mutating func add(_ stream: TokenStream) {
        documents += 1
        var seen: Set<ArraySlice<UInt8>> = []
        stream.forEachCountable { seen.insert($0) }
        for token in seen { frequencies[Array(token), default: 0] += 1 }
    }

    /// The `size` most frequent tokens, behind the pipeline's own markers.
    ///
    /// - Parameters:
    ///   - size: words and facts at most; reserved tokens come on top.
    ///   - minimumFrequency: messages a token must occur in.
    public func vocabulary(
        for spec: TextPipelineSpec, size: Int, minimumFrequency: Int
    ) -> Vocabulary {
        let reserved = [Vocabulary.padding, Vocabulary.unknown] + TextPipeline.markers(of: spec)
        let reservedBytes = Set(reserved.map { Array($0.utf8) })
        let kept = frequencies.filter {
            $0.value >= minimumFrequency && !reservedBytes.contains($0.key)
                && !$0.key.contains(where: { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") })
        }
        // Equal frequencies in byte order, so that a run can be repeated.
        let ordered = kept.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
        }
        let tokens =
            reserved.map { (Array($0.utf8), frequencies[Array($0.utf8)] ?? 0) }
            + ordered.prefix(size).map { ($0.key, $0.value) }
        return Vocabulary(
            tokens: tokens.map { (token: $0.0, documentFrequency: $0.1) }, documents: documents)
    }
}
