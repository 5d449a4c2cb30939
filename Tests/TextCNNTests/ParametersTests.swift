import Testing

@testable import TextCNN

@Suite struct ParametersTests {
    private static let shape = NetworkShape(
        vocabulary: 2_000, embedding: 16, widths: [2, 4], filters: 20, hidden: 12, outputs: 3)

    private func random(seed: UInt64 = 1) -> Parameters {
        var random = RandomSource(seed: seed)
        return Parameters(random: ParametersTests.shape, using: &random)
    }

    private func deviation(_ values: some Collection<Float>) -> Float {
        (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
    }

    @Test("The random start has the documented deviations, zero biases and a zero row of padding")
    func start() {
        let parameters = random()
        #expect(abs(deviation(parameters.embedding[16...]) - 0.1) < 0.003)
        let narrow = parameters.kernels[..<(2 * 20 * 16)]
        let wide = parameters.kernels[(2 * 20 * 16)...]
        #expect(abs(deviation(narrow) - 1 / Float(2 * 16).squareRoot()) < 0.02)
        #expect(abs(deviation(wide) - 1 / Float(4 * 16).squareRoot()) < 0.02)
        #expect(abs(deviation(parameters.hidden) - (2 / Float(40)).squareRoot()) < 0.03)
        #expect(parameters.embedding[..<16].allSatisfy { $0 == 0 })
        for bias in [parameters.kernelBias, parameters.hiddenBias, parameters.outputBias] {
            #expect(bias.allSatisfy { $0 == 0 })
        }
        #expect(random(seed: 2) != parameters && random() == parameters)
    }

    @Test("Named tensors have as many numbers as their dimensions say, and read back")
    func named() throws {
        let parameters = random()
        let tensors = parameters.named
        #expect(tensors.map(\.name) == Parameters.tensors.map(\.name))
        for tensor in tensors {
            #expect(tensor.values.count == tensor.dimensions.reduce(1, *), "\(tensor.name)")
        }
        let read = Parameters(shape: parameters.shape) { name, dimensions in
            tensors.first { $0.name == name && $0.dimensions == dimensions }?.values ?? []
        }
        #expect(read == parameters)
    }

    @Test("A missing tensor is the reader's error")
    func missing() {
        struct Missing: Error {}
        #expect(throws: Missing.self) {
            try Parameters(shape: ParametersTests.shape) { _, _ in throw Missing() }
        }
    }

    @Test("A scaled output scales the logits")
    func scaled() {
        let parameters = random()
        let ids: [Int32] = [5, 9, 1_999, 3, 3]
        let logits = Network(parameters).logits(ids)
        for (half, whole) in zip(Network(parameters.scaledOutput(by: 0.5)).logits(ids), logits) {
            #expect(abs(half - whole / 2) < 1e-6)
        }
    }

    @Test("Members side by side give the mean of their logits", arguments: [0, 8], [1, 3])
    func averaging(hidden: Int, count: Int) {
        let members = (0..<count).map {
            Fixture.network(hidden: hidden, seed: UInt64(70 + $0)).parameters
        }
        let whole = Network(Parameters(averaging: members))
        #expect(whole.parameters.shape.filters == 16 * count)
        #expect(whole.parameters.shape.defect == nil)
        for ids in Fixture.messages.prefix(7) {
            let mean =
                members.map { Network($0).logits(ids)[0] }.reduce(0, +) / Float(count)
            #expect(abs(whole.logits(ids)[0] - mean) < 1e-4)
        }
    }

    @Test("Members share no weights: one that is zero leaves the other's logit, halved")
    func separate() {
        let member = Fixture.network().parameters
        let whole = Network(
            Parameters(averaging: [member, Parameters(zeros: member.shape)]))
        let tables = ServingNetwork(whole, precision: .int16)
        for ids in Fixture.messages {
            let expected = Network(member).logits(ids)[0] / 2
            #expect(abs(whole.logits(ids)[0] - expected) < 1e-5)
            #expect(abs(tables.logits(ids)[0] - expected) < 0.002)
        }
    }
}
