import FilterTestKit
import Testing
import TextFeatures

@testable import Learning

@Suite struct WordVectorsTests {
    private func vectors(_ text: String) throws -> WordVectors {
        let folder = try TemporaryFolder()
        let path = try folder.write("words.vec", text)
        return try withExtendedLifetime(folder) { try WordVectors(path: path) }
    }

    private let vocabulary = Vocabulary(
        tokens: ["<pad>", "<unk>", "invoice", "élan", "lottery"].map { (Array($0.utf8), 1) },
        documents: 1)

    @Test(
        "Files of word2vec, GloVe and fastText are read",
        arguments: [
            "invoice 3 0\nother 1 1\nélan 0 -4\n", "3 2\ninvoice 3 0\nother 1 1\nélan 0 -4",
            "invoice 3 0\nby the way 5 5\nélan 0 -4\n", "invoice 3 0 \r\nélan 0 -4 \r\n",
            "élan 0.0e0 -40e-1\ninvoice 3.0 0\ninvoice 7 7\n",
        ])
    func reads(text: String) throws {
        let vectors = try vectors(text)
        #expect(vectors.dimensions == 2)
        let rows = try vectors.rows(of: vocabulary)
        // 3 and 4 in four numbers: the root of the mean square is 2.5, and becomes 0.1.
        #expect(rows == [2: [3 * 0.04, 0], 3: [0, -4 * 0.04]])
        let source = vectors.source(words: rows.count)
        #expect(source.name == "words.vec" && source.words == 2 && source.sha256.count == 64)
    }

    @Test(
        "A file that is none is refused, with the line",
        arguments: [
            ("", "has no word"), ("2 2\n", "has no word"),
            ("a 1 2\nb 1\n", "line 2: has 1 numbers, and the lines above 2"),
            ("a 1 2\nb 1 2 3\n", "line 2: has 3 numbers"),
            ("a 1 2\n\nb\n", "line 3: has 0 numbers"),
        ])
    func refuses(text: String, words: String) throws {
        #expect {
            _ = try vectors(text)
        } throws: {
            ($0 as? TrainingError)?.kind == .badVectors && "\($0)".contains(words)
        }
    }

    @Test(
        "What is no number is refused where the vocabulary has the word", arguments: ["x", "nan"])
    func refusesNumber(number: String) throws {
        let vectors = try vectors("other x y\ninvoice 1 \(number)\n")
        #expect {
            _ = try vectors.rows(of: vocabulary)
        } throws: {
            "\($0)".contains("words.vec, line 2: has \(number) for a number")
        }
    }

    @Test(
        "Vectors that say nothing of the training mail are refused",
        arguments: [("other 1 2\n", "has none of the training mail's"), ("invoice 0 0\n", "zeros")])
    func refusesStrangers(text: String, words: String) throws {
        let vectors = try vectors(text)
        #expect {
            _ = try vectors.rows(of: vocabulary)
        } throws: {
            ($0 as? TrainingError)?.kind == .badVectors && "\($0)".contains(words)
        }
    }

    @Test("A missing file, and vectors of another length than the network's, are errors")
    func mismatch() throws {
        #expect {
            _ = try WordVectors(path: "/nonexistent/words.vec")
        } throws: {
            ($0 as? TrainingError)?.kind == .missing
        }
        let vectors = try vectors("a 1 2 3\n")
        try vectors.check(dimensions: 3)
        #expect {
            try vectors.check(dimensions: 64)
        } throws: {
            "\($0)".contains("train with --embedding 3")
        }
    }

    @Test("A training run says which vectors it began with, and other vectors give another model")
    func trains() throws {
        let folder = try TemporaryFolder()
        let plain = try TinyModel.train(in: TemporaryFolder())
        let words = (0..<plain.vocabulary.count).map { plain.vocabulary.token(Int32($0)) }
            .filter { !$0.contains(" ") }
        let numbers = (0..<TinyModel.options.embedding).map { "\($0 % 3 - 1)" }
        let text = words.map { "\($0) \(numbers.joined(separator: " "))" }.joined(separator: "\n")
        let vectors = try WordVectors(path: folder.write("tiny.vec", text))
        let bundle = try TinyModel.train(in: folder, vectors: vectors)
        #expect(bundle.network?.parameters != plain.network?.parameters)
        #expect("\(bundle.report)".contains("tiny.vec"))
        #expect(bundle.card.contains("tiny.vec"))
        #expect(!plain.card.contains("ectors"))
    }
}
