import Testing
import TextFeatures

/// Text becomes ids as Keras makes them; the expected terms are those of Keras 3.15.
@Suite struct KerasProfileTests {
    private func terms(_ text: String, _ spec: KerasTextSpec) throws -> [String] {
        let pipeline = try TextPipeline(.keras(spec, longest: 1_000))
        let document = Document(subject: nil, body: Array(text.utf8), source: [])
        return pipeline.tokens(of: document).strings
    }

    private static let layer = KerasTextSpec(
        lowercase: .ascii, removed: KerasTextSpec.punctuation, split: .whitespace, unknown: 1,
        length: nil)

    @Test(
        "TextVectorization lowers ASCII alone, deletes ASCII marks and splits at ASCII white space",
        arguments: [
            ("Don't STOP", ["dont", "stop"]), ("a/b a-b", ["ab", "ab"]), ("É Ж", ["É", "Ж"]),
            ("“quoted”…", ["“quoted”…"]), ("a\u{a0}b\u{3000}c", ["a\u{a0}b\u{3000}c"]),
            (" a\t\n\u{b}\u{c}\rb ", ["a", "b"]), ("a\u{1c}b\u{85}c", ["a\u{1c}b\u{85}c"]),
            ("", []), ("  ", []), ("!!!", []), ("! !", []),
        ])
    func vectorization(_ text: String, _ expected: [String]) throws {
        #expect(try terms(text, KerasProfileTests.layer) == expected)
    }

    @Test("N-grams come length by length, joined by a space")
    func ngrams() throws {
        var spec = KerasProfileTests.layer
        spec.ngrams = [1, 2]
        #expect(try terms("a b c", spec) == ["a", "b", "c", "a b", "b c"])
        spec.ngrams = [3, 1]
        #expect(try terms("a b", spec) == ["a", "b"])
    }

    @Test("Characters are Unicode scalars")
    func characters() throws {
        var spec = KerasProfileTests.layer
        spec.split = .characters
        #expect(try terms("e\u{301}!x", spec) == ["e", "\u{301}", "x"])
        spec.split = .none
        #expect(try terms("A b!", spec) == ["a b"])
        #expect(try terms("", spec) == [""])
    }

    private static let tokenizer = KerasTextSpec(
        lowercase: .unicode, separators: KerasTextSpec.tokenizerFilters, split: .separator(" "),
        unknown: nil, length: nil)

    @Test(
        "Tokenizer lowers as Python does, and splits at filters and spaces alone",
        arguments: [
            ("ΟΔΥΣΣΕΥΣ", ["οδυσσευς"]), ("Σ", ["σ"]), ("ΑΣ.Β", ["ασ", "β"]), ("ΑΣ Β", ["ας", "β"]),
            ("İ", ["i\u{307}"]),
            ("ẞ", ["ß"]), ("don't", ["don't"]), ("a\u{a0}b\rc", ["a\u{a0}b\rc"]),
            ("a-b\tc\nd", ["a", "b", "c", "d"]), ("  ", []), ("A\u{3a3}\u{301}", ["aς\u{301}"]),
        ])
    func tokenizer(_ text: String, _ expected: [String]) throws {
        #expect(try terms(text, KerasProfileTests.tokenizer) == expected)
    }

    @Test("A separator of several characters is found where filters have become it")
    func separator() throws {
        var spec = KerasProfileTests.tokenizer
        spec.split = .separator("ab")
        spec.separators = "!"
        #expect(try terms("x!y ab z", spec) == ["x", "y ", " z"])
    }

    @Test("Ids are filled up and cut at the ends that the spec says")
    func padding() throws {
        let vocabulary = Vocabulary(terms: [[0xFF]] + ["a", "b", "c"].map { Array($0.utf8) })
        func ids(_ text: String, _ change: (inout KerasTextSpec) -> Void) throws -> [Int32] {
            var spec = KerasProfileTests.tokenizer
            spec.length = 3
            change(&spec)
            let pipeline = try TextPipeline(.keras(spec, longest: 3))
            let document = Document(subject: nil, body: Array(text.utf8), source: [])
            return pipeline.ids(of: pipeline.tokens(of: document), in: vocabulary)
        }
        #expect(try ids("a b") { $0.padding = .pre } == [0, 1, 2])
        #expect(try ids("a b") { $0.padding = .post } == [1, 2, 0])
        #expect(try ids("a b c a") { $0.truncating = .pre } == [2, 3, 1])
        #expect(try ids("a b c a") { $0.truncating = .post } == [1, 2, 3])
        #expect(try ids("a x b") { $0.unknown = 3 } == [1, 3, 2])
        #expect(try ids("a x b") { _ in } == [1, 2, 0])
        #expect(try ids("a") { $0.paddingID = 2 } == [1, 2, 2])
    }

    @Test("The subject stands in front, and tokens are traced to where they are written")
    func trace() throws {
        let pipeline = try TextPipeline(.keras(KerasProfileTests.layer, longest: 10))
        let document = Document(
            subject: Array("Big WIN!".utf8), body: Array("it's here".utf8), source: [])
        let stream = pipeline.tokens(of: document)
        #expect(stream.strings == ["big", "win", "its", "here"])
        var sources = pipeline.sources(of: stream, in: document)
        #expect(
            (0..<4).map { sources.source(of: $0) }
                == [.subject(0..<3), .subject(4..<7), .body(0..<4), .body(5..<9)])
    }

    @Test("A vocabulary file holds any term")
    func vocabulary() throws {
        let terms: [[UInt8]] = [
            [], [0xFF], Array("a b".utf8), Array("tab\there\nline\\x".utf8), Array("é".utf8),
            Array("e\u{301}".utf8), [0xED, 0xA0, 0x80],
        ]
        let vocabulary = Vocabulary(terms: terms)
        let read = try Vocabulary(termText: Array(vocabulary.termText.utf8))
        #expect(read.termText == vocabulary.termText && read.count == terms.count)
        for (index, term) in terms.enumerated() {
            #expect(read.id(term[...]) == Int32(index))
        }
        #expect(throws: Vocabulary.FormatError.self) {
            try Vocabulary(termText: Array("#terms\t2\na\n".utf8))
        }
        #expect(throws: Vocabulary.FormatError.self) {
            try Vocabulary(termText: Array("#terms\t1\n\\q\n".utf8))
        }
    }
}
