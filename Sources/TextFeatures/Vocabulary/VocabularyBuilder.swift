/// Counts in how many messages each token occurs, for the vocabulary of a training run.
public struct VocabularyBuilder {
    /// The number of messages with each token.
    private var frequencies: [[UInt8]: Int] = [:]
    private var documents = 0

    /// A builder that has seen no message.
    public init() {}

    /// Counts the tokens of one message, each once.
    public mutating func add(_ stream: TokenStream) {
        documents += 1
        var seen: Set<ArraySlice<UInt8>> = []
        stream.forEachCountable { seen.insert($0) }
        for token in seen { frequencies[Array(token), default: 0] += 1 }
    }

    /// The vocabulary of the messages so far: reserved tokens, then the most frequent others.
    ///
    /// - Parameters:
    ///   - spec: the pipeline, whose markers are reserved.
    ///   - size: tokens beside the reserved ones, at most.
    ///   - minimumFrequency: messages that a token must occur in.
    /// - Returns: the same vocabulary for the same messages, in whatever order.
    public func vocabulary(
        for spec: TextPipelineSpec, size: Int, minimumFrequency: Int
    ) -> Vocabulary {
        let reserved = [Vocabulary.padding, Vocabulary.unknown] + TextPipeline.markers(of: spec)
        let reservedBytes = Set(reserved.map { Array($0.utf8) })
        let candidates = frequencies.filter {
            $0.value >= minimumFrequency && !reservedBytes.contains($0.key)
                && !$0.key.contains(where: { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") })
        }
        // Equal frequencies in byte order, so that a run can be reproduced.
        let ordered = candidates.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
        }
        let tokens =
            reserved.map { (Array($0.utf8), frequencies[Array($0.utf8)] ?? 0) }
            + ordered.prefix(size).map { ($0.key, $0.value) }
        return Vocabulary(
            tokens: tokens.map { (token: $0.0, documentFrequency: $0.1) }, documents: documents)
    }
}
