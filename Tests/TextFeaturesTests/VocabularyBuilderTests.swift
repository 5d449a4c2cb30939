import Testing
import TextFeatures

@Suite struct VocabularyBuilderTests {
    private func vocabulary(
        _ texts: [String], _ spec: TextPipelineSpec = .seed, size: Int = 100, minimum: Int = 1
    ) throws -> Vocabulary {
        let pipeline = try TextPipeline(spec)
        var builder = VocabularyBuilder()
        for text in texts {
            let document = Document(
                subject: nil, body: Array(text.utf8), source: Array(text.utf8))
            builder.add(pipeline.tokens(of: document))
        }
        return builder.vocabulary(for: spec, size: size, minimumFrequency: minimum)
    }

    private func words(_ vocabulary: Vocabulary) -> [String] {
        (0..<Int32(vocabulary.count)).map(vocabulary.token)
    }

    @Test("The most frequent tokens stay, equal ones in byte order")
    func frequencies() throws {
        let vocabulary = try vocabulary(["bb aa cc", "cc aa", "cc dd"], size: 3)
        #expect(words(vocabulary) == ["<pad>", "<unk>", "cc", "aa", "bb"])
        #expect(vocabulary.documentFrequency == [0, 0, 3, 2, 1] && vocabulary.documents == 3)
    }

    @Test("A token counts once for a message, however often it is there")
    func repetition() throws {
        let vocabulary = try vocabulary(["aa aa aa aa", "bb", "bb"], minimum: 2)
        #expect(words(vocabulary) == ["<pad>", "<unk>", "bb"])
    }

    @Test("Tokens can be left out because of the data sets that they occur in")
    func sources() throws {
        let pipeline = try TextPipeline(.seed)
        var builder = VocabularyBuilder()
        let texts = [("aa bb dd dd", 2), ("aa bb ee", 0), ("aa cc ee", 0), ("aa cc", 1)]
        for (text, source) in texts {
            let bytes = Array(text.utf8)
            let document = Document(subject: nil, body: bytes, source: bytes)
            builder.add(pipeline.tokens(of: document), source: source)
        }
        var seen: Set<[Int32]> = []
        let vocabulary = builder.vocabulary(for: .seed, size: 100, minimumFrequency: 1) {
            seen.insert($0)
            return $0.count { $0 > 0 } > 1
        }
        #expect(words(vocabulary) == ["<pad>", "<unk>", "aa", "bb", "cc"])
        #expect(seen == [[2, 1, 1], [1, 0, 1], [1, 1], [0, 0, 1], [2]])
    }

    @Test("The order of messages does not matter")
    func order() throws {
        let texts = ["aa bb", "cc aa", "dd", "bb dd"]
        #expect(try vocabulary(texts) == vocabulary(texts.reversed()))
    }

    @Test("Markers are in every vocabulary of the default profile, with their frequencies")
    func markers() throws {
        let vocabulary = try vocabulary(["FREE PILLS", "free"], .standard, size: 1)
        let expected = ["<pad>", "<unk>"] + ModelToken.markers + ["free"]
        #expect(words(vocabulary) == expected)
        let frequency = { (token: String) -> Int32? in
            vocabulary.id(token).map { vocabulary.documentFrequency[Int($0)] }
        }
        #expect(frequency("<body>") == 2 && frequency("<caps>") == 1 && frequency("<url>") == 0)
    }

    @Test("No messages give the reserved tokens alone")
    func empty() throws {
        let vocabulary = try vocabulary([])
        #expect(words(vocabulary) == ["<pad>", "<unk>"] && vocabulary.documents == 0)
    }
}
