import Dispatch

/// Trains a network: shuffled batches, AdamW, early stopping on the dev loss. The same data, options
/// and seed give the same weights.
public struct Trainer {
    /// Called often; `fraction` runs from 0 to 1 over the planned epochs.
    public typealias Progress = (_ fraction: Double, _ epoch: Int, _ trainLoss: Double) -> Void

    public let options: TrainingOptions
    public let augmentation: Augmentation?

    public init(options: TrainingOptions, augmentation: Augmentation?) {
        self.options = options
        self.augmentation = augmentation
    }

    /// - Parameters:
    ///   - clock: seconds from any fixed point; for the reports only.
    ///   - finishedEpoch: told of each epoch at its end.
    /// - Returns: the averaged parameters with the lowest dev loss, and what happened in each epoch.
    public func train(
        _ shape: NetworkShape, on train: [TrainingExample], dev: [TrainingExample],
        clock: () -> Double, progress: Progress, finishedEpoch: (EpochReport) -> Void = { _ in }
    ) -> (parameters: Parameters, epochs: [EpochReport]) {
        var random = RandomSource(seed: options.seed)
        var parameters = Parameters(random: shape, using: &random)
        var best = parameters
        var reports: [EpochReport] = []
        var bestLoss = Double.infinity
        var sinceBest = 0
        var average = WeightAverage(parameters, decay: options.averaging)
        var run = TrainingRun(options, shape, examples: train.count)
        var order = Array(train.indices)
        let ham = train.indices.filter { train[$0].targets[0] < 0.5 }
        for epoch in 1...max(options.epochs, 1) where !train.isEmpty {
            let start = clock()
            random.shuffle(&order)
            var loss = 0.0
            for first in stride(from: 0, to: order.count, by: options.batch) {
                let part = order[first..<min(first + options.batch, order.count)]
                let batch = part.map { augmented(train[$0], train, ham, &random) }
                loss += run.update(&parameters, batch, using: &random)
                average.add(parameters)
                progress(run.fraction, epoch, loss / Double(first + part.count))
            }
            let devLoss = Trainer.loss(average.parameters, dev, options.head)
            let report = EpochReport(
                epoch: epoch, updates: run.updates,
                trainLoss: loss / Double(order.count * options.head.decisions(shape.outputs)),
                devLoss: devLoss,
                seconds: clock() - start)
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

    /// Every message as one round of training might show it.
    public func augmented(_ train: [TrainingExample]) -> [TrainingExample] {
        var random = RandomSource(seed: options.seed)
        let ham = train.indices.filter { train[$0].targets[0] < 0.5 }
        return train.map { augmented($0, train, ham, &random) }
    }

    private func augmented(
        _ example: TrainingExample, _ train: [TrainingExample], _ ham: [Int],
        _ random: inout RandomSource
    ) -> TrainingExample {
        guard let augmentation else { return example }
        var result = example
        result.ids = augmentation.ids(
            of: example,
            ham: { random in
                ham.isEmpty ? nil : train[ham[random.nextIndex(below: ham.count)]].ids
            }, using: &random)
        return result
    }

    /// Mean weighted loss per message and label, without dropout.
    package static func loss(
        _ parameters: Parameters, _ examples: [TrainingExample], _ head: Head = .sigmoid
    ) -> Double {
        guard !examples.isEmpty else { return .infinity }
        let gradient = BatchGradient(parameters.shape, head)
        var sum = 0.0
        var weights = 0.0
        for first in stride(from: 0, to: examples.count, by: 256) {
            let batch = Array(examples[first..<min(first + 256, examples.count)])
            sum += gradient.compute(batch, masks: [], parameters: parameters)
            weights += batch.reduce(0) { $0 + Double($1.weight) }
        }
        return sum / max(weights, 1e-9) / Double(head.decisions(parameters.shape.outputs))
    }
}

/// The moving parts of one run.
private struct TrainingRun {
    private let options: TrainingOptions
    private let shape: NetworkShape
    private let gradient: BatchGradient
    private var optimizer: AdamW
    private let planned: Int
    private(set) var updates = 0

    init(_ options: TrainingOptions, _ shape: NetworkShape, examples: Int) {
        self.options = options
        self.shape = shape
        gradient = BatchGradient(shape, options.head)
        optimizer = AdamW(shape, weightDecay: options.weightDecay)
        let perEpoch = (examples + options.batch - 1) / max(options.batch, 1)
        planned = max(perEpoch * options.epochs, 1)
    }

    var fraction: Double { Double(updates) / Double(planned) }

    /// One step; returns the summed loss of the batch.
    mutating func update(
        _ parameters: inout Parameters, _ batch: [TrainingExample], using random: inout RandomSource
    ) -> Double {
        let masks = batch.map { _ in mask(using: &random) }
        let loss = gradient.compute(batch, masks: masks, parameters: parameters)
        updates += 1
        optimizer.apply(gradient, to: &parameters, learningRate: learningRate)
        return loss
    }

    /// Rises over the warm-up, then falls in a line to a fiftieth of the peak.
    private var learningRate: Float {
        let peak = options.learningRate
        if updates <= options.warmUpUpdates {
            return peak * Float(updates) / Float(max(options.warmUpUpdates, 1))
        }
        let rest = Float(planned - updates) / Float(max(planned - options.warmUpUpdates, 1))
        return peak * max(0.02, rest)
    }

    /// Factors that switch units off and keep the expected sum.
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
