import Testing

@testable import TextCNN

@Suite struct WeightAverageTests {
    private static let shape = NetworkShape(
        vocabulary: 2, embedding: 1, widths: [1], filters: 1, hidden: 0)

    private func parameters(_ value: Float) -> Parameters {
        var parameters = Parameters(zeros: WeightAverageTests.shape)
        for tensor in Parameters.tensors {
            parameters[keyPath: tensor.path] = parameters[keyPath: tensor.path].map { _ in value }
        }
        return parameters
    }

    @Test("Without decay the average is the last weights")
    func none() {
        var average = WeightAverage(parameters(5), decay: 0)
        for value in [1, 7, 3] as [Float] { average.add(parameters(value)) }
        #expect(average.parameters == parameters(3))
    }

    @Test("An update keeps u / (u + 10) of the average until that reaches the decay")
    func warmUp() {
        var average = WeightAverage(parameters(1), decay: 0.5)
        var expected: Float = 1
        for update in 1...30 {
            average.add(parameters(Float(update)))
            let keep = min(0.5, Float(update) / Float(update + 10))
            expected = keep * expected + (1 - keep) * Float(update)
            for tensor in Parameters.tensors {
                for value in average.parameters[keyPath: tensor.path] {
                    #expect(abs(value - expected) < 1e-3, "\(tensor.name)")
                }
            }
        }
    }

    @Test("Equal weights stay as they are")
    func constant() {
        var average = WeightAverage(parameters(2), decay: 0.999)
        for _ in 0..<50 { average.add(parameters(2)) }
        #expect(average.parameters == parameters(2))
    }
}
