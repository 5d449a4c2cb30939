import Corpora
import FilterTestKit
import Foundation
import MailText
import Testing

/// Files that are compressed, packed or no mail.
@Suite struct CorpusFilesTests {
    private func read(_ path: String) throws -> (paths: [String], leftOut: [LeftOutFile]) {
        var paths: [String] = []
        var leftOut: [LeftOutFile] = []
        try Corpus(argument: path).forEach {
            paths.append($0.path)
        } leftOut: {
            leftOut.append($0)
        }
        return (paths, leftOut)
    }

    @Test(
        "A file that can't be undone is named",
        arguments: [
            ("CRYPTED\u{3}\u{7}\u{2}x", "is encrypted by Dovecot's mail_crypt"),
            ("Dovecot-LZ4\r*x", "is in Dovecot's LZ4 form"),
            ("age-encryption.org/v1\nx", "is encrypted with age"), ("BZh91AY&SYbroken", ""),
        ])
    func locked(_ content: String, _ reason: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("box/cur/1:2,S", content)
        let error = try #require(throws: CorpusError.self) { try read(path) }
        #expect(error.kind == .unreadable && error.path == path)
        #expect(error.reason.hasPrefix(reason))
        try folder.write("box/cur/2:2,S", "Subject: a\n\nx")
        let (paths, leftOut) = try read(folder.file("box"))
        #expect(paths == ["cur/2:2,S"] && leftOut.map(\.path) == ["cur/1:2,S"])
        #expect(leftOut.allSatisfy { $0.reason.hasPrefix(reason) && !$0.reason.isEmpty })
    }

    @Test(
        "A file among mail is a message when it has a header field near its start",
        arguments: [
            ("a.eml", "Subject: a\n\nx", true), ("1.", "\n\nReceived: from a\n", true),
            ("1", "From a@example.org Mon Jan  1 00:00:00 2024\nTo: b\n", true),
            ("1", "\u{FEFF}Subject: a\n\nx", true), ("list", "Junk\nTrash\n", false),
            ("a", "https://example.org/\n", false), ("a", "\u{1}\u{0}A:\u{0}\n", false),
            ("bbc.txt", "A text without a header.\n", true), ("a.txt", "x\u{0}y", false),
            ("empty", "", false),
        ])
    func messages(_ name: String, _ content: String, _ isMail: Bool) throws {
        let folder = try TemporaryFolder()
        try folder.write("set/ham/\(name)", content)
        let (paths, leftOut) = try read(folder.file("set"))
        #expect(paths == (isMail ? ["ham/\(name)"] : []))
        #expect(leftOut.map(\.path) == (isMail ? [] : ["ham/\(name)"]))
        #expect(try read(folder.file("set/ham/\(name)")).paths == [name], "as it is, when named")
    }

    @Test(
        "What this user may not read is named, and the rest is read",
        .enabled(if: getuid() != 0, "root may read everything"))
    func inaccessible() throws {
        let folder = try TemporaryFolder()
        for name in ["box/cur/1", "box/cur/2", "box/new/3", "box/sub/x/4"] {
            try folder.write(name, "Subject: a\n\nx")
        }
        let closed = ["box/cur/2", "box/new", "box/sub/x"].map(folder.file)
        for path in closed { #expect(chmod(path, 0) == 0) }
        defer { for path in closed { chmod(path, 0o700) } }
        let (paths, leftOut) = try read(folder.file("box"))
        #expect(paths == ["cur/1"] && leftOut.map(\.path) == ["cur/2", "new", "sub/x"])
        #expect(leftOut.allSatisfy { $0.isInaccessible })
        #expect(leftOut[0].reason == "can't be read: Permission denied")
        #expect(leftOut[1].reason == "can't be listed: Permission denied")
        for (path, reason) in zip(closed, ["can't be read", "can't be listed", "can't be listed"]) {
            let error = try #require(throws: CorpusError.self) { try read(path) }
            #expect(error.kind == .unreadable && error.path == path)
            #expect(error.reason == "\(reason): Permission denied")
        }
        #expect(throws: CorpusError.self) {
            try Corpus(argument: folder.file("box")).forEach { _ in }
        }
    }

    @Test("A message in UTF-16 is one")
    func utf16() throws {
        let folder = try TemporaryFolder()
        let units = "\u{FEFF}Subject: a\n\nx".utf16
        try folder.write("set/ham/1", units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        #expect(try read(folder.file("set")).paths == ["ham/1"])
    }

    @Test("Archives and tables in directories and archives are opened")
    func nested() throws {
        let folder = try TemporaryFolder()
        try folder.write("in/ham/1.eml", "Subject: a\n\nx\n")
        try folder.write("in/tmp/2.eml", "Subject: half\n")
        try folder.write("in/t.csv", "label,text\nham,x\n")
        try folder.write("in/labels.csv", "file,label\n1,ham\n")
        try folder.write("set/readme", "x")
        let packed = try Command.run(
            "/bin/tar",
            ["-C", folder.path, "--sort=name", "-czf", folder.file("set/in.tgz"), "in"])
        try #require(packed.status == 0, "\(packed.err)")
        let (paths, leftOut) = try read(folder.file("set"))
        #expect(paths == ["in.tgz/in/ham/1.eml", "in.tgz/in/t.csv#line-2"])
        #expect(leftOut.map(\.path) == ["in.tgz/in/labels.csv", "readme"])
    }

    @Test("Each message has a file that can be opened, and what of it the message is")
    func locations() throws {
        func locations(_ path: String) throws -> [CorpusMessage.Location?] {
            var found: [CorpusMessage.Location?] = []
            try Corpus(argument: path).forEach { found.append($0.location) }
            return found
        }
        let folder = try TemporaryFolder()
        let single = try folder.write("set/ham/1.eml", "Subject: a\n\nx\n")
        let line = "From a@example.org Mon Jan  1 00:00:00 2024\nSubject: a\n\nx\n\n"
        let box = try folder.write("set/ham/box", line + line)
        let table = try folder.write("t.csv", "id,text\n7,x\n")
        #expect(
            try locations(folder.file("set")) == [
                .init(path: single), .init(path: box, member: "1"), .init(path: box, member: "2"),
            ])
        #expect(try locations(single) == [.init(path: single)])
        #expect(try locations(table) == [.init(path: table, member: "7")])
        let archive = folder.file("all.tar")
        let packed = try Command.run(
            "/bin/tar", ["-C", folder.path, "--sort=name", "-cf", archive, "set"])
        try #require(packed.status == 0, "\(packed.err)")
        #expect(
            try locations(archive).map(\.?.member) == [
                "set/ham/1.eml", "set/ham/box#1", "set/ham/box#2",
            ])
    }
}
