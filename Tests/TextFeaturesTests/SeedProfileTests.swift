import Testing
import TextFeatures

/// The seed profile must never change: these are its golden results.
@Suite struct SeedProfileTests {
    private func tokens(_ source: String, subject: String? = nil) throws -> String {
        let document = Document(
            subject: subject.map { Array($0.utf8) }, body: [], source: Array(source.utf8))
        return try TextPipeline(.seed).tokens(of: document).strings.joined(separator: " ")
    }

    @Test(
        "The seven steps, in their order",
        arguments: [
            ("Hello World", "hello world"),
            ("see http://x.example/a?b=1 now", "see URL"),
            ("(https://x.example)", "( URL"),
            ("www.example.com www. http://", "URL www . http : / /"),
            ("write joe@example.org today", "write email today"),
            ("<a@b>", "email"),
            ("@home a@ x@y", "@ home a @ email"),
            ("1,000.50 dollars and 3 cents", "number dollars number cents"),
            ("abc123def 4.", "abcnumberdef number ."),
            ("a  \n\n b\t\tc", "b c"),
            ("the cat and the hat", "cat hat"),
            ("the, dog!", "the , dog !"),
            ("don't stop", "stop"),
            ("don't! stop", "don ' t ! stop"),
            ("naïve café", "nave caf"),
            ("<b>FREE</b>", "< b > free < / b >"),
            ("", ""), ("12.50.", "number ."), ("1.,2", "number . , number"),
            ("a_b", "a_b"), ("\u{660}", "number"), ("http://x", "URL"), ("xhttps://y", "xURL"),
        ])
    func steps(_ text: String, _ expected: String) throws {
        #expect(try tokens(text) == expected)
    }

    @Test("The subject comes first")
    func subject() throws {
        #expect(try tokens("body text", subject: "Big News") == "big news body text")
    }

    @Test("Unknown words are one token")
    func unknown() throws {
        var builder = VocabularyBuilder()
        let pipeline = try TextPipeline(.seed)
        let known = pipeline.tokens(of: Document(subject: nil, body: [], source: Array("cat".utf8)))
        builder.add(known)
        let vocabulary = builder.vocabulary(for: .seed, size: 10, minimumFrequency: 1)
        let stream = pipeline.tokens(
            of: Document(subject: nil, body: [], source: Array("cat dog".utf8)))
        #expect(pipeline.ids(of: stream, in: vocabulary) == [2, 1])
    }

    @Test("A long line without white space is read up to the limit on text")
    func longLine() throws {
        let line = String(repeating: "A1+/", count: 100_000)
        let expected = Array(repeating: "anumber + /", count: 14_999).joined(separator: " ")
        // The subject's line break is one of the 60,000 characters.
        #expect(try tokens(line) == "\(expected) anumber +")
    }

    @Test("Steps of the other profile do nothing, and white space is collapsed without its step")
    func otherSteps() throws {
        var spec = TextPipelineSpec.seed
        spec.steps = TextPipelineSpec.Step.allCases.filter {
            !TextPipelineSpec.seed.steps.contains($0)
        }
        let text = "FREE  caf\u{E9}\n v i a g r a \u{FF46}"
        let document = Document(subject: nil, body: [], source: Array(text.utf8))
        let tokens = try TextPipeline(spec).tokens(of: document).strings
        #expect(tokens == ["FREE", "café", "v", "i", "a", "g", "r", "a", "\u{FF46}"])
    }

    @Test("The order of the steps is the spec's")
    func order() throws {
        var spec = TextPipelineSpec.seed
        spec.steps = [.numbers, .urls]
        let document = Document(subject: nil, body: [], source: Array("http://x1.example".utf8))
        #expect(try TextPipeline(spec).tokens(of: document).strings == ["URL"])
        spec.steps = [.urls, .lowercase]
        #expect(try TextPipeline(spec).tokens(of: document).strings == ["url"])
    }

    @Test("The profile reads the source, not the visible text, and can't trace tokens")
    func source() throws {
        let document = Document(
            subject: nil, body: Array("visible".utf8), facts: ["s:alt"],
            source: Array("<p>raw".utf8))
        let pipeline = try TextPipeline(.seed)
        let stream = pipeline.tokens(of: document)
        var sources = pipeline.sources(of: stream, in: document)
        #expect(stream.strings == ["<", "p", ">", "raw"] && sources.source(of: 3) == .none)
    }

    @Test("The document's token limit cuts the text", arguments: [0, 1, 3, 10])
    func tokenLimit(_ limit: Int) throws {
        let document = Document(
            subject: nil, body: [], tokenLimit: limit, source: Array("one two six ten".utf8))
        let stream = try TextPipeline(.seed).tokens(of: document)
        #expect(stream.count == min(limit, 4) && stream.isTokenCut == (limit < 4))
    }
}
