import Foundation
import Testing

@testable import TextCNN

@Suite struct LinearTrainerTests {
    /// Messages whose label depends on a word, on a pair, or on chance.
    private func examples(count: Int) -> [TrainingExample] {
        var random = RandomSource(seed: 4)
        return (0..<count).map { number in
            let isSpam = number % 2 == 0
            var ids = (0..<30).map { _ in Int32(20 + random.nextIndex(below: 200)) }
            let index = random.nextIndex(below: 28)
            if number % 3 == 0 {
                ids[index] = isSpam ? 3 : 4
            } else {
                // Both words are in every message; only their order tells.
                ids.replaceSubrange(index...(index + 1), with: isSpam ? [7, 8] : [8, 7])
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
            let buckets = LinearTermTests.buckets(example.ids, bits: 12)
            let length = buckets.reduce(0.0) { $0 + pow(Double(term.rarity[$1]), 2) }.squareRoot()
            let logit = Double(term.logit(example.ids))
            let slope = -sign * 5 * Double(example.weight) / (1 + exp(sign * logit))
            for bucket in buckets {
                gradient[bucket] += slope * Double(term.rarity[bucket]) / length
            }
            biasGradient += slope
        }
        #expect(gradient.map(abs).max() ?? 1 < 0.02)
        // Training ends when no dual variable moves by a thousandth of its cost; the bias sums up
        // what all of them are off.
        #expect(abs(biasGradient) < 1)
    }

    @Test("Buckets that are not wanted count for nothing")
    func sources() {
        // Word 3 is spam's in the first set alone, word 4 in both.
        let examples = (0..<40).map { number in
            let isSpam: Float = number % 2 == 0 ? 1 : 0
            let source = Int32(number / 20)
            let word: Int32 = isSpam == 0 ? 5 : number % 4 == 0 && source == 0 ? 3 : 4
            return TrainingExample(ids: [word], targets: [isSpam], source: source)
        }
        var options = LinearTrainer.Options()
        options.bits = 12
        func logit(_ word: Int32, _ sets: Int) -> Float {
            LinearTrainer.train(examples, options: options, seed: 1) {
                $0.count { $0 > 0 } >= sets
            }.logit([word])
        }
        #expect(logit(3, 1) > 1 && logit(4, 1) > 1)
        #expect(logit(3, 2) == logit(9, 2) && logit(4, 2) > 1)
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

    @Test("Rarity falls with the number of messages that hold a word")
    func rarity() {
        let messages = [[3, 4], [3], [3, 5]] as [[Int32]]
        let examples = messages.map { TrainingExample(ids: $0, targets: [1]) }
        var options = LinearTrainer.Options()
        options.bits = 16
        let term = LinearTrainer.train(examples, options: options, seed: 1)
        func rarity(of id: Int32) -> Float { term.rarity[LinearTermTests.bucket([id], bits: 16)] }
        #expect(rarity(of: 3) == 1)
        #expect(abs(rarity(of: 4) - (1 + log(4 / 2))) < 1e-6 && rarity(of: 4) == rarity(of: 5))
        #expect(abs(rarity(of: 9) - (1 + log(4))) < 1e-6)
    }

    @Test("A message of no weight, and messages without words, teach the bias at most")
    func weightless() {
        var options = LinearTrainer.Options()
        options.bits = 8
        let weightless = TrainingExample(ids: [3], targets: [1], weight: 0)
        #expect(
            LinearTrainer.train([weightless], options: options, seed: 1).weights
                .allSatisfy { $0 == 0 })
        let empty = LinearTrainer.train(
            [TrainingExample(ids: [], targets: [1])], options: options, seed: 1)
        #expect(empty.bias > 0 && empty.weights.allSatisfy { $0 == 0 })
        #expect(LinearTrainer.train([], options: options, seed: 1).logit([1, 2]) == 0)
    }

    @Test("A higher cost fits the messages more closely")
    func cost() {
        let examples = examples(count: 60)
        let losses = ([0.1, 1, 30] as [Float]).map { cost -> Double in
            var options = LinearTrainer.Options()
            options.bits = 12
            options.cost = cost
            let term = LinearTrainer.train(examples, options: options, seed: 1)
            return examples.reduce(0) {
                $0 + Head.sigmoid.loss([term.logit($1.ids)], targets: $1.targets).loss
            }
        }
        #expect(losses[0] > losses[1] && losses[1] > losses[2])
    }
}
