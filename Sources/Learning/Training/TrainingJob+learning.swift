import Corpora
import Models
import TextCNN
import TextFeatures

extension TrainingJob {
    /// A network and what it reads.
    struct Learnt {
        var network: Network
        var pipeline: TextPipeline
        var vocabulary: Vocabulary
        /// Words that began with a vector.
        var knownWords: Int
    }

    /// Trains a network on the train part, with a vocabulary of its own.
    func learn(
        _ data: DataSet, members: Int, _ steps: inout TrainingSteps, _ progress: (Event) -> Void
    ) throws -> (learnt: Learnt, encoded: EncodedData, epochs: [EpochReport]) {
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
        let segmentation = options.segmentation(vocabulary)
        let areFactsWeighed =
            segmentation != nil && (author != nil || !options.factGroups.isEmpty)
        let encoded = EncodedData(
            data, pipeline, vocabulary, labels: options.labelling.labels(of: train),
            unread: areFactsWeighed ? vocabulary.factsBesideNetwork : [], options)
        progress(
            .encoded(
                train: train.count, dev: encoded.dev.count, test: encoded.test.count,
                vocabulary: vocabulary.count))
        let augmentation = options.augments ? self.augmentation(pipeline, vocabulary) : nil
        let known = try vectors.map {
            KnownRows(try $0.rows(of: vocabulary), rate: options.vectorRate)
        }
        let (parameters, epochs) = try self.train(
            encoded, members, known, augmentation, segmentation, &steps, progress)
        let network = addLinearTerm(to: parameters, encoded.train, augmentation, segmentation)
        let learnt = Learnt(
            network: network, pipeline: pipeline, vocabulary: vocabulary,
            knownWords: known?.rows.count ?? 0)
        return (learnt, encoded, epochs)
    }

    /// Trains the members one after the other and averages them.
    private func train(
        _ data: EncodedData, _ count: Int, _ known: KnownRows?, _ augmentation: Augmentation?,
        _ segmentation: Segmentation?, _ steps: inout TrainingSteps, _ progress: (Event) -> Void
    ) throws(TrainingError) -> (parameters: Parameters, epochs: [EpochReport]) {
        let shape = try shape(data)
        var members: [Parameters] = []
        var epochs: [EpochReport] = []
        for member in 0..<count {
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
                    shape, from: parameters, on: data.train, dev: data.readDev, clock: steps.clock,
                    progress: {
                        let part = phase.start + $0 * phase.share
                        let fraction = steps.fraction(part)
                        progress(.training(fraction: fraction, epoch: $1, loss: $2))
                    },
                    finishedEpoch: { progress(.epoch($0)) })
                parameters = trained
                epochs += reports
            }
            steps.done += 1
            if let parameters { members.append(parameters) }
        }
        try checkLosses(epochs)
        return (Parameters(averaging: members), epochs)
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
}
