import Testing

@testable import TextCNN

@Suite struct AdamWTests {
    private static let shape = NetworkShape(
        vocabulary: 4, embedding: 2, widths: [1], filters: 2, hidden: 2)

    private func parameters() -> Parameters {
        var random = RandomSource(seed: 3)
        return Parameters(random: AdamWTests.shape, using: &random)
    }

    /// A gradient that is the same in each weight of the dense tensors.
    private func gradient(_ value: Float) -> Parameters {
        var gradient = Parameters(zeros: AdamWTests.shape)
        for tensor in Parameters.tensors {
            gradient[keyPath: tensor.path] = gradient[keyPath: tensor.path].map { _ in value }
        }
        return gradient
    }

    @Test(
        "The first step is the learning rate against the gradient's sign, whatever its size",
        arguments: [1e-3, 5, -2] as [Float])
    func firstStep(slope: Float) {
        var optimizer = AdamW(AdamWTests.shape, weightDecay: 0)
        let before = parameters()
        var after = before
        optimizer.apply(
            dense: gradient(slope), words: [], rows: [], to: &after, learningRate: 0.1)
        for tensor in Parameters.tensors where tensor.name != "embedding.weight" {
            for (new, old) in zip(after[keyPath: tensor.path], before[keyPath: tensor.path]) {
                #expect(abs(new - old + (slope > 0 ? 0.1 : -0.1)) < 1e-4, "\(tensor.name)")
            }
        }
        #expect(after.embedding == before.embedding)
    }

    @Test("Later steps follow the published formulas")
    func formulas() {
        var optimizer = AdamW(AdamWTests.shape, weightDecay: 0.5)
        var weights = parameters()
        var weight = weights.kernels[0]
        var bias = weights.hiddenBias[0]
        var (mean, square): (Float, Float) = (0, 0)
        for (index, slope) in ([0.5, -1, 0.25, 2] as [Float]).enumerated() {
            let update = Float(index + 1)
            optimizer.apply(
                dense: gradient(slope), words: [], rows: [], to: &weights, learningRate: 0.01)
            mean = 0.9 * mean + 0.1 * slope
            square = 0.999 * square + 0.001 * slope * slope
            func power(_ base: Float) -> Float { (0..<Int(update)).reduce(1) { p, _ in p * base } }
            let step =
                0.01 * (mean / (1 - power(0.9)))
                / ((square / (1 - power(0.999))).squareRoot() + 1e-8)
            weight = weight * (1 - 0.01 * 0.5) - step
            bias -= step
            #expect(abs(weights.kernels[0] - weight) < 1e-5)
            // Biases don't decay.
            #expect(abs(weights.hiddenBias[0] - bias) < 1e-5)
        }
    }

    @Test("Only the rows of the batch's words move, and never that of padding")
    func rows() {
        var optimizer = AdamW(AdamWTests.shape, weightDecay: 0.1)
        let before = parameters()
        var after = before
        optimizer.apply(
            dense: gradient(0), words: [3, 0, 1], rows: [1, -1, 5, 5, 0, 2], to: &after,
            learningRate: 0.1)
        #expect(after.embedding[..<2] == [0, 0])
        #expect(after.embedding[4..<6] == before.embedding[4..<6])
        let decayed = before.embedding.map { $0 * (1 - 0.1 * 0.1) }
        #expect(abs(after.embedding[6] - (decayed[6] - 0.1)) < 1e-5)
        #expect(abs(after.embedding[7] - (decayed[7] + 0.1)) < 1e-5)
        #expect(abs(after.embedding[2] - decayed[2]) < 1e-6)
        #expect(abs(after.embedding[3] - (decayed[3] - 0.1)) < 1e-5)
    }

    @Test("A row moves at its own rate, decay included")
    func rowRates() {
        var optimizer = AdamW(AdamWTests.shape, weightDecay: 0.1, rowRates: [1, 0.25, 1, 0])
        let before = parameters()
        var after = before
        optimizer.apply(
            dense: gradient(0), words: [3, 1], rows: [1, -1, 5, 5], to: &after, learningRate: 0.1)
        #expect(after.embedding[6...] == before.embedding[6...])
        for index in 2..<4 {
            let expected = before.embedding[index] * (1 - 0.25 * 0.1 * 0.1) - 0.25 * 0.1
            #expect(abs(after.embedding[index] - expected) < 1e-5)
        }
    }
}
