import Archives
import Corpora
import FilterTestKit
import Foundation
import Testing

@Suite struct ArchiveReaderTests {
    /// Makes an archive of two messages and an empty directory with tar(1) or gzip(1).
    private func pack(_ folder: TemporaryFolder, _ name: String) throws -> String {
        try folder.write("set/ham/1.eml", "Subject: a\n\nx\n")
        try folder.write("set/spam/2.eml", "Subject: b\n\ny\n")
        let output = try Command.run(
            "/bin/tar",
            ["-C", folder.path, "--sort=name", "-caf", folder.file(name), "set"])
        try #require(output.status == 0, "\(output.err)")
        return folder.file(name)
    }

    private func files(_ path: String) throws -> [String: String] {
        var files: [String: String] = [:]
        try ArchiveReader.forEachFile(in: path) { name, content in
            files[name] = String(decoding: content, as: UTF8.self)
        }
        return files
    }

    @Test(
        "Regular files are read with their paths, however the archive is compressed",
        arguments: ["set.tar", "set.tar.gz", "set.tgz"])
    func members(_ name: String) throws {
        let folder = try TemporaryFolder()
        #expect(
            try files(pack(folder, name)) == [
                "set/ham/1.eml": "Subject: a\n\nx\n", "set/spam/2.eml": "Subject: b\n\ny\n",
            ])
    }

    @Test("Archives are read as data sets")
    func corpus() throws {
        let folder = try TemporaryFolder()
        var found: [CorpusMessage] = []
        try Corpus(argument: pack(folder, "mail.tar.gz")).forEach { found.append($0) }
        #expect(found.map(\.path) == ["set/ham/1.eml", "set/spam/2.eml"])
        #expect(found.map(\.spamLabel) == ["ham", "spam"])
        #expect(found.allSatisfy { $0.set == "mail" })
    }

    @Test("A compressed file is decompressed, and a plain one is left as it is")
    func decompressed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("plain", "no magic number")
        #expect(try ArchiveReader.decompressed(path) == Array("no magic number".utf8))
        let output = try Command.run("/bin/gzip", ["-k", path])
        try #require(output.status == 0, "\(output.err)")
        #expect(try ArchiveReader.decompressed(path + ".gz") == Array("no magic number".utf8))
    }

    @Test("A truncated archive is an error and not a smaller archive")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let whole = try pack(folder, "set.tar")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        let path = try folder.write("half.tar", Array(bytes[..<700]))
        let error = try #require(throws: CorpusError.self) { try files(path) }
        #expect(error.kind == .unreadable && error.path == path)
    }

    @Test("An error in the body ends the reading")
    func stops() throws {
        struct Enough: Error {}
        let folder = try TemporaryFolder()
        let path = try pack(folder, "set.tar")
        var count = 0
        #expect(throws: Enough.self) {
            try ArchiveReader.forEachFile(in: path) { _, _ in
                count += 1
                throw Enough()
            }
        }
        #expect(count == 1)
    }

    @Test("A file that does not exist is unreadable")
    func missing() throws {
        let error = try #require(throws: CorpusError.self) { try files("/nonexistent.tar") }
        #expect(error.kind == .unreadable)
    }
}
