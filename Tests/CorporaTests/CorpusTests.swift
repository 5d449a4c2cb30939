import Corpora
import FilterTestKit
import MailText
import Testing

@Suite struct CorpusTests {
    private func messages(_ argument: String) throws -> [CorpusMessage] {
        var found: [CorpusMessage] = []
        try Corpus(argument: argument).forEach { found.append($0) }
        return found
    }

    @Test("A directory gives paths and labels, and a Maildir only delivered mail")
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

    @Test("The top of a Maildir may be the data set itself")
    func maildir() throws {
        let folder = try TemporaryFolder()
        try folder.write("box/new/1", "Subject: a\n\nx")
        try folder.write("box/cur/2", "Subject: b\n\ny")
        try folder.write("box/dovecot.index.log", "index")
        #expect(try messages(folder.file("box") + "=ham").map(\.path) == ["cur/2", "new/1"])
    }

    @Test("PATH=LABEL labels everything below, unless a file has that name")
    func chosenLabel() throws {
        let folder = try TemporaryFolder()
        try folder.write("junk/ham/1", "Subject: a\n\nx")
        let labelled = try messages(folder.file("junk") + "=spam")
        #expect(labelled.map(\.label) == ["spam"] && labelled.map(\.spamLabel) == ["spam"])
        let path = try folder.write("a=b", "Subject: a\n\nx")
        #expect(try messages(path).map(\.path) == ["a=b"])
        #expect(try messages(path).map(\.label) == [nil])
    }

    @Test(
        "The nearest enclosing directory called ham or spam labels a message",
        arguments: [
            ("ham/1", "ham", "ham"), ("spam/ham/1", "ham", "ham"), ("ham/2024/1", "ham", "2024"),
            ("ham", nil, nil), ("Spam/1", nil, "Spam"), ("mail/ham", nil, "mail"),
        ] as [(String, String?, String?)])
    func folderLabels(_ path: String, _ label: String?, _ folder: String?) {
        let message = CorpusMessage(set: "s", path: path, label: nil, content: .message([]))
        #expect(message.spamLabel == label && message.folder == folder)
        let labelled = CorpusMessage(set: "s", path: path, label: "x", content: .message([]))
        #expect(labelled.spamLabel == "x")
    }

    @Test(
        "The name of a set is its last path component up to the first dot",
        arguments: [
            ("/mail/set.tar.zst", "set"), ("/mail/set/", "set"), ("set.csv=spam", "set"),
            ("plain", "plain"),
        ])
    func names(_ argument: String, _ name: String) {
        #expect(Corpus(argument: argument).name == name)
    }

    @Test("The messages of an mbox file are numbered; a single message is not")
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
        #expect(try messages(folder.write("one.eml", "Subject: a\n\nx")).map(\.path) == ["one.eml"])
    }

    @Test("A CSV file gives text, label, id and part; without an id the line is the path")
    func csv() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "d.csv",
            "ID,Split,Label,Text\r\n7,train,spam,\"a, b\"\r\n8,Validation,ham,c\n9,,ham,d\n")
        let found = try messages(path)
        #expect(found.map(\.path) == ["7", "8", "9"])
        #expect(found.map(\.label) == ["spam", "ham", "ham"])
        #expect(found.map(\.part) == [.train, .dev, nil])
        #expect(found.map { $0.content.read().body.text } == ["a, b", "c", "d"])
        #expect(try messages(path + "=x").map(\.label) == ["x", "x", "x"])
        let bare = try messages(folder.write("e.csv", "text\n\"a\nb\"\nc\n"))
        #expect(bare.map(\.path) == ["line-2", "line-4"] && bare.allSatisfy { $0.label == nil })
    }
}
