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
    private let vectors: WordVectors?

    /// A run with these options.
    ///
    /// - Parameters:
    ///   - options: together with the data they determine the weights.
    ///   - version: of siftd, for the report.
    ///   - leftOut: what was measured on sources left out, for the report.
    ///   - vectors: what training begins with for the words that they have; nil for random numbers.
    public init(
        _ options: Options, version: String, leftOut: [LeftOutMeasures] = [],
        vectors: WordVectors? = nil
    ) {
        self.options = options
        self.version = version
        self.leftOut = leftOut
        self.vectors = vectors
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
        var spec = TextPipelineSpec.named(options.profile)
        spec.tokenHead = options.firstTokens ?? spec.tokenHead
        spec.tokenTail = options.lastTokens ?? spec.tokenTail
        let pipeline = try TextPipeline(spec)
        try vectors?.check(dimensions: options.embedding)
        let train = data.part(.train)
        try checkLabels(of: train, part: .train)
        try checkLabels(of: data.part(.dev), part: .dev)
        var builder = VocabularyBuilder()
        let numbers = DataSet.numbers(of: train)
        try checkSpread(sets: numbers.count)
        let sources = train.map { numbers[$0.set] ?? 0 }
        for (item, source) in zip(train, sources) { builder.add(item.tokens, source: Int(source)) }
        let vocabulary = builder.vocabulary(
            for: spec, size: options.vocabulary, minimumFrequency: options.minimumFrequency,
            where: spreads(of: sources))
        let encoded = EncodedData(
            data, pipeline, vocabulary, labels: options.labelling.labels(of: train), options)
        progress(
            .encoded(
                train: train.count, dev: encoded.dev.count, test: encoded.test.count,
                vocabulary: vocabulary.count))
        let augmentation = options.augments ? self.augmentation(pipeline, vocabulary) : nil
        let segmentation = options.segmentation(vocabulary)
        let known = try vectors.map {
            KnownRows(try $0.rows(of: vocabulary), rate: options.vectorRate)
        }
        let (parameters, epochs) = try self.train(
            encoded, known, augmentation, segmentation, clock, progress)
        let network = addLinearTerm(to: parameters, encoded.train, augmentation, segmentation)
        return try trial(
            network, encoded, data, pipeline, vocabulary, epochs, date, clock,
            vectors: vectors?.source(words: known?.rows.count ?? 0))
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
            vectors: vectors, dev: devMeasures,
            test: candidate.measure(encoded.test, .test, bundle.configuration),
            leftOut: leftOut.isEmpty ? nil : leftOut)
        bundle.report = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder.siftd(pretty: false).encode(report))
        bundle.card = ModelCard(bundle.configuration, report).text
        return RandomSearch.Trial(
            options: options, score: devMeasures?.score ?? 0, bundle: bundle,
            test: report.test?.table, seconds: clock())
    }

    /// Trains the members one after the other and averages them.
    private func train(
        _ data: EncodedData, _ known: KnownRows?, _ augmentation: Augmentation?,
        _ segmentation: Segmentation?, _ clock: () -> Double, _ progress: (Event) -> Void
    ) throws(TrainingError) -> (parameters: Parameters, epochs: [EpochReport]) {
        let shape = try shape(data)
        var members: [Parameters] = []
        var epochs: [EpochReport] = []
        for member in 0..<options.members {
            var training = options.training
            training.seed = options.training.seed &+ UInt64(member)
            var parameters: Parameters?
            // Segments after whole messages: what a network knows of whole ones it can refine, but
            // from a random start it learns less of them.
            for phase in options.phases(training, segmentation) {
                let trainer = Trainer(
                    options: phase.options, augmentation: augmentation,
                    segmentation: phase.segmentation, known: known)
                let (trained, reports) = trainer.train(
                    shape, from: parameters, on: data.train, dev: data.dev.map(\.example),
                    clock: clock,
                    progress: {
                        let part = phase.start + $0 * phase.share
                        let fraction = (Double(member) + part) / Double(options.members)
                        progress(.training(fraction: fraction, epoch: $1, loss: $2))
                    },
                    finishedEpoch: { progress(.epoch($0)) })
                parameters = trained
                epochs += reports
            }
            if let parameters { members.append(parameters) }
        }
        try checkLosses(epochs)
        return (Parameters(averaging: members), epochs)
    }

    func checkLosses(_ epochs: [EpochReport]) throws(TrainingError) {
        guard epochs.allSatisfy({ $0.devLoss.isFinite && $0.trainLoss.isFinite }) else {
            throw TrainingError(
                .diverged, "the training run",
                reason: "diverged (the loss is not a number); try a lower learning rate")
        }
    }

    /// The shape of each member; all members together must be within bounds.
    private func shape(_ data: EncodedData) throws(TrainingError) -> NetworkShape {
        let shape = NetworkShape(
            vocabulary: data.vocabularyCount, embedding: options.embedding,
            widths: options.widths, filters: options.filters, hidden: options.hidden,
            outputs: data.labels.count)
        var whole = shape
        whole.embedding *= options.members
        whole.filters *= options.members
        whole.hidden *= options.members
        if let defect = whole.defect {
            throw TrainingError(
                .absurdNetwork, "the training run", reason: "asks for a network whose \(defect)")
        }
        return shape
    }

    /// The network with its linear term, each scaled to its share of the logit.
    private func addLinearTerm(
        to parameters: Parameters, _ train: [TrainingExample], _ augmentation: Augmentation?,
        _ segmentation: Segmentation?
    ) -> Network {
        let share = options.linear.share
        guard share > 0, parameters.shape.outputs == 1 else {
            return Network(parameters, segmentation: segmentation)
        }
        let trainer = Trainer(
            options: options.training, augmentation: augmentation, segmentation: segmentation)
        let rows = trainer.linearRows(train)
        let term = LinearTrainer.train(
            rows, options: options.linear, seed: options.training.seed,
            where: spreads(of: rows.map(\.source)))
        return Network(
            parameters.scaledOutput(by: 1 - share), linear: term.scaled(by: share),
            segmentation: segmentation)
    }

    /// Whether what occurs in these numbers of messages of each data set is spread over enough of
    /// them; nil when no spread is asked for.
    private func spreads(of sources: [Int32]) -> ((_ messages: [Int32]) -> Bool)? {
        guard options.minimumSpread > 1 else { return nil }
        let spread = SourceSpread(sources)
        return { spread.spread(of: $0) >= options.minimumSpread }
    }

    /// Without enough data sets no word at all would be learnt.
    private func checkSpread(sets: Int) throws(TrainingError) {
        guard options.minimumSpread <= Double(max(sets, 1)) else {
            throw TrainingError(
                .tooFewSets, "the train part",
                reason: "is of fewer data sets (\(sets)) than --minimum-spread asks for "
                    + "(\(options.minimumSpread)); give more sets, or leave the option out")
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
