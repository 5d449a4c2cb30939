import Corpora
import Foundation
import Models
import TextCNN
import TextFeatures

/// One training run, from data sets to a model bundle.
public struct TrainingJob: Sendable {
    /// The progress of a run.
    public enum Event: Sendable {
        /// So many messages have been read.
        case reading(messages: Int)
        /// All messages are encoded: their numbers, and the tokens of the vocabulary.
        case encoded(train: Int, dev: Int, test: Int, vocabulary: Int)
        /// An update: the share of the run that is done, the current epoch, and its loss so far.
        case training(fraction: Double, epoch: Int, loss: Double)
        /// The end of an epoch.
        case epoch(EpochReport)
    }

    /// The options of the run.
    public let options: Options
    private let version: String
    private let leftOut: [LeftOutMeasures]
    let vectors: WordVectors?
    let author: AuthorWeights?

    /// A run with these options.
    ///
    /// - Parameters:
    ///   - options: together with the data they determine the weights.
    ///   - version: of siftd, for the report.
    ///   - leftOut: what was measured on sources left out, for the report.
    ///   - vectors: what training begins with for the words that they have; nil for random numbers.
    ///   - author: what facts about the author weigh; nil to learn it from the groups of the
    ///     options, if there are any.
    public init(
        _ options: Options, version: String, leftOut: [LeftOutMeasures] = [],
        vectors: WordVectors? = nil, author: AuthorWeights? = nil
    ) {
        self.options = options
        self.version = version
        self.leftOut = leftOut
        self.vectors = vectors
        self.author = author
    }

    /// Trains, chooses thresholds on dev, measures dev and test, and returns the bundle.
    ///
    /// - Parameters:
    ///   - mail: the data sets.
    ///   - splits: empty, or the only messages to use, with their parts.
    ///   - date: the end of training, for the bundle.
    ///   - progress: called on this thread.
    /// - Returns: the bundle, and the measures of its test part as a table, if there is one.
    /// - Throws: ``TrainingError``, or `CorpusError` when the data can't be read.
    public func run(
        _ mail: [any LabelledMail], splits: SplitFile, date: Date, progress: (Event) -> Void
    ) throws -> (bundle: ModelBundle, test: String?) {
        let data = try read(mail, splits: splits, progress: progress)
        let trial = try run(on: data, date: date, progress: progress)
        return (trial.bundle, trial.test)
    }

    /// Reads and tokenises the data.
    ///
    /// - Parameters:
    ///   - mail: the data sets.
    ///   - splits: empty, or the only messages to use, with their parts.
    ///   - unreadable: what becomes of files that are no mail.
    ///   - progress: called on this thread.
    /// - Returns: the data, for ``run(on:date:progress:)``.
    /// - Throws: `CorpusError`, and ``TrainingError`` of the kind `noData` or `tooFewReadable`.
    public func read(
        _ mail: [any LabelledMail], splits: SplitFile,
        unreadable: UnreadableFiles = UnreadableFiles(), progress: (Event) -> Void
    ) throws -> DataSet {
        let reader = DataSetReader(
            splits: splits, labelling: options.labelling,
            pipeline: try TextPipeline(TextPipelineSpec.named(options.profile)),
            unreadable: unreadable)
        return try reader.read(mail) { progress(.reading(messages: $0)) }
    }

    /// Trains on data that were read for the same labelling and profile.
    ///
    /// - Parameters:
    ///   - data: with messages of all labels in train and dev.
    ///   - date: the end of training, for the bundle.
    ///   - progress: called on this thread.
    /// - Returns: the model and its score on dev.
    /// - Throws: ``TrainingError``.
    public func run(
        on data: DataSet, date: Date, progress: (Event) -> Void
    ) throws -> RandomSearch.Trial {
        let start = Date()
        let clock = { Date().timeIntervalSince(start) }
        let data = data.leavingOutOfTraining(Set(options.doubtful))
        try checkFactGroups(data)
        var steps = TrainingSteps(
            clock: clock, networks: options.members + options.factGroups.count)
        var (learnt, encoded, epochs) = try learn(
            data, members: options.members, &steps, progress)
        if learnt.network.segmentation != nil {
            if let author {
                learnt.network = learnt.network.with(author.term(for: learnt.vocabulary))
            } else if !options.factGroups.isEmpty {
                let term = try authorTerm(learnt, data, &steps, progress)
                learnt.network = learnt.network.with(term)
            }
        }
        return try trial(
            learnt.network, encoded, data, learnt.pipeline, learnt.vocabulary, epochs, date, clock,
            vectors: vectors?.source(words: learnt.knownWords))
    }

