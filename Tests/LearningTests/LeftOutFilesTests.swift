import Corpora
import FilterTestKit
import Synchronization
import Testing
import TextFeatures

@testable import Learning

@Suite struct LeftOutFilesTests {
    /// A directory with so many messages and so many files that are none.
    private func data(messages: Int, others: Int) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for number in 0..<messages {
            try folder.write("set/ham/\(number).eml", "Subject: a\n\n\(number)")
        }
        for number in 0..<others { try folder.write("set/ham/x\(number)", "CRYPTED\u{3}\u{7}") }
        return folder
    }

    private func read(_ folder: TemporaryFolder, allowed: Bool = false) throws -> (Int, [String]) {
        let lines = Mutex<[String]>([])
        let unreadable = UnreadableFiles(areAllowed: allowed) { leftOut in
            lines.withLock { $0 += leftOut.lines }
        }
        let reader = DataSetReader(
            splits: SplitFile(), labelling: .spam, pipeline: try TextPipeline(.standard),
            unreadable: unreadable)
        let data = try reader.read([Corpus(argument: folder.file("set"))]) { _ in }
        return (data.items.count, lines.withLock { $0 })
    }

    @Test("A tenth of the files may be left out, and each is named")
    func few() throws {
        let (count, lines) = try read(data(messages: 9, others: 1))
        #expect(count == 9 && lines.count == 2)
        #expect(lines[0].hasPrefix("left out: set: ham/x0 is encrypted by Dovecot's mail_crypt"))
        #expect(lines[1] == "set: 1 file left out")
    }

    @Test("More than a tenth stops the training, unless that is allowed")
    func many() throws {
        let folder = try data(messages: 8, others: 30)
        let error = try #require(throws: TrainingError.self) { try read(folder) }
        #expect(error.kind == .tooFewReadable && error.subject == "set")
        #expect(error.reason.hasPrefix("30 of 38 files can't be read as mail (ham/x0 is encrypted"))
        #expect(error.reason.contains("--allow-unreadable"))
        let (count, lines) = try read(folder, allowed: true)
        #expect(count == 8 && lines.count == 22)
        #expect(lines[20] == "left out: 10 more of set" && lines[21] == "set: 30 files left out")
    }

    /// Mail with a folder that this user may not read.
    private struct ClosedMail: LabelledMail {
        let name = "closed"
        let path = "/mail/closed"

        func forEach(_ body: (CorpusMessage) throws -> Void) throws {
            for number in 0..<20 {
                try body(
                    CorpusMessage(
                        set: name, path: "\(number)", label: "ham", content: .text("\(number)")))
            }
        }

        func forEach(
            _ body: (CorpusMessage) throws -> Void, leftOut: (LeftOutFile) throws -> Void
        ) throws {
            try forEach(body)
            try leftOut(LeftOutFile(path: "x", reason: "can't be listed", isInaccessible: true))
        }
    }

    @Test("A folder that this user may not read stops the training, unless that is allowed")
    func closed() throws {
        let lines = Mutex<[String]>([])
        func read(allowed: Bool) throws -> Int {
            let unreadable = UnreadableFiles(areAllowed: allowed) { leftOut in
                lines.withLock { $0 += leftOut.lines }
            }
            return try DataSetReader(
                splits: SplitFile(), labelling: .spam, pipeline: TextPipeline(.standard),
                unreadable: unreadable
            ).read([ClosedMail()]) { _ in }.items.count
        }
        let error = try #require(throws: CorpusError.self) { try read(allowed: false) }
        #expect(error.kind == .unreadable && error.path == "/mail/closed/x")
        #expect(error.reason.hasPrefix("can't be listed; let this user read it"))
        #expect(try read(allowed: true) == 20)
        #expect(lines.withLock { $0.first } == "left out: closed: x can't be listed")
    }

    @Test("A Maildir that can't be read at all is no empty one")
    func all() throws {
        let folder = try data(messages: 0, others: 3)
        let error = try #require(throws: TrainingError.self) { try read(folder) }
        #expect(error.kind == .tooFewReadable)
        let allowed = try #require(throws: TrainingError.self) { try read(folder, allowed: true) }
        #expect(allowed.kind == .noData)
    }

    @Test("A file that the split files leave out does not count")
    func splits() throws {
        let folder = try data(messages: 1, others: 5)
        let split = try folder.write("set.tsv", "ham/0.eml\tham\ttrain\n")
        let reader = DataSetReader(
            splits: try SplitFile(paths: [split]), labelling: .spam,
            pipeline: try TextPipeline(.standard))
        #expect(try reader.read([Corpus(argument: folder.file("set"))]) { _ in }.items.count == 1)
    }
}
