import Dispatch

/// Trains a network: shuffled batches, AdamW, averaged weights, early stopping on the dev loss.
///
/// The same data, options and seed give the same weights, on any number of cores.
public struct Trainer {
    /// Called after each update; `fraction` runs from 0 to 1 over the planned epochs.
    public typealias Progress = (_ fraction: Double, _ epoch: Int, _ trainLoss: Double) -> Void

    /// The learning rate at the end of the schedule, as a share of its peak.
    static let lastRate: Float = 0.02
    /// Messages of a batch when the dev loss is measured.
    private static let measuredBatch = 256

    /// The options of the run.
    public let options: TrainingOptions
    /// Changes the training mail in each epoch; nil to leave it as it is.
    public let augmentation: Augmentation?
    /// How messages are cut into segments; nil to learn from whole messages.
    public let segmentation: Segmentation?
    /// What is known of the embedding before training; nil for nothing.
    public let known: KnownRows?

    /// A trainer with these options.
    public init(
        options: TrainingOptions, augmentation: Augmentation?, segmentation: Segmentation? = nil,
        known: KnownRows? = nil
    ) {
        self.options = options
        self.augmentation = augmentation
        self.segmentation = segmentation
        self.known = known
    }

    /// Trains a network, from a random start with the rows that are ``known`` unless one is given.
    ///
    /// - Parameters:
    ///   - shape: the sizes of the network.
    ///   - start: weights of this shape to begin with; nil for random ones.
    ///   - train: the messages to learn from.
    ///   - dev: the messages that decide which epoch was best; if empty, the last one counts.
    ///   - clock: seconds from any fixed point, for the reports only.
    ///   - progress: called after each update.
    ///   - finishedEpoch: called at the end of each epoch.
    /// - Returns: the averaged weights with the lowest dev loss, and a report on each epoch.
    public func train(
        _ shape: NetworkShape, from start: Parameters? = nil, on train: [TrainingExample],
        dev: [TrainingExample], clock: () -> Double, progress: Progress,
        finishedEpoch: (EpochReport) -> Void = { _ in }
    ) -> (parameters: Parameters, epochs: [EpochReport]) {
        var random = RandomSource(seed: options.seed)
        var parameters = start ?? randomStart(shape, &random)
        var best = parameters
        var reports: [EpochReport] = []
        var bestLoss = Double.infinity
        var sinceBest = 0
        var average = WeightAverage(parameters, decay: options.averaging)
        var run = TrainingRun(
            options, shape, segmentation, examples: train.count,
            rowRates: known?.rates(vocabulary: shape.vocabulary) ?? [])
        var order = Array(train.indices)
        let ham = train.indices.filter { train[$0].targets[0] < 0.5 }
        for epoch in 1...max(options.epochs, 1) where !train.isEmpty {
            let began = clock()
            random.shuffle(&order)
            var loss = 0.0
            for first in stride(from: 0, to: order.count, by: options.batch) {
                let part = order[first..<min(first + options.batch, order.count)]
                let batch = part.map { augmented(train[$0], train, ham, &random) }
                loss += run.update(&parameters, batch, using: &random)
                average.add(parameters)
                progress(run.fraction, epoch, loss / Double(first + part.count))
            }
            let devLoss = Trainer.loss(average.parameters, dev, options.head, segmentation)
            let report = EpochReport(
                epoch: epoch, updates: run.updates,
                trainLoss: loss / Double(order.count * options.head.decisions(shape.outputs)),
                devLoss: devLoss,
                seconds: clock() - began)
            reports.append(report)
            finishedEpoch(report)
            if devLoss < bestLoss {
                bestLoss = devLoss
                best = average.parameters
                sinceBest = 0
            } else {
                sinceBest += 1
                if sinceBest >= options.patience { break }
            }
        }
        return (dev.isEmpty ? average.parameters : best, reports)
    }

    private func randomStart(_ shape: NetworkShape, _ random: inout RandomSource) -> Parameters {
        var parameters = Parameters(random: shape, using: &random)
        known?.write(into: &parameters)
        return parameters
    }

    /// The messages as one epoch of training might show them.
    public func augmented(_ train: [TrainingExample]) -> [TrainingExample] {
        var random = RandomSource(seed: options.seed)
        let ham = train.indices.filter { train[$0].targets[0] < 0.5 }
        return train.map { augmented($0, train, ham, &random) }
    }

    /// What a linear term learns from: each message as one epoch might show it and, for a network
    /// that scores by segments, a stretch as long as a segment, each of half the weight.
    public func linearRows(_ train: [TrainingExample]) -> [TrainingExample] {
        guard let segmentation else { return augmented(train) }
        var random = RandomSource(seed: options.seed)
        let ham = train.indices.filter { train[$0].targets[0] < 0.5 }
        return train.flatMap { example -> [TrainingExample] in
            var whole = augmented(example, train, ham, &random)
            whole.weight /= 2
            var stretch = example
            stretch.ids = segmentation.stretch(of: example.ids, using: &random)
            stretch.weight /= 2
            return [whole, stretch]
        }
    }

