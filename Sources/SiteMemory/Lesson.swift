import Feedback
import FilterPolicy

/// The answer to somebody who taught the filter something.
public struct Lesson: Codable, Sendable, Equatable {
    /// What the filter thinks of a message.
    public struct Opinion: Codable, Sendable, Equatable {
        /// As in the log.
        public var verdict: String
        /// Of spam, 0 to 1.
        public var probability: Double

        /// An opinion.
        public init(verdict: String, probability: Double) {
            self.verdict = verdict
            self.probability = probability
        }
    }

    /// Whether the store holds the label.
    public var stored: Bool
    /// Whether the label counts now.
    public var active: Bool
    /// What became of the label, as one word.
    public var outcome: String
    /// The same in words.
    public var why: String
    /// The message's digest in hexadecimal digits.
    public var digest: String
    /// The label that this one replaced; nil when there was none.
    public var replaced: String?
    /// Before the label; nil when the message could not be judged.
    public var before: Opinion?
    /// After it.
    public var after: Opinion?
    /// Active labels since the last retraining.
    public var newLabels: Int
    /// How many more it takes until the model is retrained; nil when it never is.
    public var labelsUntilRetraining: Int?
    /// What the last retraining did; nil when there was none.
    public var lastRetraining: String?

    enum CodingKeys: String, CodingKey {
        case stored, active, outcome, why, digest, replaced, before, after
        case newLabels = "new_labels"
        case labelsUntilRetraining = "labels_until_retraining"
        case lastRetraining = "last_retraining"
    }
}
