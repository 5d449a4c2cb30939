import TextCNN

/// How a candidate and the current model do on the same messages.
public struct GuardComparison: Codable, Sendable, Equatable {
    /// A message's probabilities by both.
    struct Pair: Sendable {
        var digest: String
        var isSpam: Bool
        var current: Double
        var candidate: Double
    }

    /// By how much something got worse, and how sure that is.
    public struct Change: Codable, Sendable, Equatable {
        /// Messages that rest on it.
        public var messages: Int
        /// Verdicts that were right and are wrong.
        public var worse: Int
        /// Verdicts that were wrong and are right.
        public var better: Int
        /// The share by which it got worse; below 0 when it got better.
        public var change: Double
        /// The share by which it might have got worse, at the guard's confidence.
        public var bound: Double
        /// The probability of as many changes for the worse or more if the two were equally good
        /// (McNemar's exact test).
        public var probability: Double

        init(messages: Int, worse: Int, better: Int, confidence: Double) {
            self.messages = messages
            self.worse = worse
            self.better = better
            change = messages == 0 ? 0 : Double(worse - better) / Double(messages)
            // Each of the two bounds may err half of what both may.
            let error = (1 - confidence) / 2
            bound =
                BinomialBound.upper(worse, of: messages, error: error)
                - BinomialBound.lower(better, of: messages, error: error)
            probability = BinomialBound.pairedTest(worse: worse, better: better)
        }
    }

    /// Messages by label and verdict of the current model.
    public var current: Measures.Confusion
    /// Messages by label and verdict of the candidate.
    public var candidate: Measures.Confusion
    /// The fall of the accuracy.
    public var accuracyDrop: Change
    /// The rise of the share of ham that is called spam.
    public var falsePositiveRise: Change

    enum CodingKeys: String, CodingKey {
        case current, candidate
        case accuracyDrop = "accuracy_drop"
        case falsePositiveRise = "false_positive_rise"
    }

    /// Ham that was compared.
    public var ham: Int { current.falsePositives + current.trueNegatives }
    /// Spam that was compared.
    public var spam: Int { current.truePositives + current.falseNegatives }

    /// Compares verdicts at each model's tag threshold.
    init(_ pairs: [Pair], currentTag: Double, candidateTag: Double, confidence: Double) {
        current = Measures(pairs.map { ($0.current, $0.isSpam) }, threshold: currentTag).confusion
        candidate =
            Measures(pairs.map { ($0.candidate, $0.isSpam) }, threshold: candidateTag).confusion
        func change(_ pairs: [Pair]) -> Change {
            var (worse, better) = (0, 0)
            for pair in pairs {
                let was = (pair.current >= currentTag) == pair.isSpam
                let isRight = (pair.candidate >= candidateTag) == pair.isSpam
                if was, !isRight { worse += 1 }
                if !was, isRight { better += 1 }
            }
            return Change(
                messages: pairs.count, worse: worse, better: better, confidence: confidence)
        }
        accuracyDrop = change(pairs)
        falsePositiveRise = change(pairs.filter { !$0.isSpam })
    }
}
