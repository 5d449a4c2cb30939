import Corpora
import Foundation
import Models
import Scoring
import TextCNN
import TextFeatures

/// One training run, from data sets to a model bundle.
public struct TrainingJob: Sendable {
    /// All choices; together with the data they determine the weights, bit for bit.
    public struct Options: Codable, Sendable {
        public var labelling = Labelling.spam
        public var profile = TextPipelineSpec.Profile.default
        public var vocabulary = 22_000
        /// Messages a token must occur in.
        public var minimumFrequency = 2
        public var embedding = 64
        public var widths = [2, 3, 4, 5]
        public var filters = 256
        public var hidden = 64
        /// Networks trained from different random starts and averaged into one.
        public var members = 1
        /// Ids read from the front and from the end of a longer message; nil takes the profile's.
        public var firstTokens: Int?
        public var lastTokens: Int?
        /// Messages of a data set and label count by their number to this power.
        public var sourceWeight = -0.5
        public var augments = true
        /// The linear term, of the spam head alone.
        public var linear = LinearTrainer.Options()
        public var training = TrainingOptions()

        /// What suits a kind of labels (model-recipe.md sections 4 to 6 and 8).
        public init(_ labelling: Labelling = .spam) {
            self.labelling = labelling
            training.head = labelling.head
            guard labelling != .spam else { return }
            // Sorting texts is no fight: nothing is pasted or hidden, and no source outweighs others.
            hidden = 0
            linear.share = 0
            sourceWeight = 0
            training.featureDropout = 0.5
            training.pasteIntoSpam = 0
            training.pasteIntoHam = 0
            training.excerpts = 0
        }
    }

    /// What the run tells while it goes on.
    public enum Event: Sendable {
        case reading(messages: Int)
        case encoded(train: Int, dev: Int, test: Int, vocabulary: Int)
        case training(fraction: Double, epoch: Int, loss: Double)
        case epoch(EpochReport)
    }

    public let options: Options
    private let version: String

    /// - Parameter version: of the tool, for the report.
    public init(_ options: Options, version: String) {
        self.options = options
        self.version = version
    }

    /// Trains, chooses thresholds on dev, measures dev and test, and gives the bundle.
    ///
    /// - Parameter date: what the bundle says of when it was made.
    /// - Returns: the bundle, and the measures of its test part as a table, if there is one.
    /// - Throws: ``CorpusError`` when the data are not enough.
    public func run(
        _ corpora: [Corpus], splits: SplitFile, date: Date, tell: (Event) -> Void
    ) throws -> (bundle: ModelBundle, test: String?) {
        let trial = try run(on: read(corpora, splits: splits, tell: tell), date: date, tell: tell)
        return (trial.bundle, trial.test)
    }

    /// Reads and tokenises the data.
    ///
    /// - Throws: ``CorpusError``.
    public func read(
        _ corpora: [Corpus], splits: SplitFile, tell: (Event) -> Void
    ) throws -> DataSet {
        try DataSet(
            corpora, splits: splits, labelling: options.labelling,
            pipeline: TextPipeline(TextPipelineSpec.named(options.profile))
        ) { tell(.reading(messages: $0)) }
    }

