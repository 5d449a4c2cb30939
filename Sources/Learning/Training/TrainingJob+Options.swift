import TextCNN
import TextFeatures

extension TrainingJob {
    /// The options of a run; together with the data they determine the weights, bit for bit.
    public struct Options: Codable, Sendable {
        /// The kind of labels.
        public var labelling = Labelling.spam
        /// The text pipeline.
        public var profile = TextPipelineSpec.Profile.default
        /// The largest number of words in the vocabulary; the pipeline's markers are added.
        public var vocabulary = 22_000
        /// Training messages that a word must occur in to be in the vocabulary.
        public var minimumFrequency = 2
        /// Numbers of a token's embedding.
        public var embedding = 64
        /// Window widths in tokens.
        public var widths = [2, 3, 4, 5]
        /// Filters of each width.
        public var filters = 256
        /// Units of the hidden layer; 0 for a linear head.
        public var hidden = 64
        /// Networks that are trained from different random starts and averaged into one.
        public var members = 1
        /// Tokens read from the front of a longer message; nil for the profile's default.
        public var firstTokens: Int?
        /// Tokens read from the end of a longer message; nil for the profile's default.
        public var lastTokens: Int?
        /// The exponent of a message's weight, the base being the messages of its data set and
        /// label.
        public var sourceWeight = -0.5
        /// Whether messages are changed in each epoch; see ``Augmentation``.
        public var augments = true
        /// The linear term of a spam filter.
        public var linear = LinearTrainer.Options()
        /// The options of the network's training.
        public var training = TrainingOptions()

        /// The defaults for a kind of labels; see "Training" in `docs/model.md`.
        public init(_ labelling: Labelling = .spam) {
            self.labelling = labelling
            training.head = labelling.head
            guard labelling != .spam else { return }
            // Topic labels are not adversarial, so no pasting or excerpts, and all sources weigh
            // the same.
            hidden = 0
            linear.share = 0
            sourceWeight = 0
            training.featureDropout = 0.5
            training.pasteIntoSpam = 0
            training.pasteIntoHam = 0
            training.excerpts = 0
        }
    }
}
