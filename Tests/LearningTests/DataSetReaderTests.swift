import Corpora
import FilterTestKit
import Testing
import TextFeatures

@testable import Learning

@Suite struct DataSetReaderTests {
    private func read(
        _ mail: [any LabelledMail], _ labelling: Labelling = .spam,
        progress: (Int) -> Void = { _ in }
    ) throws -> DataSet {
        let pipeline = try TextPipeline(.standard)
        return try DataSetReader(splits: SplitFile(), labelling: labelling, pipeline: pipeline)
            .read(mail, progress: progress)
    }

    @Test("Messages of all data sets are tokenised, in order, with their labels")
    func items() throws {
        let first = MemoryMail([("spam", "cheap pills"), ("ham", "hello there")], name: "one")
        let second = MemoryMail([("ham", "see you")], name: "two")
        var progress: [Int] = []
        let data = try read([first, second]) { progress.append($0) }
        #expect(data.items.map(\.set) == ["one", "one", "two"])
        #expect(data.items.map(\.isSpam) == [true, false, false])
        #expect(data.items[0].tokens.strings.suffix(2) == ["cheap", "pills"])
        #expect(data.sources.map(\.messages) == [2, 1] && progress == [2, 3])
        #expect(data.sources.map(\.name) == ["one", "two"])
    }

    @Test("A store of messages and a corpus on disk of the same messages have the same digest")
    func stores() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "mail.csv", "id,label,text\n0,spam,cheap pills\n1,ham,hello there\n")
        let stored = MemoryMail([("spam", "cheap pills"), ("ham", "hello there")])
        #expect(try read([stored]).sources == read([Corpus(argument: path)]).sources)
    }

    @Test("A data set without messages is an error that names it")
    func empty() {
        let full = MemoryMail([("spam", "cheap pills")])
        #expect {
            try read([full, MemoryMail(messages: [], name: "none")])
        } throws: {
            let error = $0 as? TrainingError
            return error?.kind == .noData
                && "\($0)" == "memory:none: holds no message to learn from"
        }
    }

    @Test("Messages are counted by data set, part and label")
    func counts() throws {
        var mail = MemoryMail([("a|b", "x"), ("b", "y"), ("b", "z")])
        for (index, part) in [DataSplit.train, .train, .dev].enumerated() {
            mail.messages[index].part = part
        }
        let data = try read([mail], .several)
        #expect(data.counts(.several) == ["mail": ["train_a": 1, "train_b": 2, "dev_b": 1]])
        #expect(data.part(.dev).map(\.path) == ["2"] && data.part(.test).isEmpty)
    }

    @Test("Messages that are left out of training stay in the other parts")
    func leftOutOfTraining() {
        let items = [("a", DataSplit.train), ("b", .train), ("a", .dev), ("a", .test)].map {
            DataSet.Item(
                set: "s", path: $0, label: "ham", part: $1, tokens: TokenStream())
        }
        let left = DataSet(items).leavingOutOfTraining(["a"])
        #expect(left.items.map(\.path) == ["b", "a", "a"])
        #expect(left.part(.train).map(\.path) == ["b"])
    }
}
