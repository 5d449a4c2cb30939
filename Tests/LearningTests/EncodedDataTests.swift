import Corpora
import Testing
import TextCNN
import TextFeatures

@testable import Learning

@Suite struct EncodedDataTests {
    /// Eight ham of one set and two of another, and two spam, all for training but the last.
    private func encoded(sourceWeight: Double) throws -> EncodedData {
        var large = MemoryMail(
            (0..<8).map { (label: "ham", text: "word \($0)") } + [("spam", "a"), ("spam", "b")],
            name: "large")
        var small = MemoryMail([("ham", "c"), ("ham", "d"), ("spam", "e")], name: "small")
        for index in large.messages.indices { large.messages[index].part = .train }
        for index in small.messages.indices {
            small.messages[index].part = index < 2 ? .train : .dev
        }
        var options = TrainingJob.Options()
        options.sourceWeight = sourceWeight
        let pipeline = try TextPipeline(.standard)
        let data = try DataSetReader(splits: SplitFile(), labelling: .spam, pipeline: pipeline)
            .read([large, small]) { _ in }
        var builder = VocabularyBuilder()
        for item in data.part(.train) { builder.add(item.tokens) }
        let vocabulary = builder.vocabulary(for: .standard, size: 100, minimumFrequency: 1)
        return EncodedData(data, pipeline, vocabulary, labels: ["spam"], options)
    }

    @Test("A message weighs by the size of its data set and label, 1 on average")
    func weights() throws {
        let weights = try encoded(sourceWeight: -0.5).train.map(\.weight)
        #expect(weights.count == 12)
        #expect(abs(weights.reduce(0, +) / 12 - 1) < 1e-5)
        // 8^-½ against 2^-½.
        #expect(weights[..<8].allSatisfy { $0 == weights[0] })
        #expect(weights[8...].allSatisfy { $0 == weights[8] })
        #expect(abs(weights[8] / weights[0] - 2) < 1e-5)
    }

    @Test("With an exponent of 0 all messages weigh the same")
    func equal() throws {
        #expect(try encoded(sourceWeight: 0).train.allSatisfy { $0.weight == 1 })
    }

    @Test("The parts keep their messages, with targets and ids")
    func parts() throws {
        let data = try encoded(sourceWeight: 0)
        #expect(data.train.map { $0.targets[0] } == Array(repeating: 0, count: 8) + [1, 1, 0, 0])
        #expect(data.dev.map(\.item.path) == ["2"] && data.test.isEmpty)
        #expect(data.dev[0].example.targets == [1])
        #expect(data.train.allSatisfy { !$0.ids.isEmpty })
        #expect(data.train.allSatisfy { $0.ids.allSatisfy { $0 < data.vocabularyCount } })
    }
}
