import Corpora
import FilterTestKit
import Testing

@Suite struct CorpusErrorTests {
    @Test(
        "An error has the kind that exit codes follow",
        arguments: [
            ("absent", "", CorpusError.Kind.missing, "does not exist"),
            ("x.zip", "PK\u{3}\u{4}broken", .unreadable, ""),
            ("d.csv", "label,body\nham,a\n", .malformed(line: 1), "has no column \"text\""),
            (
                "d.csv", "split,text\ntrain,a\ntraining,b\n", .malformed(line: 3),
                "line 3: the split \"training\" is not train, dev or test"
            ),
        ])
    func kinds(
        _ name: String, _ content: String, _ kind: CorpusError.Kind, _ reason: String
    ) throws {
        let folder = try TemporaryFolder()
        let path = content.isEmpty ? folder.file(name) : try folder.write(name, content)
        let error = try #require(throws: CorpusError.self) {
            try Corpus(argument: path).forEach { _ in }
        }
        #expect(error.kind == kind && error.path == path)
        #expect(error.reason.hasPrefix(reason) && !error.reason.isEmpty)
    }

    @Test("The description is path and reason, without a doubled path")
    func description() {
        let error = CorpusError(.empty, path: "a.csv", reason: "holds no message")
        #expect("\(error)" == "a.csv: holds no message")
        #expect(CorpusError(path: "p", reason: "r").kind == .malformed(line: nil))
    }
}
