import Testing

@testable import TextCNN

@Suite struct NetworkTests {
    @Test(
        "A feature is the best window's sum, which may reach past the end, and the bias at least",
        arguments: [
            // ids, start of the best window, feature: id · 1 + next id · 10 + 0.5
            ([], nil, 0.5), ([1], 0, 1.5), ([3], 0, 4.5), ([1, 2], 0, 21.5), ([2, 1], 0, 12.5),
            ([1, 3, 2, 3], 2, 42.5), ([3, 3, 3], 0, 44.5), ([0, 0], nil, 0.5),
        ] as [([Int32], Int?, Float)])
    func pooling(ids: [Int32], start: Int?, feature: Float) {
        let network = Network(Fixture.tiny)
        let pooled = network.pool(ids)
        #expect(pooled.values == [feature] && pooled.starts == [start])
        #expect(network.logits(ids) == [2 * feature - 1])
    }

    @Test("A filter that matches nothing and a negative bias give 0")
    func rectified() {
        var parameters = Fixture.tiny
        parameters.kernelBias = [-0.5]
        parameters.kernels = [-1, -10]
        let network = Network(parameters)
        #expect(network.pool([1, 2, 3]).values == [0])
        #expect(network.pool([1, 2, 3]).starts == [nil])
    }

    @Test("Text that is appended can't lower a filter whose best window is inside the message")
    func padding() {
        let network = Fixture.network()
        let shape = network.parameters.shape
        for ids in Fixture.messages {
            let alone = network.pool(ids)
            let padded = network.features(ids + [Int32](repeating: 7, count: 50))
            for (feature, start) in alone.starts.enumerated() {
                let end = (start ?? ids.count) + shape.widths[feature / shape.filters]
                if end <= ids.count { #expect(padded[feature] >= alone.values[feature] - 1e-6) }
            }
        }
    }

    @Test("The linear term's logit is added")
    func linear() {
        let parameters = Fixture.network().parameters
        let network = Network(parameters, linear: Fixture.term())
        for ids in Fixture.messages {
            let sum = Network(parameters).logits(ids)[0] + Fixture.term().logit(ids)
            #expect(abs(network.logits(ids)[0] - sum) < 1e-5)
        }
        #expect(
            network.tensors.map(\.name).suffix(3) == [
                "linear.weight", "linear.rarity", "linear.bias",
            ])
    }

    @Test(
        "A dense layer gives the same bits on every vector unit",
        arguments: OffsetTables.VectorUnit.available, [0, 1, 15, 16, 17, 64, 1_000])
    func dense(unit: OffsetTables.VectorUnit, inputs: Int) {
        var random = RandomSource(seed: 11)
        let values = (0..<(3 * inputs)).map { _ in random.nextNormal() }
        let weights = (0..<(6 * inputs)).map { _ in random.nextNormal() }
        let bias: [Float] = [1, 2, 3, 4, 5, 6]
        let got = Network.dense(values, weights, bias, rows: 3, unit: unit)
        #expect(got == Network.dense(values, weights, bias, rows: 3, unit: .baseline))
        for item in 0..<3 {
            let own = Array(values[(item * inputs)..<((item + 1) * inputs)])
            let alone = Network.dense(own, weights, bias, unit: unit)
            #expect(Array(got[(item * 6)..<(item * 6 + 6)]) == alone)
            for row in 0..<6 {
                let sum = (0..<inputs).reduce(Double(bias[row])) {
                    $0 + Double(own[$1]) * Double(weights[row * inputs + $1])
                }
                #expect(abs(Double(got[item * 6 + row]) - sum) < 1e-3)
            }
        }
    }

    @Test(
        "The logistic function",
        arguments: [(0, 0.5), (2, 0.880797), (-2, 0.119203), (200, 1), (-200, 0)]
            as [(Float, Float)])
    func sigmoid(logit: Float, expected: Float) {
        #expect(abs(Network.sigmoid(logit) - expected) < 1e-6)
    }
}
