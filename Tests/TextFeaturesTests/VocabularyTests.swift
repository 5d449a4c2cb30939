import Testing
import TextFeatures

@Suite struct VocabularyTests {
    @Test("The file form reads back as it was written")
    func roundTrip() throws {
        let tokens = ["<pad>", "<unk>", "the", "café", "tld:com"].map {
            (token: Array($0.utf8), documentFrequency: $0.count)
        }
        let written = Vocabulary(tokens: tokens, documents: 7)
        let read = try Vocabulary(fileText: written.fileText)
        #expect(read.fileText == written.fileText)
        #expect(read.id("café") == 3 && read.id("cafe") == nil && read.token(4) == "tld:com")
    }

    @Test(
        "A damaged file is refused with its line",
        arguments: [
            ("", 2), ("<pad>\t0\n", 1), ("#documents\t1\n<pad>\t0\n<unk>\t0\nx\n", 4),
            ("#documents\t1\n<pad>\t0\n<unk>\t0\na\t1\na\t1\n", 5),
            ("#documents\t1\na\t0\nb\t0\n", 2),
        ])
    func damaged(_ text: String, _ line: Int) {
        #expect {
            try Vocabulary(fileText: text)
        } throws: { ($0 as? Vocabulary.FormatError)?.line == line }
    }

    @Test("The most frequent tokens stay, equal ones in byte order")
    func frequencies() throws {
        let pipeline = try TextPipeline(.seed)
        var builder = VocabularyBuilder()
        for text in ["bb aa cc", "cc aa", "cc dd"] {
            builder.add(
                pipeline.tokens(of: Document(subject: nil, body: [], source: Array(text.utf8))))
        }
        let vocabulary = builder.vocabulary(for: .seed, size: 3, minimumFrequency: 1)
        #expect((0..<5).map(vocabulary.token) == ["<pad>", "<unk>", "cc", "aa", "bb"])
    }
}
