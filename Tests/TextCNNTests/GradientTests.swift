import Foundation
import Testing
import TextCNN

@Suite struct GradientTests {
    private static let examples = [
        TrainingExample(ids: [1, 2, 3, 4, 2], targets: [1, 0], weight: 1.5),
        TrainingExample(ids: [5], targets: [0, 1], weight: 0.5),
        TrainingExample(ids: [], targets: [1, 1], weight: 1),
        TrainingExample(ids: [6, 6, 7, 1, 3, 5, 2, 4], targets: [0, 0], weight: 1),
    ]

    private func parameters(hidden: Int) -> Parameters {
        var random = RandomSource(seed: 3)
        var parameters = Parameters(
            random: NetworkShape(
                vocabulary: 8, embedding: 4, widths: [1, 2, 3], filters: 3, hidden: hidden,
                outputs: 2), using: &random)
        // Larger numbers and some bias, so that rounding does not drown the differences.
        for index in parameters.embedding.indices { parameters.embedding[index] *= 8 }
        for index in parameters.kernelBias.indices {
            parameters.kernelBias[index] = 0.1 * random.nextNormal()
        }
        return parameters
    }

    private func loss(_ parameters: Parameters) -> Double {
        var sum = 0.0
        for example in GradientTests.examples {
            for (logit, target) in zip(Network(parameters).logits(example.ids), example.targets) {
                let probability = Double(Network.sigmoid(logit))
                let likelihood = target > 0.5 ? probability : 1 - probability
                sum -= Double(example.weight) * log(likelihood)
            }
        }
        return sum / Double(GradientTests.examples.count * 2)
    }

    @Test("The gradient is the slope of the loss", arguments: [0, 5])
    func numeric(hidden: Int) {
        let parameters = parameters(hidden: hidden)
        let gradient = BatchGradient(parameters.shape)
        let sum = gradient.compute(GradientTests.examples, masks: [], parameters: parameters)
        #expect(abs(sum / 8 - loss(parameters)) < 1e-5)
        var embedding = [Float](repeating: 0, count: parameters.embedding.count)
        for (place, word) in gradient.words.enumerated() {
            for column in 0..<4 {
                embedding[Int(word) * 4 + column] = gradient.rows[place * 4 + column]
            }
        }
        for tensor in Parameters.tensors {
            let exact =
                tensor.name == "embedding.weight" ? embedding : gradient.dense[keyPath: tensor.path]
            for index in exact.indices {
                let step: Float = 2e-3
                var up = parameters
                var down = parameters
                up[keyPath: tensor.path][index] += step
                down[keyPath: tensor.path][index] -= step
                let numeric = (loss(up) - loss(down)) / Double(2 * step)
                #expect(
                    abs(numeric - Double(exact[index])) < 2e-3, "\(tensor.name)[\(index)]")
            }
        }
    }

    @Test("The softmax head's gradient is the slope of its loss")
    func softmax() {
        let logits: [Float] = [0.3, -1.2, 2]
        let targets: [Float] = [0, 1, 0]
        let (loss, slopes) = Head.softmax.loss(logits, targets: targets)
        #expect(abs(Head.softmax.probabilities(logits).reduce(0, +) - 1) < 1e-12)
        #expect(abs(loss + log(Head.softmax.probabilities(logits)[1])) < 1e-9)
        for index in logits.indices {
            var up = logits
            var down = logits
            up[index] += 1e-2
            down[index] -= 1e-2
            let rise =
                Head.softmax.loss(up, targets: targets).loss
                - Head.softmax.loss(down, targets: targets).loss
            #expect(abs(rise / 2e-2 - Double(slopes[index])) < 1e-3)
        }
    }

    @Test("Dropped features have no gradient")
    func dropout() {
        let parameters = parameters(hidden: 0)
        let gradient = BatchGradient(parameters.shape)
        let mask = [Float](repeating: 0, count: parameters.shape.features)
        _ = gradient.compute(
            GradientTests.examples, masks: Array(repeating: mask, count: 4), parameters: parameters)
        #expect(gradient.dense.kernels.allSatisfy { $0 == 0 })
        #expect(gradient.dense.outputBias.contains { $0 != 0 })
    }
}
