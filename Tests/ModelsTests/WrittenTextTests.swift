import Models
import Testing
import TextFeatures

@Suite struct WrittenTextTests {
    /// The text of the tokens in a range, each as if it gave one id.
    private func text(
        _ document: Document, from first: String, to last: String? = nil
    ) throws -> String {
        let (stream, sources) = try tokens(document)
        let start = try #require(stream.strings.firstIndex(of: first))
        let end = try last.map { try #require(stream.strings.lastIndex(of: $0)) } ?? start
        var written = WrittenText(document, stream, sources, Array(0..<stream.count))
        return written.text(of: start..<(end + 1))
    }

    private func tokens(
        _ document: Document, _ spec: TextPipelineSpec = .standard
    ) throws -> (TokenStream, TokenSources) {
        let pipeline = try TextPipeline(spec)
        let stream = pipeline.tokens(of: document)
        return (stream, pipeline.sources(of: stream, in: document))
    }

    private func document(
        _ body: String, subject: String? = nil, marks: [Document.Mark] = [], facts: [String] = [],
        hiddenWords: Int = 0
    ) -> Document {
        Document(
            subject: subject.map { Array($0.utf8) }, body: Array(body.utf8), marks: marks,
            facts: facts, hiddenWords: hiddenWords, source: [])
    }

    @Test(
        "Words are shown as they are written, with what lies between them",
        arguments: [
            ("buy CHEAP  pills, now!", "cheap", "now", "CHEAP pills, now"),
            ("very v i a g r a now", "viagra", "now", "v i a g r a now"),
            ("un café noir", "cafe", "noir", "café noir"),
            ("a\nb\tc", "a", "c", "a b c"),
            ("see http://a.example/x ok", "u:a", "ok", "http://a.example/x ok"),
            ("FREE money", "<caps>", "money", "FREE money"),
        ])
    func words(_ body: String, _ first: String, _ last: String, _ expected: String) throws {
        #expect(try text(document(body), from: first, to: last) == expected)
    }

    @Test(
        "Facts and marks are words in brackets",
        arguments: [
            ("<hid1>", nil, "[under 10 hidden words]"),
            ("n:table:5", "s:html-only", "[over 80 tables] [no plain-text version]"),
            ("n:table:5", nil, "[over 80 tables]"), ("s:new", nil, "[s:new]"),
            ("<img>", nil, "[image]"), ("<a>", "u:x", "[link https://x.example/a]"),
            // The begins of subject and body say nothing beside other words.
            ("h:prio", nil, "[marked as urgent]"), ("<subj>", "hi", "Hi"),
            ("<hid1>", "<subj>", "[under 10 hidden words]"),
            ("hi", "<body>", "Hi"), ("<subj>", nil, "<subj>"),
        ] as [(String, String?, String)])
    func facts(_ first: String, _ last: String?, _ expected: String) throws {
        let document = document(
            "go there", subject: "Hi",
            marks: [
                Document.Mark(offset: 2, kind: .token("<img>")),
                Document.Mark(offset: 2, kind: .link("https://x.example/a")),
            ], facts: ["s:html-only", "n:table:5", "s:new", "h:prio"], hiddenWords: 3)
        #expect(try text(document, from: first, to: last) == expected)
    }

    @Test("Subject and body are pieces apart, and so are texts beside a mark")
    func pieces() throws {
        let document = document(
            "go there", subject: "Hi", marks: [Document.Mark(offset: 2, kind: .token("<img>"))])
        #expect(try text(document, from: "hi", to: "there") == "Hi go [image] there")
    }

    @Test("What no client shows is left out, and a long text is cut")
    func harmless() throws {
        #expect(try text(document("a \u{1B}[31m b\u{7}c"), from: "a", to: "bc") == "a [31m bc")
        let long = document((0..<40).map { "word\($0)" }.joined(separator: " "))
        let text = try text(long, from: "word0", to: "word39")
        #expect(
            text.count { $0 != " " } == 81 && text.hasSuffix("…") && text.hasPrefix("word0 word1 "))
    }

    @Test("Words far apart are not shown with what lies between")
    func gap() throws {
        let middle = String(repeating: ". ", count: 100)
        let document = document("one \(middle) two")
        let (stream, sources) = try tokens(document)
        var written = WrittenText(document, stream, sources, [2, stream.count - 1])
        #expect(written.text(of: 0..<2) == "one two")
    }

    @Test("Tokens that were not traced are shown by themselves")
    func untraced() throws {
        let document = Document(subject: nil, body: [], source: Array("cheap pills http://x".utf8))
        let (stream, sources) = try tokens(document, .seed)
        var written = WrittenText(document, stream, sources, Array(0..<stream.count))
        #expect(written.text(of: 0..<3) == "cheap pills URL")
    }
}
