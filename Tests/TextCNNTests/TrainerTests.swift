import Testing

@testable import TextCNN

@Suite struct TrainerTests {
    /// Spam holds the words 2 and 3 next to each other, ham holds them apart.
    private static func examples(_ count: Int, seed: UInt64) -> [TrainingExample] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { number in
            var ids = (0..<12).map { _ in Int32(4 + random.nextIndex(below: 16)) }
            let isSpam = number % 2 == 0
            let index = random.nextIndex(below: 5)
            ids[index] = 2
            ids[index + (isSpam ? 1 : 5)] = 3
            return TrainingExample(ids: ids, targets: [isSpam ? 1 : 0])
        }
    }

    private static let shape = NetworkShape(
        vocabulary: 20, embedding: 8, widths: [2, 3], filters: 8, hidden: 8)

    private func train(seed: UInt64, epochs: Int = 20) -> (Parameters, [EpochReport]) {
        var options = TrainingOptions()
        options.seed = seed
        options.epochs = epochs
        options.batch = 16
        options.learningRate = 0.02
        options.warmUpUpdates = 10
        options.featureDropout = 0.1
        options.hiddenDropout = 0
        return Trainer(options: options, augmentation: nil).train(
            TrainerTests.shape, on: TrainerTests.examples(400, seed: 1),
            dev: TrainerTests.examples(100, seed: 2), clock: { 0 }, progress: { _, _, _ in })
    }

    @Test("A word pair is learnt")
    func learns() {
        let network = Network(train(seed: 1).0)
        let right = TrainerTests.examples(200, seed: 3).count { example in
            (network.logits(example.ids)[0] > 0) == (example.targets[0] > 0.5)
        }
        #expect(right >= 190)
    }

    @Test("The same seed gives the same weights, another seed others")
    func reproducible() {
        let first = train(seed: 5, epochs: 3).0
        #expect(first == train(seed: 5, epochs: 3).0)
        #expect(first != train(seed: 6, epochs: 3).0)
    }

    @Test("What a word is known to be like counts where training has not seen the word")
    func knownRows() {
        // Spam holds the word 2, ham the word 3; both have twins, 20 and 21, that training lacks.
        func examples(_ count: Int, seed: UInt64, words: [Int32]) -> [TrainingExample] {
            var random = RandomSource(seed: seed)
            return (0..<count).map { number in
                var ids = (0..<12).map { _ in Int32(4 + random.nextIndex(below: 16)) }
                ids[random.nextIndex(below: 12)] = words[number % 2]
                return TrainingExample(ids: ids, targets: [number % 2 == 0 ? 1 : 0])
            }
        }
        let shape = NetworkShape(
            vocabulary: 22, embedding: 8, widths: [2, 3], filters: 8, hidden: 8)
        let rows: [Int32: [Float]] = [
            2: [1, 1, 1, 1, 0, 0, 0, 0], 20: [1, 1, 1, 1, 0, 0, 0, 0],
            3: [0, 0, 0, 0, 1, -1, 1, -1], 21: [0, 0, 0, 0, 1, -1, 1, -1],
        ]
        var options = TrainingOptions()
        options.epochs = 20
        options.batch = 16
        options.learningRate = 0.02
        options.warmUpUpdates = 10
        func right(_ known: KnownRows?) -> Int {
            let network = Network(
                Trainer(options: options, augmentation: nil, known: known).train(
                    shape, on: examples(400, seed: 1, words: [2, 3]),
                    dev: examples(100, seed: 2, words: [2, 3]), clock: { 0 },
                    progress: { _, _, _ in }
                ).parameters)
            return examples(200, seed: 3, words: [20, 21]).count { example in
                (network.logits(example.ids)[0] > 0) == (example.targets[0] > 0.5)
            }
        }
        #expect(right(KnownRows(rows, rate: 0)) >= 190)
        #expect(right(nil) < 150)
    }

    @Test("The weights with the lowest dev loss are kept")
    func earlyStopping() {
        let (parameters, reports) = train(seed: 1)
        let lowest = reports.map(\.devLoss).min()
        #expect(Trainer.loss(parameters, TrainerTests.examples(100, seed: 2)) == lowest)
    }

    @Test("The padding row stays zero")
    func padding() {
        #expect(train(seed: 1, epochs: 2).0.embedding[..<8].allSatisfy { $0 == 0 })
    }

    @Test("Training stops after the epochs that patience allows, and keeps the best of them")
    func patience() {
        var options = TrainingOptions()
        options.epochs = 50
        options.batch = 16
        options.learningRate = 0
        options.warmUpUpdates = 0
        options.patience = 3
        let (parameters, reports) = Trainer(options: options, augmentation: nil).train(
            TrainerTests.shape, on: TrainerTests.examples(32, seed: 1),
            dev: TrainerTests.examples(10, seed: 2), clock: { 0 }, progress: { _, _, _ in })
        // Nothing is learnt at rate 0, so only the first epoch lowers the dev loss.
        #expect(reports.map(\.epoch) == [1, 2, 3, 4])
        var random = RandomSource(seed: options.seed)
        #expect(parameters == Parameters(random: TrainerTests.shape, using: &random))
    }

    @Test("Progress runs from the first update to the last, and epochs are reported at their end")
    func progress() {
        var options = TrainingOptions()
        options.epochs = 2
        options.batch = 16
        var fractions: [Double] = []
        var epochs: [Int] = []
        var time = 0.0
        let (_, reports) = Trainer(options: options, augmentation: nil).train(
            TrainerTests.shape, on: TrainerTests.examples(40, seed: 1), dev: [],
            clock: {
                time += 1
                return time
            }, progress: { fraction, _, _ in fractions.append(fraction) },
            finishedEpoch: { epochs.append($0.epoch) })
        #expect(fractions.count == 6 && fractions.last == 1)
        #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 < $1 })
        #expect(epochs == [1, 2] && reports.map(\.updates) == [3, 6])
        #expect(reports.allSatisfy { $0.seconds == 1 && $0.devLoss == .infinity })
    }

    @Test("Without messages the random start is returned, and no epoch")
    func empty() {
        let (_, reports) = Trainer(options: TrainingOptions(), augmentation: nil).train(
            TrainerTests.shape, on: [], dev: [], clock: { 0 }, progress: { _, _, _ in })
        #expect(reports.isEmpty)
    }

    @Test("The measured loss is the mean over messages, by their weights")
    func loss() {
        let parameters = train(seed: 1, epochs: 1).0
        let examples = TrainerTests.examples(5, seed: 3)
        let losses = examples.map { Trainer.loss(parameters, [$0]) }
        let mean = losses.reduce(0, +) / 5
        #expect(abs(Trainer.loss(parameters, examples) - mean) < 1e-6)
        var heavy = examples[0]
        heavy.weight = 3
        #expect(abs(Trainer.loss(parameters, [heavy]) - losses[0]) < 1e-6)
        #expect(
            abs(Trainer.loss(parameters, [heavy, examples[1]]) - (3 * losses[0] + losses[1]) / 4)
                < 1e-6)
    }
}
