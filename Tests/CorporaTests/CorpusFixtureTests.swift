import Corpora
import FilterTestKit
import Foundation
import Testing

/// Data as people have them, below `Tests/Fixtures/corpora`.
@Suite struct CorpusFixtureTests {
    private static func file(_ name: String) -> String {
        Checkout.file("Tests/Fixtures/corpora/\(name)")
    }

    private func read(_ path: String) throws -> (found: [CorpusMessage], leftOut: [LeftOutFile]) {
        var found: [CorpusMessage] = []
        var leftOut: [LeftOutFile] = []
        try Corpus(argument: path).forEach {
            found.append($0)
        } leftOut: {
            leftOut.append($0)
        }
        return (found, leftOut)
    }

    private func subject(_ message: CorpusMessage) -> String {
        String(decoding: message.content.read().subject ?? [], as: UTF8.self)
    }

    @Test(
        "Compressed mail is found by its first bytes, in files, Maildirs and archives",
        arguments: [
            ("two.mbox.bz2", ["note 1", "note 2"]), ("two.mbox.zst", ["note 1", "note 2"]),
            ("one.eml.bz2", ["note 1"]), ("mail.tbz2", ["note 1", "note 2"]),
            ("members.tgz", ["note 1", "note 2"]), ("Maildir", ["note 1", "note 3"]),
            ("Maildir/cur/1772445600.M1P1.mx,S=180,W=190:2,SZ", ["note 1"]),
            ("Maildir/cur/1772445602.M1P1.mx,S=180:2,S", ["note 3"]),
        ])
    func compressed(_ name: String, _ subjects: [String]) throws {
        let (found, leftOut) = try read(CorpusFixtureTests.file("compressed-mail/\(name)"))
        #expect(found.map(subject) == subjects && leftOut.isEmpty)
    }

    @Test("Compressed tables are read as tables", arguments: ["table.csv.xz", "table.csv.zst"])
    func tables(_ name: String) throws {
        let (found, _) = try read(CorpusFixtureTests.file("compressed-mail/\(name)"))
        #expect(found.map(\.label) == ["ham", "spam"])
        #expect(found.map(\.location?.member) == ["line-2", "line-3"])
    }

    @Test(
        "Only messages are read of what lies beside them",
        arguments: [
            ("from-a-mac.zip", ["spam/a.eml", "ham/b.eml"]),
            ("corpus-with-extras.tgz", ["mail/spam/a.eml", "mail/ham/b.eml"]),
            ("tree-of-maildirs", ["Junk/cur/1.mx:2,S", "Junk/new/2.mx"]),
        ])
    func noMail(_ name: String, _ paths: [String]) throws {
        let (found, leftOut) = try read(CorpusFixtureTests.file("files-that-are-no-mail/\(name)"))
        #expect(found.map(\.path) == paths)
        #expect(leftOut.isEmpty, "none of these files need be mentioned: \(leftOut)")
    }

    @Test(
        "Mailboxes of many programs are divided as those do",
        arguments: [
            ("from-alone", 3), ("from-and-hyphen", 2), ("iso-date", 2), ("no-empty-line", 3),
            ("mark-first", 2), ("folder-internal-data", 2), ("content-length", 2),
        ])
    func mailboxes(_ name: String, _ count: Int) throws {
        let (found, _) = try read(CorpusFixtureTests.file("mbox-dialects/\(name).mbox"))
        #expect(found.map(subject) == (1...count).map { "note \($0)" })
        #expect(found.map(\.location?.member) == (1...count).map { "\($0)" })
    }

    @Test("A table in Latin-1 keeps its accents")
    func latin1() throws {
        let (found, _) = try read(CorpusFixtureTests.file("table-charsets/latin-1.csv"))
        #expect(
            found.map { $0.content.read().body.text } == [
                "Grüße aus Köln, das Café ist schön", "günstige Kessel für Sie",
            ])
    }

    @Test("A split file with CRLF ends has all its entries")
    func splitFile() throws {
        let split = try SplitFile(paths: [
            CorpusFixtureTests.file("split-files/crlf.split.tsv")
        ])
        #expect(split.entry(set: "crlf", path: "a.eml")?.part == .train)
        #expect(split.entry(set: "crlf", path: "b.eml")?.part == .dev)
    }
}
