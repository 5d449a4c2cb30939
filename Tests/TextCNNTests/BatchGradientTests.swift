import Foundation
import Testing

@testable import TextCNN

@Suite struct BatchGradientTests {
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
        for example in BatchGradientTests.examples {
            for (logit, target) in zip(Network(parameters).logits(example.ids), example.targets) {
                let probability = Double(Network.sigmoid(logit))
                let likelihood = target > 0.5 ? probability : 1 - probability
                sum -= Double(example.weight) * log(likelihood)
            }
        }
        return sum / Double(BatchGradientTests.examples.count * 2)
    }

    @Test("The gradient is the slope of the loss", arguments: [0, 5])
    func numeric(hidden: Int) {
        let parameters = parameters(hidden: hidden)
        let gradient = BatchGradient(parameters.shape)
        let sum = gradient.compute(BatchGradientTests.examples, masks: [], parameters: parameters)
        #expect(abs(sum / 8 - loss(parameters)) < 1e-5)
        var embedding = [Float](repeating: 0, count: parameters.embedding.count)
        for (index, word) in gradient.words.enumerated() {
            for column in 0..<4 {
                embedding[Int(word) * 4 + column] = gradient.rows[index * 4 + column]
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

    @Test("Dropped features have no gradient")
    func dropout() {
        let parameters = parameters(hidden: 0)
        let gradient = BatchGradient(parameters.shape)
        let mask = [Float](repeating: 0, count: parameters.shape.features)
        _ = gradient.compute(
            BatchGradientTests.examples, masks: Array(repeating: mask, count: 4),
            parameters: parameters)
        #expect(gradient.dense.kernels.allSatisfy { $0 == 0 })
        #expect(gradient.dense.outputBias.contains { $0 != 0 })
    }

    @Test("The training pass sees the same logits as the plain network")
    func forward() {
        let network = Fixture.network()
        let gradient = BatchGradient(network.parameters.shape)
        for ids in Fixture.messages {
            let example = TrainingExample(ids: ids, targets: [1])
            let loss = gradient.compute([example], masks: [], parameters: network.parameters)
            let probability = Network.sigmoid(network.logits(ids)[0])
            #expect(abs(loss - -log(Double(probability))) < 1e-4)
        }
    }

    @Test("By segments, the one named or else the strongest is learnt from", arguments: 1...6)
    func segments(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let parameters = Parameters(
            random: NetworkShape(
                vocabulary: 30, embedding: 8, widths: [1, 2, 3], filters: 6, hidden: 5),
            using: &random)
        var segmentation = Segmentation(subject: 2, body: 3)
        segmentation.block = 16
        segmentation.penalty = 0
        segmentation.strongest = 1
        segmentation.factBound = 1_000
        let words = (0..<100).map { _ in Int32(4 + random.nextIndex(below: 26)) }
        let ids: [Int32] = [9, 2, 7, 3] + words
        func loss(_ segment: Int?) -> Double {
            var example = TrainingExample(ids: ids, targets: [0])
            example.segment = segment
            return BatchGradient(parameters.shape, .sigmoid, segmentation)
                .compute([example], masks: [], parameters: parameters)
        }
        let all = (0..<segmentation.parts(of: ids).segmentCount).map { loss($0) }
        // Of ham the strongest segment is the one with the largest loss.
        #expect(loss(nil) == all.max())
        #expect(Set(all).count > 1)
        let logit = Network(parameters, segmentation: segmentation).logits(ids)[0]
        #expect(abs(loss(nil) - log(1 + exp(Double(logit)))) < 1e-4)
    }

    @Test("A batch's gradient is the mean of its messages', whatever was computed before")
    func batches() {
        let parameters = parameters(hidden: 5)
        let shared = BatchGradient(parameters.shape)
        var sum = Parameters(zeros: parameters.shape)
        for example in BatchGradientTests.examples {
            _ = shared.compute([example], masks: [], parameters: parameters)
            for index in sum.kernels.indices { sum.kernels[index] += shared.dense.kernels[index] }
        }
        _ = shared.compute(BatchGradientTests.examples, masks: [], parameters: parameters)
        for (whole, part) in zip(shared.dense.kernels, sum.kernels) {
            #expect(abs(whole - part / 4) < 1e-5)
        }
        let fresh = BatchGradient(parameters.shape)
        _ = fresh.compute(BatchGradientTests.examples, masks: [], parameters: parameters)
        #expect(fresh.dense == shared.dense && fresh.rows == shared.rows)
        #expect(fresh.words == shared.words)
    }

    @Test("Only the words of the batch have rows, each once, in the order of reading")
    func words() {
        let parameters = parameters(hidden: 0)
        let gradient = BatchGradient(parameters.shape)
        _ = gradient.compute(
            [
                TrainingExample(ids: [3, 1, 3], targets: [1, 0]),
                TrainingExample(ids: [1, 7], targets: [0, 0]),
            ], masks: [], parameters: parameters)
        #expect(gradient.words == [3, 1, 7] && gradient.rows.count == 3 * 4)
        _ = gradient.compute(
            [TrainingExample(ids: [], targets: [1, 0])], masks: [], parameters: parameters)
        #expect(gradient.words.isEmpty && gradient.rows.isEmpty)
    }
}
