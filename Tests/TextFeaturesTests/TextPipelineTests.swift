import Foundation
import Testing
import TextFeatures

@Suite struct TextPipelineTests {
    @Test("Long messages keep their front and their end")
    func length() throws {
        let pipeline = try TextPipeline(.standard)
        let words = (0..<20_000).map { _ in "word" }.joined(separator: " ") + " end"
        var builder = VocabularyBuilder()
        let stream = pipeline.tokens(
            of: Document(subject: nil, body: Array(words.utf8), source: []))
        builder.add(stream)
        let vocabulary = builder.vocabulary(for: .standard, size: 10, minimumFrequency: 1)
        let ids = pipeline.ids(of: stream, in: vocabulary)
        #expect(ids.count == 16_384)
        #expect(ids.last.map(vocabulary.token) == "end")
    }

    @Test(
        "Lengths that can't be are refused",
        arguments: [
            (-1, 0, 384, 128), (0, -1, 384, 128), (9, 9, 0, 1), (9, 9, 9, -1), (9, 9, 65_000, 900),
        ])
    func lengths(_ lengths: (Int, Int, Int, Int)) {
        var spec = TextPipelineSpec.standard
        (spec.textHead, spec.textTail, spec.tokenHead, spec.tokenTail) = lengths
        #expect {
            try TextPipeline(spec)
        } throws: {
            $0 is TextPipeline.UnsupportedLength && "\($0)".contains("at most 65535 tokens")
        }
    }

    @Test("A long message keeps its ends, as if all of it had been read", arguments: 0..<30)
    func ends(_ words: Int) throws {
        var builder = VocabularyBuilder()
        let known = Document(
            subject: nil, body: Array("the pills viagra are here".utf8), source: [])
        builder.add(try TextPipeline(.standard).tokens(of: known))
        let vocabulary = builder.vocabulary(for: .standard, size: 100, minimumFrequency: 1)
        // Words that give one id, two, several or none.
        let choice = ["the", "p1lls", "v i a g r a", "unheard-of", "pіlls", "$", "V@gra", "here"]
        let text = (0..<words).map { choice[($0 * 5 + words) % choice.count] }
            .joined(separator: " and ")
        let document = Document(subject: nil, body: Array(text.utf8), source: [])
        var spec = TextPipelineSpec.standard
        let whole = try TextPipeline(spec)
        let all = whole.ids(of: whole.tokens(of: document), in: vocabulary)
        for (head, tail) in [(1, 0), (7, 3), (10, 20), (40, 40)] {
            spec.tokenHead = head
            spec.tokenTail = tail
            let pipeline = try TextPipeline(spec)
            let stream = pipeline.tokens(of: document)
            let ids = pipeline.ids(of: stream, in: vocabulary)
            #expect(
                ids == (all.count > head + tail ? all.prefix(head) + all.suffix(tail) : all))
            #expect(pipeline.origins(of: stream, in: vocabulary).count == ids.count)
        }
    }

    @Test("Of a long message of words in pieces there are as many origins as ids")
    func longPieces() throws {
        let vocabulary = Vocabulary.of(["cheap": 50, "pills": 50, "word": 90])
        let text = String(repeating: "ch ea pp il ls ", count: 20) + "zzzzzz word word word word"
        for (head, tail) in [(10, 10), (60, 40), (90, 0), (5, 95), (104, 0), (200, 10)] {
            var spec = TextPipelineSpec.standard
            spec.tokenHead = head
            spec.tokenTail = tail
            let pipeline = try TextPipeline(spec)
            let stream = pipeline.tokens(
                of: Document(subject: nil, body: Array(text.utf8), source: []))
            let ids = pipeline.ids(of: stream, in: vocabulary)
            let origins = pipeline.origins(of: stream, in: vocabulary)
            #expect(origins.count == ids.count)
            #expect(origins == origins.sorted())
            #expect(origins.allSatisfy { $0 < stream.count })
        }
    }

    @Test("A spec of another version is refused with both versions", arguments: [0, 2, 99])
    func version(_ version: Int) {
        var spec = TextPipelineSpec.standard
        spec.version = version
        #expect {
            try TextPipeline(spec)
        } throws: {
            "\($0)".contains("version \(version) ") && "\($0)".contains("version 1 ")
        }
    }

    @Test("The largest lengths are accepted", arguments: [(1, 0), (65_535, 0), (1, 65_534)])
    func largestLengths(head: Int, tail: Int) throws {
        var spec = TextPipelineSpec.standard
        (spec.tokenHead, spec.tokenTail) = (head, tail)
        spec.textHead = 1 << 30
        #expect(try TextPipeline(spec).spec == spec)
    }

    @Test("Each id has the index of its token")
    func origins() throws {
        let vocabulary = Vocabulary.of(["buy": 50, "pills": 50, "viagra": 9])
        let pipeline = try TextPipeline(.standard)
        let stream = pipeline.tokens(of: .body("buy ? zzz p1lls buyviagrapills v i a g r a"))
        let ids = pipeline.ids(of: stream, in: vocabulary)
        let origins = pipeline.origins(of: stream, in: vocabulary)
        let read = zip(ids, origins).map { "\(vocabulary.token($0)) \(stream.strings[$1])" }
        // The question mark is not in the vocabulary.
        #expect(
            read == [
                "<spaced1> <spaced1>", "<subj> <subj>", "<body> <body>", "buy buy",
                "<o:w:s:0> zzz", "<leet> p1lls", "pills p1lls", "buy buyviagrapills",
                "viagra buyviagrapills", "pills buyviagrapills",
                "viagra viagra",
            ])
    }

    @Test("Training gets the shape of each word, and none for other tokens")
    func shapes() throws {
        let vocabulary = Vocabulary.of(["viagra": 9, "ab1": 1, "мир": 1, "tld:com": 1, "!!": 1])
        let shapes = try TextPipeline(.standard).shapes(of: vocabulary)
        #expect(shapes.count == vocabulary.count)
        let words = shapes.indices.filter { shapes[$0] != 0 }.map {
            "\(vocabulary.token(Int32($0))) \(vocabulary.token(shapes[$0]))"
        }
        #expect(words == ["viagra <o:w:m:3>", "ab1 <o:d:s>", "мир <o:x:s>"])
        #expect(try TextPipeline(.seed).shapes(of: vocabulary).isEmpty)
    }

    @Test(
        "A spec reads back as it was written, with the names of config.json",
        arguments: TextPipelineSpec.Profile.allCases)
    func coding(_ profile: TextPipelineSpec.Profile) throws {
        let spec = TextPipelineSpec.named(profile)
        let data = try JSONEncoder().encode(spec)
        #expect(try JSONDecoder().decode(TextPipelineSpec.self, from: data) == spec)
        let text = String(decoding: data, as: UTF8.self)
        for name in ["text_head", "text_tail", "token_head", "token_tail", "stop-words", "nfkc"] {
            let isOther = name == (profile == .seed ? "nfkc" : "stop-words")
            #expect(text.contains("\"\(name)\"") != isOther)
        }
    }

    @Test("Every step has a bit", arguments: TextPipelineSpec.Step.allCases)
    func steps(_ step: TextPipelineSpec.Step) {
        #expect(StepSet([step]).rawValue.nonzeroBitCount == 1)
        let others = TextPipelineSpec.Step.allCases.filter { $0 != step }
        #expect(StepSet(others).isDisjoint(with: StepSet([step])))
    }
}