    /// The run on data that were read for the same labelling and profile.
    public func run(
        on data: DataSet, date: Date, tell: (Event) -> Void
    ) throws -> RandomSearch.Trial {
        let start = Date()
        let clock = { Date().timeIntervalSince(start) }
        var spec = TextPipelineSpec.named(options.profile)
        spec.tokenHead = options.firstTokens ?? spec.tokenHead
        spec.tokenTail = options.lastTokens ?? spec.tokenTail
        let pipeline = try TextPipeline(spec)
        let train = data.part(.train)
        try check(train, "train")
        try check(data.part(.dev), "dev")
        var builder = VocabularyBuilder()
        for item in train { builder.add(item.tokens) }
        let vocabulary = builder.vocabulary(
            for: spec, size: options.vocabulary, minimumFrequency: options.minimumFrequency)
        let encoded = EncodedData(
            data, pipeline, vocabulary, labels: options.labelling.labels(of: train), options)
        tell(
            .encoded(
                train: train.count, dev: encoded.dev.count, test: encoded.test.count,
                vocabulary: vocabulary.count))
        let augmentation = options.augments ? self.augmentation(pipeline, vocabulary) : nil
        let (parameters, epochs) = try self.train(encoded, augmentation, clock, tell)
        let network = joined(parameters, encoded.train, augmentation)
        let candidate = Candidate(network, encoded, options.labelling)
        var bundle = self.bundle(candidate, pipeline, vocabulary, date)
        let devMeasures = candidate.measure(encoded.dev, .dev, bundle.configuration)
        let report = TrainingReport(
            version: version, options: options, sources: data.sources,
            counts: data.counts(options.labelling), epochs: epochs, seconds: clock(),
            tables: candidate.tables,
            dev: devMeasures,
            test: candidate.measure(encoded.test, .test, bundle.configuration))
        bundle.report = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder().encode(report))
        bundle.card = ModelCard(bundle.configuration, report).text
        return RandomSearch.Trial(
            options: options, score: devMeasures?.score ?? 0, bundle: bundle,
            test: report.test?.table, seconds: clock())
    }

    /// Trains the members one after the other and averages them.
    private func train(
        _ data: EncodedData, _ augmentation: Augmentation?, _ clock: () -> Double,
        _ tell: (Event) -> Void
    ) throws -> (parameters: Parameters, epochs: [EpochReport]) {
        let shape = NetworkShape(
            vocabulary: data.vocabularyCount, embedding: options.embedding,
            widths: options.widths, filters: options.filters, hidden: options.hidden,
            outputs: data.labels.count)
        var whole = shape
        whole.embedding *= options.members
        whole.filters *= options.members
        whole.hidden *= options.members
        if let defect = whole.defect {
            throw CorpusError(
                path: "the training run", reason: "asks for a network whose \(defect)")
        }
        var members: [Parameters] = []
        var epochs: [EpochReport] = []
        for member in 0..<options.members {
            var training = options.training
            training.seed &+= UInt64(member)
            let done = Double(member)
            let (parameters, reports) = Trainer(options: training, augmentation: augmentation)
                .train(
                    shape, on: data.train, dev: data.dev.map(\.example), clock: clock,
                    progress: {
                        let fraction = (done + $0) / Double(options.members)
                        tell(.training(fraction: fraction, epoch: $1, loss: $2))
                    },
                    finishedEpoch: { tell(.epoch($0)) })
            members.append(parameters)
            epochs += reports
        }
        guard epochs.allSatisfy({ $0.devLoss.isFinite && $0.trainLoss.isFinite }) else {
            throw CorpusError(
                path: "the training run",
                reason: "diverged (the loss is not a number); try a lower learning rate")
        }
        return (Parameters(averaging: members), epochs)
    }

    /// The network with its linear term beside it, each with its share of the logit.
    private func joined(
        _ parameters: Parameters, _ train: [TrainingExample], _ augmentation: Augmentation?
    ) -> Network {
        let share = options.linear.share
        guard share > 0, parameters.shape.outputs == 1 else { return Network(parameters) }
        let trainer = Trainer(options: options.training, augmentation: augmentation)
        let term = LinearTrainer.train(
            trainer.augmented(train), options: options.linear, seed: options.training.seed)
        return Network(parameters.scaledOutput(by: 1 - share), linear: term.scaled(by: share))
    }

    private func check(_ items: [DataSet.Item], _ part: String) throws {
        guard options.labelling == .spam else {
            guard Set(items.map(\.label)).count > 1 else {
                throw CorpusError(
                    path: "the \(part) part", reason: "has fewer than two different labels")
            }
            return
        }
        for label in Label.allCases where !items.contains(where: { $0.label == label.rawValue }) {
            throw CorpusError(
                path: "the \(part) part",
                reason: "holds no \(label.rawValue): a filter needs both, and some of each in dev")
        }
    }

    private func augmentation(_ pipeline: TextPipeline, _ vocabulary: Vocabulary) -> Augmentation {
        let spec = pipeline.spec
        return Augmentation(
            options: options.training,
            bodyMark: spec.profile == .default ? vocabulary.id(ModelToken.body.rawValue) : nil,
            shapes: pipeline.shapes(of: vocabulary), head: spec.tokenHead, tail: spec.tokenTail)
    }

    private func bundle(
        _ candidate: Candidate, _ pipeline: TextPipeline, _ vocabulary: Vocabulary, _ date: Date
    ) -> ModelBundle {
        let day = date.formatted(.iso8601.year().month().day())
        let weights = candidate.network.digest
        var configuration = ModelConfiguration(
            id: "\(day)-\(weights.prefix(6))", trained: date.formatted(.iso8601),
            labels: candidate.labels, architecture: candidate.network.parameters.shape,
            calibration: candidate.calibration, thresholds: candidate.thresholds,
            tables: candidate.tables.chosen, textPipeline: pipeline.spec)
        configuration.head = options.labelling.head
        configuration.labelThreshold = candidate.labelThreshold
        return ModelBundle(
            configuration: configuration, pipeline: pipeline, vocabulary: vocabulary,
            network: candidate.network, report: .null, card: "")
    }
}

/// What `report.json` holds.
struct TrainingReport: Codable, Sendable {
    var version: String
    var options: TrainingJob.Options
    var sources: [DataSet.Source]
    /// Messages by data set, part and label.
    var counts: [String: [String: Int]]
    var epochs: [EpochReport]
    var seconds: Double
    var tables: TableChoice
    var dev: PartMeasures?
    var test: PartMeasures?
}
