/// Counts in how many messages each token occurs, for the vocabulary of a training run.
public struct VocabularyBuilder {
    /// Where a token occurs.
    private struct Occurrence {
        var messages = 0
        /// The messages with the token, by data set; those at the end may be missing.
        var sources: [Int32] = []

        mutating func add(_ source: Int) {
            messages += 1
            while sources.count <= source { sources.append(0) }
            sources[source] += 1
        }
    }

    private var occurrences: [[UInt8]: Occurrence] = [:]
    private var documents = 0

    /// A builder that has seen no message.
    public init() {}

    /// Counts the tokens of one message, each once.
    ///
    /// - Parameters:
    ///   - stream: the tokens.
    ///   - source: the number of the data set that the message is from.
    public mutating func add(_ stream: TokenStream, source: Int = 0) {
        documents += 1
        var seen: Set<ArraySlice<UInt8>> = []
        stream.forEachCountable { seen.insert($0) }
        for token in seen {
            occurrences[Array(token), default: Occurrence()].add(source)
        }
    }

    /// The vocabulary of the messages so far: reserved tokens, then the most frequent others.
    ///
    /// - Parameters:
    ///   - spec: the pipeline, whose markers are reserved.
    ///   - size: tokens beside the reserved ones, at most.
    ///   - minimumFrequency: messages that a token must occur in.
    ///   - isWanted: false for a token that is left out because of where it occurs: the number of
    ///     messages with it, by data set; those at the end may be missing. Nil if all are wanted.
    /// - Returns: the same vocabulary for the same messages, in whatever order.
    public func vocabulary(
        for spec: TextPipelineSpec, size: Int, minimumFrequency: Int,
        where isWanted: ((_ messages: [Int32]) -> Bool)? = nil
    ) -> Vocabulary {
        let reserved = [Vocabulary.padding, Vocabulary.unknown] + TextPipeline.markers(of: spec)
        let reservedBytes = Set(reserved.map { Array($0.utf8) })
        let candidates = occurrences.filter {
            $0.value.messages >= minimumFrequency && isWanted?($0.value.sources) != false
                && !reservedBytes.contains($0.key)
                && !$0.key.contains(where: { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") })
        }
        // Equal frequencies in byte order, so that a run can be reproduced.
        let ordered = candidates.sorted {
            $0.value.messages != $1.value.messages
                ? $0.value.messages > $1.value.messages
                : $0.key.lexicographicallyPrecedes($1.key)
        }
        let tokens =
            reserved.map { (Array($0.utf8), occurrences[Array($0.utf8)]?.messages ?? 0) }
            + ordered.prefix(size).map { ($0.key, $0.value.messages) }
        return Vocabulary(
            tokens: tokens.map { (token: $0.0, documentFrequency: $0.1) }, documents: documents)
    }
}
