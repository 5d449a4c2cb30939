import SiteLearning
import Testing

@Suite struct SiteReasonTests {
    private func named(
        _ text: String, _ address: String, list: String = ""
    ) throws -> NamedSiteFeatures {
        NamedSiteFeatures(
            tokens: try SiteSamples.tokens(text),
            sender: SiteSamples.sender(address, list: list),
            secret: try #require(SiteSamples.secret))
    }

    @Test("The sender is one reason, with its labels counted, and words are others")
    func reasons() throws {
        let layer = try SiteLearner(
            replaying: (1...3).map {
                try SiteSamples.label($0, .ham, "weekly digest", from: "a@shop.example", logit: 3)
            }
        ).layer
        let message = try named("weekly digest again", "a@shop.example")
        let reasons = layer.reasons(message, limit: 20)
        #expect(reasons.first?.words == "3 messages of this sender marked as wanted")
        #expect(reasons.map(\.words).contains("weekly digest"))
        #expect(reasons.map(\.words).contains("[Subject] [text]"))
        #expect(!reasons.map(\.words).contains("again"))
        #expect(zip(reasons, reasons.dropFirst()).allSatisfy { abs($0.sum) >= abs($1.sum) })
        #expect(layer.reasons(message, limit: 2).count == 2)
        // All but the bias, which has at most half of a weight.
        let sum = layer.score(message.features).sum
        #expect(abs(reasons.map(\.sum).reduce(0, +) - sum) < 1)
    }

    @Test(
        "The most specific mark that has labels is named",
        arguments: [
            ("a@shop.example", "1 message of this sender marked as spam"),
            ("b@shop.example", "1 message of this sender's domain marked as spam"),
        ])
    func specificity(_ address: String, _ expected: String) throws {
        let layer = try SiteLearner(
            replaying: [SiteSamples.label(1, .spam, "text", from: "a@shop.example")]
        ).layer
        let words = try layer.reasons(named("other", address), limit: 20).map(\.words)
        #expect(words.contains(expected))
    }

    @Test("Mixed labels are both counted")
    func mixed() throws {
        let layer = try SiteLearner(
            replaying: [
                SiteSamples.label(1, .spam, "text", from: "a@shop.example"),
                SiteSamples.label(2, .ham, "text", from: "a@shop.example"),
            ]
        ).layer
        let words = try layer.reasons(named("other", "a@shop.example"), limit: 20).map(\.words)
        #expect(words.contains("2 messages of this sender marked, 1 of them as spam"))
    }

    @Test("Without labels there is no reason")
    func none() throws {
        #expect(try SiteLearner().layer.reasons(named("text", "a@b.example"), limit: 9).isEmpty)
    }
}
