import Foundation
import Scoring
import TextCNN
import TextFeatures

/// One training run, from data sets to a model bundle.
public struct TrainingJob: Sendable {
    /// All choices; together with the data they determine the weights, bit for bit.
    public struct Options: Codable, Sendable {
        public var profile = TextPipelineSpec.Profile.default
        public var vocabulary = 30_000
        /// Messages a token must occur in.
        public var minimumFrequency = 2
        public var embedding = 64
        public var widths = [2, 3, 4, 5]
        public var filters = 128
        public var hidden = 64
        /// Networks trained from different random starts and averaged into one.
        public var members = 1
        /// Ids read from the front and from the end of a longer message; nil takes the profile's.
        public var firstTokens: Int?
        public var lastTokens: Int?
        /// Messages of a data set and label count by their number to this power.
        public var sourceWeight = -0.5
        public var augments = true
        public var training = TrainingOptions()
        public init() {}
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
    /// - Throws: ``CorpusError`` when the data are not enough.
    public func run(
        _ corpora: [Corpus], splits: SplitFile, date: Date, tell: (Event) -> Void
    ) throws -> (bundle: ModelBundle, test: Evaluation?) {
        let start = Date()
        var spec = TextPipelineSpec.named(options.profile)
        spec.tokenHead = options.firstTokens ?? spec.tokenHead
        spec.tokenTail = options.lastTokens ?? spec.tokenTail
        let pipeline = try TextPipeline(spec)
        let data = try DataSet(corpora, splits: splits, pipeline: pipeline) {
            tell(.reading(messages: $0))
        }
        let train = data.part(.train)
        let dev = data.part(.dev)
        let test = data.part(.test)
        try check(train, "train")
        try check(dev, "dev")
        var builder = VocabularyBuilder()
        for item in train { builder.add(item.tokens) }
        let vocabulary = builder.vocabulary(
            for: spec, size: options.vocabulary, minimumFrequency: options.minimumFrequency)
        tell(
            .encoded(
                train: train.count, dev: dev.count, test: test.count, vocabulary: vocabulary.count))
        let shape = NetworkShape(
            vocabulary: vocabulary.count, embedding: options.embedding, widths: options.widths,
            filters: options.filters, hidden: options.hidden)
        let clock = { Date().timeIntervalSince(start) }
        let (parameters, epochs) = trainMembers(
            shape, on: examples(train, pipeline, vocabulary),
            dev: examples(dev, pipeline, vocabulary),
            options.augments ? augmentation(pipeline, vocabulary) : nil, clock, tell)
        guard epochs.allSatisfy({ $0.devLoss.isFinite && $0.trainLoss.isFinite }) else {
            throw CorpusError(
                path: "the training run",
                reason: "lost itself: the loss is no number any more; try a lower learning rate")
        }
        let network = Network(parameters)
        let (tables, devLogits) = TableChoice.measure(
            network,
            on: dev.map { (pipeline.ids(of: $0.tokens, in: vocabulary), $0.label == .spam) })
        let serving = ServingNetwork(network, entry: tables.chosen)
        var bundle = try self.bundle(
            parameters, spec, vocabulary, tables: tables.chosen,
            dev: zip(devLogits, dev).map { ($0, $1.label == .spam) }, date)
        let tag = bundle.configuration.thresholds["tag"]?.probability
        func evaluation(_ items: [DataSet.Item], _ part: Part) -> Evaluation? {
            guard !items.isEmpty else { return nil }
            let calibration = bundle.configuration.calibration
            let outcomes = Parallel.map(items) { item in
                let logit = serving.logits(pipeline.ids(of: item.tokens, in: vocabulary))[0]
                return Outcome(
                    item, calibration.probability(logit))
            }
            return Evaluation(
                outcomes, model: bundle.configuration.id, part: part, tag: tag, seconds: nil)
        }
        let devMeasures = evaluation(dev, .dev)
        let testMeasures = evaluation(test, .test)
        let report = TrainingReport(
            version: version, options: options, sources: data.sources, counts: count(data),
            epochs: epochs, seconds: clock(), tables: tables, dev: devMeasures,
            test: testMeasures)
        bundle.report = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder().encode(report))
        bundle.card = ModelCard(bundle.configuration, report).text
        return (bundle, testMeasures)
    }

