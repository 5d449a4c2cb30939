import Corpora
import FilterTestKit
import Testing
import TextFeatures

@testable import Learning

@Suite struct ThresholdMailTests {
    /// What counts of messages with a label, a text and a probability each; the path is the number.
    private func scored(
        _ messages: [(label: String, text: String, probability: Double)], doubtful: Set<String> = []
    ) throws -> [(probability: Double, isSpam: Bool)] {
        let mail = MemoryMail(
            messages: messages.enumerated().map { number, message in
                CorpusMessage(
                    set: "mail", path: "\(number)", label: message.label, part: .dev,
                    content: .text(message.text))
            })
        let pipeline = try TextPipeline(.standard)
        let data = try DataSetReader(splits: SplitFile(), labelling: .spam, pipeline: pipeline)
            .read([mail]) { _ in }
        var builder = VocabularyBuilder()
        for message in messages {
            builder.add(
                pipeline.tokens(
                    of:
                        Document(subject: nil, body: Array(message.text.utf8), source: [])))
        }
        let vocabulary = builder.vocabulary(for: .standard, size: 100, minimumFrequency: 1)
        let encoded = EncodedData(
            data, pipeline, vocabulary, labels: ["spam"], TrainingJob.Options(.spam))
        let mailToChoose = ThresholdMail(
            encoded.dev.map { entry in
                (entry, messages[Int(entry.item.path) ?? 0].probability)
            }, doubtful: doubtful)
        return mailToChoose.scored
    }

    private static let one = "minutes of the meeting on tuesday about the roof of the old house"
    private static let nearlyOne =
        "minutes of the meeting on monday about the roof of the old house"
    private static let other = "your parcel waits at the counter bring the code from this letter"

    @Test("Of ham that is nearly the same the one with the highest probability counts")
    func copies() throws {
        let scored = try scored([
            ("ham", Self.one, 0.5), ("ham", Self.nearlyOne, 0.7), ("ham", Self.other, 0.6),
            ("spam", Self.one, 0.9), ("spam", Self.one, 0.8),
        ])
        #expect(scored.filter { !$0.isSpam }.map(\.probability).sorted() == [0.6, 0.7])
        #expect(scored.filter(\.isSpam).map(\.probability).sorted() == [0.8, 0.9])
    }

    @Test("Messages of doubtful label don't count")
    func doubtful() throws {
        let scored = try scored(
            [("ham", Self.one, 0.5), ("ham", Self.other, 0.6), ("spam", Self.one, 0.9)],
            doubtful: ["1", "2"])
        #expect(scored.map(\.probability) == [0.5] && !scored[0].isSpam)
    }
}
