import Corpora
import FilterTestKit
import Testing

@Suite struct SplitFileTests {
    @Test("A split file lists the members of an archive and of the unpacked directory")
    func paths() throws {
        let folder = try TemporaryFolder()
        let split = try SplitFile(paths: [
            folder.write("set.split.tsv", "set/ham/1.eml\tham\tdev\n")
        ])
        let entry = try #require(split.entry(set: "set", path: "set/ham/1.eml"))
        #expect(entry.part == .dev && entry.label == "ham")
        #expect(split.entry(set: "set", path: "ham/1.eml")?.part == .dev)
        #expect(split.entry(set: "set", path: "ham/2.eml") == nil)
    }

    @Test("A set without a split file takes the entry of the only set that lists the path")
    func otherSet() throws {
        let folder = try TemporaryFolder()
        let split = try SplitFile(paths: [
            folder.write("one.tsv", "a\tham\ttrain\nboth\tham\ttrain\n"),
            folder.write("two.tsv", "b\tspam\ttest\nboth\tham\ttest\n"),
        ])
        #expect(split.entry(set: "three", path: "a")?.part == .train)
        #expect(split.entry(set: "three", path: "b")?.part == .test)
        #expect(split.entry(set: "three", path: "both") == nil, "ambiguous")
        #expect(split.entry(set: "one", path: "b") == nil, "its set has a file, without the path")
    }

    @Test("Two files for one set are joined, and CRLF and empty lines are read")
    func lineEnds() throws {
        let folder = try TemporaryFolder()
        let split = try SplitFile(paths: [
            folder.write("set.train.tsv", "a\tham\ttrain\r\n\r\nb\tspam\ttrain\r\n"),
            folder.write("set.test.tsv", "\nc\tham\ttest"),
        ])
        #expect(
            ["a", "b", "c"].map { split.entry(set: "set", path: $0)?.part } == [
                .train, .train, .test,
            ])
        #expect(!split.isEmpty && SplitFile().isEmpty)
    }

    @Test(
        "A malformed line is an error with its number",
        arguments: [
            ("a\tham\ttrain\nb\tham\n", 2), ("a ham train\n", 1), ("\n\na\tham\tvalidation\n", 3),
            ("a\tham\ttrain\tx\n", 1),
        ])
    func malformed(_ text: String, _ line: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("d.split.tsv", text)
        let error = try #require(throws: CorpusError.self) { try SplitFile(paths: [path]) }
        #expect(error.kind == .malformed(line: line) && error.path == path)
        #expect(error.reason.hasPrefix("line \(line) is not path, label and"))
    }

    @Test("A file that is missing and one that is not UTF-8 are told apart")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("d.tsv", [0xFF, 0xFE, 0x00])
        let binary = try #require(throws: CorpusError.self) { try SplitFile(paths: [path]) }
        #expect(binary.kind == .unreadable && binary.path == path)
        let absent = try #require(throws: CorpusError.self) { try SplitFile(paths: [path + "x"]) }
        #expect(absent.kind == .missing)
    }

    @Test(
        "The shared sets have the messages their split lists",
        .enabled(if: SharedCorpora.isPresent),
        arguments: ["recent-2025.tar.zst", "lingspam.csv.gz"])
    func shared(_ set: String) throws {
        let folder = try #require(SharedCorpora.folder)
        let name = set.split(separator: ".")[0]
        let split = try SplitFile(paths: ["\(folder)/\(name).split.tsv"])
        var count = 0
        try Corpus(argument: "\(folder)/\(set)").forEach { message in
            count += 1
            let entry = split.entry(set: message.set, path: message.path)
            if entry?.label != message.spamLabel {
                Issue.record("\(message.path): \(entry?.label ?? "no entry")")
            }
        }
        #expect(count > 0)
    }
}
