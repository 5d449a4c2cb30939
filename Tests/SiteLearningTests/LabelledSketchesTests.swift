import Testing

@testable import SiteLearning

@Suite struct LabelledSketchesTests {
    /// Features of 400 numbers from one on.
    private func features(_ start: Int, _ count: Int = 400) -> SiteFeatures {
        SiteFeatures(text: (start..<(start + count)).map(LabelledSketchesTests.hash), sender: [])
    }

    private static func hash(_ number: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: (UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15) >> 24)
    }

    private func label(
        _ number: Int64, _ label: SiteLabel.Class, _ features: SiteFeatures, logit: Float = 0
    ) -> SiteLabel {
        SiteLabel(number: number, label: label, logit: logit, features: features)
    }

    @Test("The share of common features is estimated, and what shares little is not found")
    func likeness() {
        for round in 0..<20 {
            let start = 10_000 * round
            var sketches = LabelledSketches()
            sketches.add(features(start), .spam)
            #expect(sketches.likeness(of: features(start)) == .init(ham: 0, spam: 1))
            // 360 of 440 different features are common.
            #expect(sketches.likeness(of: features(start + 40)).spam > 0.5)
            // 100 of 700 are.
            #expect(sketches.likeness(of: features(start + 300)) == .init())
        }
    }

    @Test("Nearly the same as marked spam: more is added, up to a higher bound, with a reason")
    func copies() throws {
        let spam = features(1)
        let copy = features(5)
        let other = features(5_000)
        let layer = try SiteLearner(replaying: [label(1, .spam, spam, logit: -9)]).layer
        let score = layer.score(copy)
        #expect(score.copySum == 4 && score.sum > layer.score(other).sum + 4)
        #expect(layer.score(other).copySum == 0)
        let certain = try SiteLearner(
            replaying: (1...40).map { label($0, .spam, spam, logit: -30) }
        ).layer
        #expect(certain.score(copy).sum == 8 && certain.score(copy).isClipped)
        #expect(certain.score(other).sum <= 6)
        let named = layer.reasons(
            NamedSiteFeatures(features: copy, words: copy.text.map { ["\($0)"] }), limit: 1)
        #expect(named.map(\.words) == ["nearly the same as a message marked as spam"])
        #expect(named.map(\.sum) == [4])
    }

    @Test("What is as similar to wanted mail gets nothing")
    func wanted() throws {
        let copy = features(5)
        let layer = try SiteLearner(
            replaying: [label(1, .spam, features(20)), label(2, .ham, features(6))]
        ).layer
        #expect(layer.score(copy).copySum == 0)
        let both = try SiteLearner(
            replaying: [label(1, .spam, features(5)), label(2, .ham, features(5))]
        ).layer
        #expect(both.score(copy).copySum == 0)
        let nearer = try SiteLearner(
            replaying: [label(1, .spam, features(5)), label(2, .ham, features(60))]
        ).layer
        #expect(nearer.score(copy).copySum == 4)
    }

    @Test("A text that all labelled mail has keeps no message from being found")
    func commonText() {
        // The smallest hashes are common to a thousand messages, the keys perhaps.
        let common = Array(0..<3 as Range<UInt32>)
        var sketches = LabelledSketches()
        for number in 0..<1_000 {
            let own = features(1_000 * number, 200).text
            sketches.add(SiteFeatures(text: common + own, sender: []), .spam)
        }
        let first = SiteFeatures(text: common + features(0, 200).text, sender: [])
        #expect(sketches.likeness(of: first).spam == 1 && sketches.count == 1_000)
    }

    @Test("Short texts are no copies of each other")
    func short() {
        var sketches = LabelledSketches()
        sketches.add(features(1, 39), .spam)
        #expect(sketches.count == 0 && sketches.likeness(of: features(1, 39)) == .init())
    }

    @Test(
        "The smallest numbers come in order",
        arguments: [
            ([], []), ([3], [3]), ([3, 1, 2], [1, 2, 3]), ([5, 4, 3, 2, 1], [1, 2, 3]),
            ([1, 2, 3, 4], [1, 2, 3]), ([9, 1, 8, 2, 7, 3], [1, 2, 3]),
        ] as [([UInt32], [UInt32])])
    func smallest(_ hashes: [UInt32], _ expected: [UInt32]) {
        #expect(LabelledSketches.smallest(hashes, 3) == expected)
    }

    @Test("A cache keeps them, and one whose sketches are out of order is refused")
    func cache() throws {
        let labels = (1...300).map { number in
            label(number, number % 2 == 0 ? .ham : .spam, features(1_000 * Int(number)))
        }
        let learner = try SiteLearner(replaying: labels)
        let bytes = learner.cache(revision: 1)
        let copy = try SiteLearner(
            cache: bytes, options: learner.options, anchors: learner.anchors, revision: 1)
        #expect(copy.cache(revision: 1) == bytes && copy.sketches.count == 300)
        for number in [1, 2, 299, 300] {
            let message = features(1_000 * number + 2)
            #expect(copy.layer.score(message) == learner.layer.score(message))
        }
        var writer = ByteWriter()
        learner.sketches.write(to: &writer)
        for index in [4 + 4 * 4, 4 + 28 * 4] {
            var damaged = writer.bytes
            damaged[index + 3] = 0xFF
            #expect(throws: SiteLearningError.damagedCache("a sketch is not in order")) {
                var reader = ByteReader(damaged[...])
                _ = try LabelledSketches(&reader)
            }
        }
    }
}