    private func augmented(
        _ example: TrainingExample, _ train: [TrainingExample], _ ham: [Int],
        _ random: inout RandomSource
    ) -> TrainingExample {
        var changed = Augmentation.Changed(ids: example.ids, isOwn: [])
        if let augmentation {
            let others = Augmentation.Others(
                ham: { ham.isEmpty ? nil : train[ham[$0.nextIndex(below: ham.count)]].ids },
                any: { train[$0.nextIndex(below: train.count)].ids })
            changed = augmentation.changed(example, others, using: &random)
        }
        var result = example
        result.ids = changed.ids
        if let segmentation, example.targets[0] > 0.5, random.nextUniform() < options.anySegment {
            result.segment = Trainer.segment(of: changed, segmentation, &random)
        }
        return result
    }

    /// A random segment of which at least half is the message's own text; nil when there is none.
    private static func segment(
        of message: Augmentation.Changed, _ segmentation: Segmentation,
        _ random: inout RandomSource
    ) -> Int? {
        let parts = segmentation.parts(of: message.ids)
        let own = (0..<parts.segmentCount).filter { segment in
            let blocks = parts.blocks(ofSegment: segment)
            let count = blocks.reduce(0) { $0 + $1.count }
            let foreign = blocks.reduce(0) { sum, block in
                message.isOwn.isEmpty ? sum : sum + message.isOwn[block].count { !$0 }
            }
            return foreign * 2 <= count
        }
        return own.isEmpty ? nil : own[random.nextIndex(below: own.count)]
    }

    /// Mean weighted loss of each message and label in nats, without dropout; infinite for no
    /// messages.
    package static func loss(
        _ parameters: Parameters, _ examples: [TrainingExample], _ head: Head = .sigmoid,
        _ segmentation: Segmentation? = nil
    ) -> Double {
        guard !examples.isEmpty else { return .infinity }
        let gradient = BatchGradient(parameters.shape, head, segmentation)
        var sum = 0.0
        var weights = 0.0
        for first in stride(from: 0, to: examples.count, by: measuredBatch) {
            let batch = Array(examples[first..<min(first + measuredBatch, examples.count)])
            sum += gradient.compute(batch, masks: [], parameters: parameters)
            weights += batch.reduce(0) { $0 + Double($1.weight) }
        }
        return sum / max(weights, 1e-9) / Double(head.decisions(parameters.shape.outputs))
    }
}

/// The state of one training run: gradient, optimiser and schedule.
private struct TrainingRun {
    private let options: TrainingOptions
    private let shape: NetworkShape
    private let gradient: BatchGradient
    private var optimizer: AdamW
    private let planned: Int
    private(set) var updates = 0

    init(
        _ options: TrainingOptions, _ shape: NetworkShape, _ segmentation: Segmentation?,
        examples: Int, rowRates: [Float]
    ) {
        self.options = options
        self.shape = shape
        gradient = BatchGradient(shape, options.head, segmentation)
        optimizer = AdamW(shape, weightDecay: options.weightDecay, rowRates: rowRates)
        let perEpoch = (examples + options.batch - 1) / max(options.batch, 1)
        planned = max(perEpoch * options.epochs, 1)
    }

    var fraction: Double { Double(updates) / Double(planned) }

    /// One update; returns the summed loss of the batch.
    mutating func update(
        _ parameters: inout Parameters, _ batch: [TrainingExample], using random: inout RandomSource
    ) -> Double {
        let masks = batch.map { _ in mask(using: &random) }
        let loss = gradient.compute(batch, masks: masks, parameters: parameters)
        updates += 1
        optimizer.apply(gradient, to: &parameters, learningRate: learningRate)
        return loss
    }

    /// Rises linearly over the warm-up, then falls linearly, but not below the last rate.
    private var learningRate: Float {
        let peak = options.learningRate
        if updates <= options.warmUpUpdates {
            return peak * Float(updates) / Float(max(options.warmUpUpdates, 1))
        }
        let rest = Float(planned - updates) / Float(max(planned - options.warmUpUpdates, 1))
        return peak * max(Trainer.lastRate, rest)
    }

    /// Dropout factors, `[features + hidden]`: 0 for the units that are left out, and more than 1
    /// for the others, so that the expected sum stays the same; empty without dropout.
    private func mask(using random: inout RandomSource) -> [Float] {
        guard options.featureDropout > 0 || options.hiddenDropout > 0 else { return [] }
        var mask = [Float](repeating: 1, count: shape.features + shape.hidden)
        for index in mask.indices {
            let rate = index < shape.features ? options.featureDropout : options.hiddenDropout
            mask[index] = random.nextUniform() < rate ? 0 : 1 / (1 - rate)
        }
        return mask
    }
}
