import Foundation
import Testing
import TextCNN

@Suite struct LinearTermTests {
    private func term(seed: UInt64 = 1, bits: Int = 10) -> LinearTerm {
        var random = RandomSource(seed: seed)
        return LinearTerm(
            weights: (0..<1 << bits).map { _ in random.nextNormal() },
            rarity: (0..<1 << bits).map { _ in 1 + random.nextUniform() }, bias: 0.25)
    }

    /// The bucket of a word or pair, as docs of the type say it.
    private func bucket(_ ids: ArraySlice<Int32>, bits: Int) -> Int {
        let words = ids.map { UInt64($0) + 1 }
        let hash = words.count == 1 ? words[0] : words[0] &* 1_099_511_628_211 ^ (words[1] + 7_919)
        return Int((hash &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
    }

    @Test(
        "The logit is the mean of the distinct words' and pairs' weights, by their rarity",
        arguments: [[], [5], [5, 5, 5], [1, 2, 3, 2, 3, 9, 1, 2]] as [[Int32]])
    func formula(_ ids: [Int32]) {
        let term = term()
        var buckets = Set(ids.indices.map { bucket(ids[$0...$0], bits: 10) })
        for place in ids.indices.dropLast() {
            buckets.insert(bucket(ids[place...(place + 1)], bits: 10))
        }
        let length = buckets.reduce(0.0) { $0 + pow(Double(term.rarity[$1]), 2) }.squareRoot()
        let sum = buckets.reduce(0.0) {
            $0 + Double(term.weights[$1]) * Double(term.rarity[$1])
        }
        let expected = 0.25 + (buckets.isEmpty ? 0 : sum / length)
        #expect(abs(Double(term.logit(ids)) - expected) < 1e-5)
    }

    @Test("A word written a thousand times says no more than two of it")
    func repetition() {
        let term = term()
        let many = [Int32](repeating: 7, count: 1_000)
        #expect(term.logit(many) == term.logit([7, 7]))
    }

    /// Messages whose label hangs on a word, on a pair, or on chance.
    private func examples(count: Int) -> [TrainingExample] {
        var random = RandomSource(seed: 4)
        return (0..<count).map { number in
            let isSpam = number % 2 == 0
            var ids = (0..<30).map { _ in Int32(20 + random.nextIndex(below: 200)) }
            let place = random.nextIndex(below: 28)
            if number % 3 == 0 {
                ids[place] = isSpam ? 3 : 4
            } else {
                // Both words are in every message; only their order tells.
                ids.replaceSubrange(place...(place + 1), with: isSpam ? [7, 8] : [8, 7])
            }
            return TrainingExample(
                ids: ids, targets: [isSpam ? 1 : 0], weight: number % 5 == 0 ? 2 : 0.75)
        }
    }

    @Test("Training reaches the least penalised loss, where its gradient is zero")
    func optimum() {
        var options = LinearTrainer.Options()
        options.bits = 12
        options.cost = 5
        options.rounds = 300
        let examples = examples(count: 200)
        let term = LinearTrainer.train(examples, options: options, seed: 1)
        // Of ½‖w‖² + Σ cost · log(1 + exp(-y · logit)) in the direction of each weight.
        var gradient = term.weights.map(Double.init)
        var biasGradient = Double(term.bias)
        for example in examples {
            let sign = example.targets[0] > 0.5 ? 1.0 : -1.0
            var buckets = Set(example.ids.indices.map { bucket(example.ids[$0...$0], bits: 12) })
            for place in example.ids.indices.dropLast() {
                buckets.insert(bucket(example.ids[place...(place + 1)], bits: 12))
            }
            let length = buckets.reduce(0.0) { $0 + pow(Double(term.rarity[$1]), 2) }.squareRoot()
            let logit = Double(term.logit(example.ids))
            let slope = -sign * 5 * Double(example.weight) / (1 + exp(sign * logit))
            for bucket in buckets {
                gradient[bucket] += slope * Double(term.rarity[bucket]) / length
            }
            biasGradient += slope
        }
        #expect(gradient.map(abs).max() ?? 1 < 0.02)
        // It ends when no message moves by a thousandth of its cost; all of them pull at the bias.
        #expect(abs(biasGradient) < 1)
    }

    @Test("Order tells as well as words do, and the same seed gives the same bits")
    func learns() {
        var options = LinearTrainer.Options()
        options.bits = 14
        let examples = examples(count: 600)
        let term = LinearTrainer.train(Array(examples[..<400]), options: options, seed: 1)
        let right = examples[400...].count { (term.logit($0.ids) > 0) == ($0.targets[0] > 0.5) }
        // Words alone would tell a third of them and guess at the rest.
        #expect(right >= 180)
        #expect(LinearTrainer.train(Array(examples[..<400]), options: options, seed: 1) == term)
    }

    @Test("With a linear term the shares still add up to the logit", arguments: [0, 5])
    func shares(hidden: Int) {
        var random = RandomSource(seed: 3)
        let shape = NetworkShape(
            vocabulary: 50, embedding: 6, widths: [1, 3], filters: 8, hidden: hidden)
        let network = Network(Parameters(random: shape, using: &random), linear: term())
        let alone = ServingNetwork(Network(network.parameters), precision: .int16)
        let serving = ServingNetwork(network, precision: .int16)
        for ids in [[], [4], [4, 9, 4, 9, 30, 2], (1..<40).map { Int32($0) }] as [[Int32]] {
            let logit = serving.logits(ids)[0]
            #expect(abs(serving.shares(ids).logit - Double(logit)) < 1e-4)
            #expect(abs(alone.logits(ids)[0] + term().logit(ids) - logit) < 1e-5)
            #expect(abs(serving.logits(ids) { _ in true }[0] - logit) < 1e-4)
            let none = serving.logits(ids) { _ in false }[0]
            #expect(abs(none - serving.logits([])[0]) < 1e-4)
        }
    }
}