    /// Chooses on dev what is chosen there, measures, and packs the bundle.
    func trial(
        _ network: Network, _ encoded: EncodedData, _ data: DataSet, _ pipeline: TextPipeline,
        _ vocabulary: Vocabulary, _ epochs: [EpochReport], _ date: Date, _ clock: () -> Double,
        vectors: WordVectors.Source? = nil
    ) throws -> RandomSearch.Trial {
        let candidate = Candidate.fit(
            network, encoded, options.labelling, doubtful: Set(options.doubtful),
            leastTag: options.leastTag)
        var bundle = self.bundle(candidate, pipeline, vocabulary, date)
        if options.labelling == .spam {
            bundle.configuration.languages = data.languages
        }
        let devMeasures = candidate.measure(encoded.dev, .dev, bundle.configuration)
        let report = TrainingReport(
            version: version, options: options, sources: data.sources,
            counts: data.counts(options.labelling), epochs: epochs, seconds: clock(),
            tables: candidate.tables,
            unknownWords: TextEvidence.unknownShare(
                of: encoded.train.lazy.map(\.ids), in: vocabulary),
            vectors: vectors, author: AuthorWeights(of: network, vocabulary), dev: devMeasures,
            test: candidate.measure(encoded.test, .test, bundle.configuration),
            leftOut: leftOut.isEmpty ? nil : leftOut)
        bundle.report = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder.siftd(pretty: false).encode(report))
        bundle.card = ModelCard(bundle.configuration, report).text
        return RandomSearch.Trial(
            options: options, score: devMeasures?.score ?? 0, bundle: bundle,
            test: report.test?.table, seconds: clock())
    }

    func checkLosses(_ epochs: [EpochReport]) throws(TrainingError) {
        guard epochs.allSatisfy({ $0.devLoss.isFinite && $0.trainLoss.isFinite }) else {
            throw TrainingError(
                .diverged, "the training run",
                reason: "diverged (the loss is not a number); try a lower learning rate")
        }
    }

    func checkLabels(
        of items: [DataSet.Item], part: DataSplit
    ) throws(TrainingError) {
        let subject = "the \(part.rawValue) part"
        guard options.labelling == .spam else {
            guard Set(items.map(\.label)).count > 1 else {
                throw TrainingError(
                    .tooFewLabels, subject, reason: "has fewer than two different labels")
            }
            return
        }
        for label in Label.allCases where !items.contains(where: { $0.label == label.rawValue }) {
            throw TrainingError(
                .tooFewLabels, subject,
                reason: "holds no \(label.rawValue): a filter needs both, and some of each in dev")
        }
    }

    func augmentation(_ pipeline: TextPipeline, _ vocabulary: Vocabulary) -> Augmentation {
        var tokens = Augmentation.Tokens()
        tokens.shapes = pipeline.shapes(of: vocabulary)
        if pipeline.spec.profile == .default {
            tokens.body = vocabulary.id(ModelToken.body.rawValue)
            tokens.isFact = (0..<Int32(vocabulary.count)).map {
                ModelToken(vocabulary.token($0))?.isFact == true
            }
            tokens.isMarkup = (0..<Int32(vocabulary.count)).map {
                ModelToken.isMarkup(vocabulary.token($0))
            }
            tokens.plainFact = vocabulary.id(ModelToken.Header.noName.token)
        }
        return Augmentation(options: options.training, tokens: tokens)
    }

    /// The bundle, still without report and card.
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
