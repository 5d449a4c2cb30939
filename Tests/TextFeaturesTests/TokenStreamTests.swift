import Testing
import TextFeatures

@Suite struct TokenStreamTests {
    private func stream(_ tokens: [(String, TokenStream.Kind)]) -> TokenStream {
        var stream = TokenStream()
        for (text, kind) in tokens { stream.append(text.utf8, kind) }
        return stream
    }

    @Test("Tokens keep order, text and kind")
    func append() {
        var stream = stream([("word", .word), ("ärger", .word), ("", .word), ("buy", .spaced)])
        stream.append(marker: "<caps>")
        #expect(stream.count == 5)
        #expect(stream.strings == ["word", "ärger", "", "buy", "<caps>"])
        #expect(stream.strings.indices.allSatisfy { stream.string(at: $0) == stream.strings[$0] })
        #expect(stream.tokens.map(\.kind) == [.word, .word, .word, .spaced, .marker])
    }

    @Test("Another stream goes in front, with its kinds")
    func prepend() {
        var stream = stream([("a", .word), ("b", .mixed)])
        stream.prepend(self.stream([("x", .marker), ("yz", .word)]))
        #expect(stream.strings == ["x", "yz", "a", "b"])
        #expect(stream.tokens.map(\.kind) == [.marker, .word, .word, .mixed])
        stream.prepend(TokenStream())
        #expect(stream.count == 4)
    }

    @Test("Spaced-out and mixed words don't enter a vocabulary")
    func countable() {
        let stream = stream([("a", .word), ("b", .mixed), ("c", .spaced), ("<d1>", .marker)])
        var seen: [String] = []
        stream.forEachCountable { seen.append(String(decoding: $0, as: UTF8.self)) }
        #expect(seen == ["a", "<d1>"])
    }
}
