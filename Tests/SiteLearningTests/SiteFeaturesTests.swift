import SiteLearning
import Testing
import TextFeatures

@Suite struct SiteFeaturesTests {
    @Test("Features are the distinct tokens and the distinct pairs of neighbours")
    func counts() throws {
        // <subj> <body> a b a b: 4 tokens, and the pairs subj-body, body-a, a-b, b-a.
        let features = try SiteSamples.features("alpha beta alpha beta")
        #expect(features.textCount == 8)
        #expect(try SiteSamples.features("alpha beta") == SiteSamples.features("alpha beta"))
        #expect(try SiteSamples.features("alpha beta") != SiteSamples.features("beta alpha"))
    }

    @Test("Of a long message the first 750 and the last 250 tokens count")
    func long() throws {
        func text(_ middle: String) -> String {
            (0..<900).map { "front\($0)" }.joined(separator: " ") + " \(middle) "
                + (0..<300).map { "back\($0)" }.joined(separator: " ")
        }
        #expect(try SiteSamples.features(text("one")) == SiteSamples.features(text("two")))
        #expect(try SiteSamples.features(text("one")).textCount <= 2_000)
    }

    @Test("Another secret gives other hashes, a verified sender other ones than a forged one")
    func secrets() throws {
        let tokens = try SiteSamples.tokens("some words")
        let sender = SiteSamples.sender("a@example.com")
        let other = try #require(SiteSecret(Array(2...17)))
        let features = SiteFeatures(
            tokens: tokens, sender: sender, secret: try #require(SiteSamples.secret))
        #expect(SiteFeatures(tokens: tokens, sender: sender, secret: other) != features)
        #expect(
            try SiteSamples.features("a", from: "a@example.com", verified: true)
                != SiteSamples.features("a", from: "a@example.com"))
    }

    @Test("Stored features are read as they were written")
    func roundTrip() throws {
        for text in ["", "one", "many words and a link https://example.com/x"] {
            let features = try SiteSamples.features(text, from: "a@example.com")
            #expect(try SiteFeatures(encoded: features.encoded) == features)
        }
    }

    @Test("Cut and changed bytes are errors, and nothing reads beyond them")
    func damaged() throws {
        let bytes = try SiteSamples.features("some words here", from: "a@example.com").encoded
        for length in 0..<bytes.count {
            #expect(throws: SiteLearningError.self) {
                try SiteFeatures(encoded: Array(bytes[..<length]))
            }
        }
        #expect(throws: SiteLearningError.self) { try SiteFeatures(encoded: bytes + [0]) }
        #expect(throws: SiteLearningError.featureVersion(9)) {
            try SiteFeatures(encoded: [9] + bytes.dropFirst())
        }
        let twice = [1, 0, 2, 0] + [7, 7, 7, 7, 7, 7, 7, 7] as [UInt8]
        #expect(throws: SiteLearningError.damagedFeatures("a feature occurs twice")) {
            try SiteFeatures(encoded: twice)
        }
        let senders = [1, 7, 0, 0] + [UInt8](repeating: 1, count: 28)
        #expect(throws: SiteLearningError.self) { try SiteFeatures(encoded: senders) }
    }
}
