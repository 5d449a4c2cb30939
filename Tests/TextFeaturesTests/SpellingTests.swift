import Testing

@testable import TextFeatures

@Suite struct SpellingTests {
    private static let vocabulary = Vocabulary.of([
        "a": 90, "ab": 40, "ba": 9, "abba": 3, "bab": 20, "cab": 30, "cc": 1, "bcbc": 5,
        "abcabcabcabcabca": 2, "caccac": 8,
    ])

    /// The least cost of all ways to cut letters into known words of two and more letters, up to
    /// sixteen, and single letters.
    private func leastCost(_ letters: [UInt8]) -> Float {
        let vocabulary = SpellingTests.vocabulary
        var costs: [Float] = [0]
        for end in letters.indices.map({ $0 + 1 }) {
            var least = costs[end - 1] + Spelling.letterCost
            for start in max(0, end - 16)..<max(0, end - 1) {
                if let id = vocabulary.id(letters[start..<end]) {
                    least = min(least, costs[start] + vocabulary.rarity[Int(id)])
                }
            }
            costs.append(least)
        }
        return costs[letters.count]
    }

    @Test("The cheapest way is found, though most look-ups are left out", arguments: 0..<50)
    func cheapest(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        let letters = (0..<60).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(ascii: "a") + UInt8(state >> 33 & 0xFF) % 3
        }
        let spelling = Spelling(letters.span, SpellingTests.vocabulary)
        #expect(spelling.cost == leastCost(letters))
        for word in spelling.words {
            let token = Array(SpellingTests.vocabulary.token(word.id).utf8)
            #expect(letters[word.start...].starts(with: token))
        }
    }
}
