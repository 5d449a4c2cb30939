import Testing
import TextCNN

@testable import Learning

@Suite struct TableChoiceTests {
    /// A network of one filter, for which word 2 is spam and word 3 is not; word 1 is a larger
    /// entry.
    private func network(outlier: Float) -> Network {
        var parameters = Parameters(
            zeros: NetworkShape(vocabulary: 4, embedding: 1, widths: [1], filters: 1, hidden: 0))
        parameters.embedding = [0, outlier, 2, 1]
        parameters.kernels = [1]
        parameters.output = [3]
        parameters.outputBias = [-4.5]
        return Network(parameters)
    }

    private let dev =
        (0..<20).map { _ in TrainingExample(ids: [2], targets: [1]) }
        + (0..<20).map { _ in TrainingExample(ids: [3], targets: [0]) }

    @Test("8 bits are chosen when they score as well")
    func small() {
        let (choice, logits) = TableChoice.measure(network(outlier: 2.54), .sigmoid, on: dev)
        #expect(choice.chosen == .int8 && Set(choice.losses.keys) == ["int8", "int16"])
        #expect(logits.count == 40 && logits.allSatisfy { $0.count == 1 })
        #expect(choice.losses["int8"]?.rocAUC == 1)
        #expect((choice.losses["int8"]?.largestLogitDifference ?? 1) < 0.1)
        #expect(choice.losses["int16"].map { $0.bytes == 2 * 4 * 32 } == true)
    }

    @Test("16 bits are chosen when a filter's outlier leaves no room for its other entries")
    func large() {
        let (choice, logits) = TableChoice.measure(network(outlier: 900), .sigmoid, on: dev)
        #expect(choice.chosen == .int16)
        #expect(choice.losses["int8"]?.rocAUC == 0.5 && choice.losses["int16"]?.rocAUC == 1)
        #expect(logits[0][0] > 0 && logits[39][0] < 0)
    }

    @Test("Without dev messages nothing speaks against 8 bits")
    func empty() {
        let (choice, logits) = TableChoice.measure(network(outlier: 2.54), .sigmoid, on: [])
        #expect(choice.chosen == .int8 && logits.isEmpty)
        #expect(choice.losses["int8"]?.rocAUC == nil)
    }
}
