import Corpora
import FilterTestKit
import Foundation
import Learning
import Testing

@Suite struct CorpusTests {
    private func messages(_ argument: String) throws -> [CorpusMessage] {
        var found: [CorpusMessage] = []
        try Corpus(argument: argument).forEach { found.append($0) }
        return found
    }

    @Test("A column split is followed, and a value that is none is named")
    func splitColumn() throws {
        let folder = try TemporaryFolder()
        let good = try folder.write(
            "good.csv", "split,label,text\ntrain,a,x\nValidation,a,y\n,b,z\n")
        #expect(try messages(good).map(\.part) == [.train, .dev, nil])
        let bad = try folder.write("bad.csv", "split,label,text\ntrain,a,x\ntraining,a,y\n")
        #expect { try messages(bad) } throws: {
            "\($0)".contains("line 3: the split \"training\" is not train, dev or test")
        }
    }

    @Test("A directory gives paths and labels, a Maildir no half-delivered mail")
    func directory() throws {
        let folder = try TemporaryFolder()
        try folder.write("set/ham/1.eml", "Subject: a\n\nx")
        try folder.write("set/spam/new/2", "Subject: b\n\ny")
        try folder.write("set/spam/tmp/3", "half")
        try folder.write("set/spam/cur/4:2,S", "Subject: c\n\nz")
        try folder.write("set/spam/dovecot-uidlist", "3 V1")
        try folder.write("set/.hidden", "no")
        let found = try messages(folder.file("set"))
        #expect(found.map(\.path) == ["ham/1.eml", "spam/cur/4:2,S", "spam/new/2"])
        #expect(found.map(\.spamLabel) == ["ham", "spam", "spam"])
        #expect(Set(found.map(\.set)) == ["set"])
    }

    @Test("PATH=LABEL labels everything below")
    func chosenLabel() throws {
        let folder = try TemporaryFolder()
        try folder.write("junk/1", "Subject: a\n\nx")
        #expect(try messages(folder.file("junk") + "=spam").map(\.label) == ["spam"])
    }

    @Test("An mbox file is split where messages begin, and only there")
    func mbox() throws {
        let folder = try TemporaryFolder()
        let text = """
            From a@example.org Mon Jan  1 00:00:00 2024
            Subject: one

            From here on it is text, in 2024 as well.

            From b@example.org Mon Jan  1 00:00:00 2024
            Subject: two

            x

            """
        let found = try messages(folder.write("box", text))
        #expect(found.map(\.path) == ["box#1", "box#2"])
        #expect(found.map { $0.content.read().subject } == ["one", "two"].map { Array($0.utf8) })
    }

    @Test("CSV fields may hold commas, quotes and line ends")
    func csv() throws {
        let folder = try TemporaryFolder()
        let text = "id,label,text\r\n7,spam,\"a, \"\"b\"\"\nc\"\r\n8,ham,plain\n"
        let found = try messages(folder.write("d.csv", text))
        #expect(found.map(\.path) == ["7", "8"])
        guard case .text(let first) = found[0].content else { Issue.record("no text"); return }
        #expect(first == "a, \"b\"\nc")
    }

    @Test(
        "Broken CSV is refused with its line",
        arguments: [
            ("label,text\nham,\"never closed\nx\n", "line 2 is never closed"),
            ("label,text\nham,a\nspam,\"a\" b\n", "line 3: text follows a closing quote"),
            ("label,text\nham,a,b\n", "line 2 has 3 fields instead of 2"),
            ("label,body\nham,a\n", "has no column \"text\""),
            ("", "the header line is missing"),
        ])
    func brokenCSV(_ text: String, _ reason: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("d.csv", text)
        #expect {
            try messages(path)
        } throws: { "\($0)".hasPrefix(path) && "\($0)".contains(reason) }
    }

    @Test("A split file knows the members of an archive and of the unpacked directory")
    func splitPaths() throws {
        let folder = try TemporaryFolder()
        let split = try SplitFile(paths: [
            folder.write("set.split.tsv", "set/ham/1.eml\tham\tdev\n")
        ])
        #expect(split.entry(set: "set", path: "set/ham/1.eml")?.part == .dev)
        #expect(split.entry(set: "set", path: "ham/1.eml")?.part == .dev)
        #expect(split.entry(set: "set", path: "ham/2.eml") == nil)
    }

    @Test("A split file with a bad line is refused")
    func brokenSplit() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("d.split.tsv", "a\tham\ttrain\nb\tham\n")
        #expect {
            try SplitFile(paths: [path])
        } throws: { "\($0)".contains("line 2") }
    }

    @Test("What does not exist or is no archive is named")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        #expect { try messages("/nonexistent") } throws: { "\($0)".contains("does not exist") }
        let path = try folder.write("x.zip", "PK\u{3}\u{4}broken")
        #expect(throws: CorpusError.self) { try messages(path) }
    }

    @Test(
        "The shared sets have the messages their split says", .enabled(if: SharedCorpora.isPresent))
    func shared() throws {
        let folder = try #require(SharedCorpora.folder)
        for set in ["recent-2025.tar.zst", "lingspam.csv.gz"] {
            let name = set.split(separator: ".")[0]
            let split = try SplitFile(paths: ["\(folder)/\(name).split.tsv"])
            let found = try messages("\(folder)/\(set)")
            #expect(
                found.allSatisfy { split.entry(set: $0.set, path: $0.path)?.label == $0.spamLabel })
        }
    }
}
