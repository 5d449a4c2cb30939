import Testing

@testable import SiteLearning

@Suite struct AnchorReservoirTests {
    @Test("A label draws the same anchors at every replay, other labels other ones")
    func draws() throws {
        let anchors = try SiteSamples.anchors()
        #expect(anchors.draw(5, for: 17) == anchors.draw(5, for: 17))
        #expect(Set((0..<200).flatMap { anchors.draw(5, for: $0) }) == Set(0..<20))
        #expect(AnchorReservoir().draw(5, for: 1).isEmpty)
    }

    @Test("Anchors keep the layer from spreading a label to words of all mail")
    func spread() throws {
        let labels = try (1...20).map {
            try SiteSamples.label($0, .ham, "offer of the week \($0)", logit: 2)
        }
        let spam = try SiteSamples.features("base mail 3 about meeting and offer")
        let alone = try SiteLearner(replaying: labels).layer.score(spam)
        let anchored = try SiteLearner(replaying: labels, anchors: SiteSamples.anchors()).layer
            .score(spam)
        #expect(anchored.sum > alone.sum + 1)
    }
}
