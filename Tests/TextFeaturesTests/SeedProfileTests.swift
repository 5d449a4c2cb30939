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
            ("", ""),
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

    @Test("One long line costs no more than its length")
    func longLine() throws {
        let line = String(repeating: "A1+/", count: 100_000)
        #expect(try tokens(line).hasPrefix("anumber + / anumber"))
    }
}
