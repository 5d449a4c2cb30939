import Checksums
import Models
import Testing
import TextFeatures

@Suite struct ReservoirTests {
    private func sample() throws -> Reservoir {
        let pipeline = try TextPipeline(.standard)
        let texts = ["Hello wörld, see https://example.com/x", "v i a g r a p@rty", ""]
        return Reservoir(
            texts.enumerated().map { index, text in
                Reservoir.Message(
                    set: "set\(index % 2)", label: index == 0 ? "ham" : "spam",
                    date: index == 1 ? 1_700_000_000 : nil,
                    tokens: pipeline.tokens(
                        of: Document(subject: [], body: Array(text.utf8), source: [])))
            })
    }

    @Test("A reservoir is read as it was written, and gives the same ids")
    func roundTrip() throws {
        let reservoir = try sample()
        let copy = try Reservoir(encoded: reservoir.encoded)
        #expect(copy.messages.map(\.set) == ["set0", "set1", "set0"])
        #expect(copy.messages.map(\.label) == ["ham", "spam", "spam"])
        #expect(copy.messages.map(\.date) == [nil, 1_700_000_000, nil])
        #expect(copy.messages.map(\.tokens.strings) == reservoir.messages.map(\.tokens.strings))
        #expect(copy.encoded == reservoir.encoded)
        let pipeline = try TextPipeline(.standard)
        var builder = VocabularyBuilder()
        for message in reservoir.messages { builder.add(message.tokens) }
        let vocabulary = builder.vocabulary(for: .standard, size: 100, minimumFrequency: 1)
        for (one, other) in zip(reservoir.messages, copy.messages) {
            #expect(
                pipeline.ids(of: one.tokens, in: vocabulary)
                    == pipeline.ids(of: other.tokens, in: vocabulary))
        }
    }

    @Test("Of a long message the ends are kept")
    func ends() throws {
        let text = (0..<2_000).map { "word\($0)" }.joined(separator: " ")
        let tokens = try TextPipeline(.standard).tokens(
            of: Document(subject: nil, body: Array(text.utf8), source: []))
        let message = Reservoir.Message(set: "a", label: "ham", tokens: tokens)
        #expect(message.tokens.count == Reservoir.head + Reservoir.tail)
        #expect(message.tokens.strings.last == tokens.strings.last)
    }

    @Test("Cut and changed bytes are errors")
    func damaged() throws {
        let bytes = try sample().encoded
        for length in 0..<bytes.count {
            #expect(throws: ReservoirError.self) {
                try Reservoir(encoded: Array(bytes[..<length]))
            }
            var changed = bytes
            changed[length] ^= 0x10
            #expect(throws: ReservoirError.self) { try Reservoir(encoded: changed) }
        }
    }

    @Test("Wrong numbers below a right checksum are errors or another reservoir, never a crash")
    func hostile() throws {
        let contents = Array(try sample().encoded.dropLast(32))
        var refused = 0
        for index in contents.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var changed = contents
                changed[index] = value
                do {
                    let reservoir = try Reservoir(encoded: changed + SHA256.digest(changed))
                    #expect(reservoir.messages.count <= contents.count)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > contents.count)
    }
}
