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
        #expect(read == written && read.documents == 7)
        #expect(read.id("café") == 3 && read.id("cafe") == nil && read.token(4) == "tld:com")
    }

    @Test(
        "A damaged file is refused with its line",
        arguments: [
            ("", 2), ("<pad>\t0\n", 1), ("#documents\t1\n<pad>\t0\n<unk>\t0\nx\n", 4),
            ("#documents\t1\n<pad>\t0\n<unk>\t0\na\t1\na\t1\n", 5),
            ("#documents\t1\na\t0\nb\t0\n", 2), ("#documents\t1\n<pad>\t0\n", 2),
            ("#documents\t-1\n", 1), ("#documents\t1\n<pad>\t0\n<unk>\tx\n", 3),
            ("#documents\t1\n<pad>\t0\n<unk>\t0\na\t1\t2\n", 4),
        ])
    func damaged(_ text: String, _ line: Int) {
        #expect {
            try Vocabulary(fileText: text)
        } throws: {
            ($0 as? Vocabulary.FormatError)?.line == line
                && "\($0)".hasPrefix("vocabulary.txt line \(line): ")
        }
    }

    @Test("Thousands of tokens are found, and no others")
    func lookUp() {
        let tokens = (0..<5_000).map { (token: Array("word\($0)".utf8), documentFrequency: $0) }
        let vocabulary = Vocabulary(tokens: tokens, documents: 5_000)
        #expect(vocabulary.count == 5_000)
        #expect((0..<5_000).allSatisfy { vocabulary.id("word\($0)") == Int32($0) })
        for stranger in ["word5000", "word", "", "wor", "word12 "] {
            #expect(vocabulary.id(stranger) == nil)
        }
    }

    @Test("Tokens of every length are told from those that differ in one byte or in length")
    func neighbours() {
        var tokens: [[UInt8]] = []
        for length in 0...40 {
            let token = (0..<length).map { UInt8(97 + $0 % 26) }
            tokens.append(token)
            for index in token.indices {
                for byte in [0, 65, 255] as [UInt8] {
                    var other = token
                    other[index] = byte
                    tokens.append(other)
                }
            }
        }
        let known = Vocabulary(
            tokens: tokens.map { (token: $0, documentFrequency: 1) }, documents: 1)
        #expect(tokens.indices.allSatisfy { known.id(tokens[$0][...]) == Int32($0) })
        let half = Vocabulary(
            tokens: tokens.enumerated().filter { $0.offset % 2 == 0 }
                .map { (token: $0.element, documentFrequency: 1) }, documents: 1)
        for (index, token) in tokens.enumerated() {
            #expect(half.id(token[...]) == (index % 2 == 0 ? Int32(index / 2) : nil))
        }
    }

    @Test("A token is found by its bytes as by its text")
    func bytes() {
        let vocabulary = Vocabulary.of(["straße": 3])
        #expect(vocabulary.id(utf8("straße")) == vocabulary.id("straße"))
        #expect(vocabulary.id(utf8("xstraße").dropFirst()) == vocabulary.id("straße"))
    }

    @Test("Ids without a term cost no search, and the first id of a repeated term is found")
    func repeatedTerms() {
        var terms = [[UInt8]](repeating: Vocabulary.absentTerm, count: 300_000)
        terms[299_999] = Array("far".utf8)
        terms[7] = Array("near".utf8)
        terms[9] = Array("near".utf8)
        let vocabulary = Vocabulary(terms: terms)
        #expect(vocabulary.id("far") == 299_999 && vocabulary.id("near") == 7)
        #expect(vocabulary.id("other") == nil && vocabulary.count == 300_000)
    }
}
