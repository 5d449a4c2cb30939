import Corpora
import FilterTestKit
import Testing

@testable import Learning

@Suite struct BatchReaderTests {
    private let mail = MemoryMail(
        (0..<2_500).map { (label: $0 % 2 == 0 ? "ham" : "spam", text: "text \($0)") })

    private func read(
        _ reader: BatchReader, _ mail: some LabelledMail
    ) throws -> (paths: [[String]], source: DataSource) {
        var batches: [[String]] = []
        let (source, _) = try reader.read(mail) { labelled in
            .init(
                result: labelled.message.path, digest: labelled.message.digest(labelled.label))
        } collect: {
            batches.append($0)
        }
        return (batches, source)
    }

    @Test("Messages come in order, each once, in batches")
    func batches() throws {
        let reader = BatchReader(splits: SplitFile(), labelling: .spam)
        let (batches, source) = try read(reader, mail)
        #expect(batches.joined().elementsEqual((0..<2_500).map { "\($0)" }))
        #expect(batches.count == 3 && batches.allSatisfy { $0.count <= 1_024 })
        #expect(source.messages == 2_500 && source.name == "mail" && source.sha256.count == 64)
    }

    @Test("The digest tells data apart by text, label, path and order")
    func digest() throws {
        let reader = BatchReader(splits: SplitFile(), labelling: .spam)
        func digest(_ messages: [CorpusMessage]) throws -> String {
            try read(reader, MemoryMail(messages: messages)).source.sha256
        }
        let messages = Array(mail.messages.prefix(3))
        let whole = try digest(messages)
        #expect(try digest(messages) == whole)
        var changed = messages
        changed[1].content = .text("other")
        var relabelled = messages
        relabelled[1].label = "ham"
        var renamed = messages
        renamed[1].path = "x"
        let others = [
            changed, relabelled, renamed, messages.reversed(), Array(messages.dropLast()),
        ]
        #expect(try Set(others.map(digest) + [whole]).count == 6)
    }

    @Test("Only messages of the wanted part are read", arguments: DataSplit.allCases)
    func part(_ part: DataSplit) throws {
        var messages = Array(mail.messages.prefix(9))
        for index in messages.indices { messages[index].part = DataSplit.allCases[index % 3] }
        let reader = BatchReader(splits: SplitFile(), labelling: .spam, part: part)
        let expected = messages.filter { $0.part == part }.map(\.path)
        #expect(try read(reader, MemoryMail(messages: messages)).paths.flatMap { $0 } == expected)
    }

    @Test("An error ends the reading")
    func failure() {
        let reader = BatchReader(splits: SplitFile(), labelling: .spam)
        #expect(throws: CorpusError.self) { try read(reader, MemoryMail([(nil, "no label")])) }
    }
}