    /// Trains the members one after the other and averages them.
    private func trainMembers(
        _ shape: NetworkShape, on train: [TrainingExample], dev: [TrainingExample],
        _ augmentation: Augmentation?, _ clock: () -> Double, _ tell: (Event) -> Void
    ) -> (parameters: Parameters, epochs: [EpochReport]) {
        var members: [Parameters] = []
        var epochs: [EpochReport] = []
        for member in 0..<options.members {
            var training = options.training
            training.seed &+= UInt64(member)
            let done = Double(member)
            let (parameters, reports) = Trainer(options: training, augmentation: augmentation)
                .train(
                    shape, on: train, dev: dev, clock: clock,
                    progress: {
                        let fraction = (done + $0) / Double(options.members)
                        tell(.training(fraction: fraction, epoch: $1, loss: $2))
                    },
                    finishedEpoch: { tell(.epoch($0)) })
            members.append(parameters)
            epochs += reports
        }
        return (Parameters(averaging: members), epochs)
    }

    private func check(_ items: [DataSet.Item], _ part: String) throws {
        for label in Label.allCases where !items.contains(where: { $0.label == label }) {
            throw CorpusError(
                path: "the \(part) part",
                reason: "holds no \(label.rawValue): a filter needs both, and some of each in dev")
        }
    }

    // MARK: Examples

    private func examples(
        _ items: [DataSet.Item], _ pipeline: TextPipeline, _ vocabulary: Vocabulary
    ) -> [TrainingExample] {
        func group(_ item: DataSet.Item) -> String { "\(item.set)\t\(item.label.rawValue)" }
        let counts = Dictionary(grouping: items, by: group).mapValues(\.count)
        let weights = items.map { pow(Double(counts[group($0)] ?? 1), options.sourceWeight) }
        let mean = weights.reduce(0, +) / Double(max(weights.count, 1))
        let ids = Parallel.map(items) { pipeline.ids(of: $0.tokens, in: vocabulary) }
        return items.indices.map { index in
            TrainingExample(
                ids: ids[index], targets: [items[index].label == .spam ? 1 : 0],
                weight: Float(weights[index] / mean))
        }
    }

    private func augmentation(_ pipeline: TextPipeline, _ vocabulary: Vocabulary) -> Augmentation {
        let spec = pipeline.spec
        return Augmentation(
            options: options.training,
            bodyMark: spec.profile == .default ? vocabulary.id("<body>") : nil,
            shapes: pipeline.shapes(of: vocabulary), head: spec.tokenHead, tail: spec.tokenTail)
    }

    // MARK: Bundle

    private func bundle(
        _ parameters: Parameters, _ spec: TextPipelineSpec, _ vocabulary: Vocabulary,
        tables: OffsetTables.Entry, dev: [(logit: Float, isSpam: Bool)], _ date: Date
    ) throws -> ModelBundle {
        let calibration = Calibration(fitting: dev)
        let scored = dev.map { (calibration.probability($0.logit), $0.isSpam) }
        let day = date.formatted(.iso8601.year().month().day())
        let weights = Digest.sha256(parameters.embedding.withUnsafeBytes { Array($0) })
        let specValue = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(spec))
        let configuration = ModelBundle.Configuration(
            id: "\(day)-\(weights.prefix(6))", trained: date.formatted(.iso8601),
            labels: [Label.spam.rawValue], architecture: parameters.shape,
            calibration: calibration,
            thresholds: [
                "tag": Threshold(falsePositiveRate: 0.005, minimum: 0.9, scored: scored),
                "reject": Threshold(falsePositiveRate: 0.001, minimum: 0.99, scored: scored),
            ], tables: tables, textPipeline: specValue)
        return ModelBundle(
            configuration: configuration, vocabulary: vocabulary.fileText, parameters: parameters,
            report: .null, card: "")
    }

    private func count(_ data: DataSet) -> [String: [String: Int]] {
        Dictionary(grouping: data.items, by: \.set).mapValues { items in
            Dictionary(grouping: items) { "\($0.part.rawValue)_\($0.label.rawValue)" }
                .mapValues(\.count)
        }
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
    var dev: Evaluation?
    var test: Evaluation?
}
