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
        /// Data sets over which a word must be spread to be in the vocabulary, and a word or a pair
        /// to count in the linear term.
        ///
        /// See ``SourceSpread``; 1 takes all.
        public var minimumSpread = 1.0
        /// Numbers of a token's embedding.
        public var embedding = 64
        /// The factor of the learning rate of words that began with a vector of ``WordVectors``.
        public var vectorRate: Float = 0.3
        /// Window widths in tokens.
        public var widths = [2, 3, 4, 5]
        /// Filters of each width.
        public var filters = 64
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
        /// Factors of the weights of data sets, by name.
        public var setWeights: [String: Double] = [:]
        /// Paths of messages whose label is doubtful: nothing is learnt from them, and thresholds
        /// are chosen without them.
        public var doubtful: [String] = []
        /// The least probability of a spam filter's tag threshold.
        public var leastTag = Threshold.leastTagProbability
        /// Whether a spam filter scores messages by segments; see `Segmentation`.
        public var segments = true
        /// Passes in which the network learns from segments, after those over whole messages.
        public var segmentEpochs = 3
        /// The peak of the learning rate in these passes.
        public var segmentRate: Float = 7e-4
        /// Tokens of a block, of which a segment has two.
        public var segmentBlock = 32
        /// How far facts may lower the logit of a segment.
        public var factBound: Float = 2.5
        /// How far facts about the layout may lower it; nil for no bound of their own.
        public var layoutBound: Float? = 0.3
        /// Names of data sets, in groups that have nothing in common: a network that has not seen
        /// a group judges its messages, which tells what facts about the author weigh; empty for a
        /// network that reads these facts itself.
        public var factGroups: [[String]] = []
        /// How far facts about the author may lower the logit of a message.
        public var authorBound: Float = 2
        /// How many of the strongest segments decide.
        public var segmentStrongest = 3
        /// What the logit loses for each unit of the logarithm of the number of segments.
        public var segmentPenalty: Float = 0
        /// Whether messages are changed in each epoch; see ``Augmentation``.
        public var augments = true
        /// The linear term of a spam filter.
        public var linear = LinearTrainer.Options()
        /// The options of the network's training.
        public var training = TrainingOptions()

        /// Options of a report; those that it lacks have the values of the versions before them.
        ///
        /// - Throws: `DecodingError`.
        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func value<Value: Decodable>(_ key: CodingKeys, _ before: Value) throws -> Value {
                try values.decodeIfPresent(Value.self, forKey: key) ?? before
            }
            labelling = try value(.labelling, labelling)
            profile = try value(.profile, profile)
            vocabulary = try value(.vocabulary, vocabulary)
            minimumFrequency = try value(.minimumFrequency, minimumFrequency)
            minimumSpread = try value(.minimumSpread, minimumSpread)
            embedding = try value(.embedding, embedding)
            vectorRate = try value(.vectorRate, vectorRate)
            widths = try value(.widths, widths)
            filters = try value(.filters, filters)
            hidden = try value(.hidden, hidden)
            members = try value(.members, members)
            firstTokens = try values.decodeIfPresent(Int.self, forKey: .firstTokens)
            lastTokens = try values.decodeIfPresent(Int.self, forKey: .lastTokens)
            sourceWeight = try value(.sourceWeight, sourceWeight)
            setWeights = try value(.setWeights, setWeights)
            doubtful = try value(.doubtful, doubtful)
            leastTag = try value(.leastTag, leastTag)
            segments = try value(.segments, false)
            segmentEpochs = try value(.segmentEpochs, segmentEpochs)
            segmentRate = try value(.segmentRate, segmentRate)
            segmentBlock = try value(.segmentBlock, 64)
            factBound = try value(.factBound, 2)
            layoutBound = try values.decodeIfPresent(Float.self, forKey: .layoutBound)
            factGroups = try value(.factGroups, [])
            authorBound = try value(.authorBound, authorBound)
            segmentStrongest = try value(.segmentStrongest, 1)
            segmentPenalty = try value(.segmentPenalty, 0.2)
            augments = try value(.augments, augments)
            linear = try value(.linear, linear)
            training = try value(.training, training)
        }

        /// One stage of a network's training.
        struct Phase {
            var options: TrainingOptions
            /// Nil to learn from whole messages.
            var segmentation: Segmentation?
            /// The share of all passes that are over before it, and its own.
            var start: Double
            var share: Double
        }

        /// The stages of a network's training.
        func phases(_ training: TrainingOptions, _ segmentation: Segmentation?) -> [Phase] {
            guard let segmentation, segmentEpochs > 0 else {
                return [
                    Phase(options: training, segmentation: segmentation, start: 0, share: 1)
                ]
            }
            var segments = training
            segments.epochs = segmentEpochs
            segments.learningRate = segmentRate
            let share = Double(training.epochs) / Double(training.epochs + segmentEpochs)
            return [
                Phase(options: training, segmentation: nil, start: 0, share: share),
                Phase(
                    options: segments, segmentation: segmentation, start: share, share: 1 - share),
            ]
        }

        /// How messages are cut; nil for models that read them as a whole, and for a vocabulary
        /// without the tokens that begin subject and body.
        func segmentation(_ vocabulary: Vocabulary) -> Segmentation? {
            guard segments, labelling == .spam, profile == .default,
                let subject = vocabulary.id(ModelToken.subject.rawValue),
                let body = vocabulary.id(ModelToken.body.rawValue)
            else { return nil }
            var segmentation = segmentation(subject: subject, body: body)
            segmentation.layout = layoutBound.map {
                LayoutFacts(ids: vocabulary.layoutFacts, bound: $0)
            }
            return segmentation
        }

        /// How messages are cut, given the ids of the tokens that begin subject and body.
        public func segmentation(subject: Int32, body: Int32) -> Segmentation {
            var segmentation = Segmentation(subject: subject, body: body)
            segmentation.block = segmentBlock
            segmentation.factBound = factBound
            segmentation.strongest = segmentStrongest
            segmentation.penalty = segmentPenalty
            return segmentation
        }

        /// The defaults for a kind of labels; see "Training" in `docs/model.md`.
        public init(_ labelling: Labelling = .spam) {
            self.labelling = labelling
            training.head = labelling.head
            guard labelling != .spam else { return }
            // Topic labels are not adversarial, so no pasting or excerpts, and all sources weigh
            // the same.
            hidden = 0
            segments = false
            // Of a topic the first lines say most.
            firstTokens = 384
            lastTokens = 128
            linear.share = 0
            sourceWeight = 0
            training.featureDropout = 0.5
            training.pasteIntoSpam = 0
            training.pasteIntoHam = 0
            training.excerpts = 0
            training.factDropping = 0
            training.markupDropping = 0
            training.factSwapping = 0
        }
    }
}

extension Vocabulary {
    /// The ids of the facts about the layout.
    var layoutFacts: Set<Int32> {
        Set((0..<Int32(count)).filter { ModelToken(token($0))?.isLayout == true })
    }
}
