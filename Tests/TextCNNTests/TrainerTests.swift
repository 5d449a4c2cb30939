import Testing
import TextCNN

@Suite struct TrainerTests {
    /// Spam holds the words 2 and 3 next to each other, ham holds them apart.
    private static func examples(_ count: Int, seed: UInt64) -> [TrainingExample] {
        var random = RandomSource(seed: seed)
        return (0..<count).map { number in
            var ids = (0..<12).map { _ in Int32(4 + random.nextIndex(below: 16)) }
            let isSpam = number % 2 == 0
            let place = random.nextIndex(below: 5)
            ids[place] = 2
            ids[place + (isSpam ? 1 : 5)] = 3
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

    @Test("Pasted ham keeps the label's message, the length limit and the body mark")
    func augmentation() {
        var options = TrainingOptions()
        options.pasteIntoSpam = 1
        options.shapeReplacement = 0
        options.excerpts = 0
        let augmentation = Augmentation(
            options: options, bodyMark: 1, shapes: [], head: 30, tail: 10)
        var random = RandomSource(seed: 1)
        let spam = TrainingExample(ids: [0, 1, 5, 6, 7], targets: [1])
        for _ in 0..<50 {
            let ids = augmentation.ids(
                of: spam, ham: { _ in [1] + [Int32](repeating: 9, count: 100) }, using: &random)
            #expect(ids.count <= 40 && ids.contains(9) && ids.starts(with: [0, 1]))
            #expect(ids.filter { $0 >= 5 && $0 < 9 } == [5, 6, 7])
        }
    }

    @Test("Excerpts are a few words of the text, with the facts in front or without")
    func excerpts() {
        var options = TrainingOptions()
        options.excerpts = 1
        options.shapeReplacement = 0
        let augmentation = Augmentation(
            options: options, bodyMark: 1, shapes: [], head: 300, tail: 10)
        var random = RandomSource(seed: 1)
        let ham = TrainingExample(ids: [5, 6, 1] + (10..<200), targets: [0])
        var fronts: Set<[Int32]> = []
        for _ in 0..<50 {
            let ids = augmentation.ids(of: ham, ham: { _ in [9] }, using: &random)
            let text = ids.drop { $0 < 10 }
            fronts.insert(Array(ids.prefix { $0 < 10 }))
            #expect((3...60).contains(text.count))
            #expect(zip(text, text.dropFirst()).allSatisfy { $0 + 1 == $1 })
        }
        #expect(fronts == [[1], [5, 6, 1]])
    }
}
