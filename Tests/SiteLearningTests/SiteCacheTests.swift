import Checksums
import SiteLearning
import Testing

@Suite struct SiteCacheTests {
    @Test("A learner goes on from its cache as if it had not stopped")
    func roundTrip() throws {
        let labels = try SiteSamples.labels(12)
        let anchors = try SiteSamples.anchors()
        let learner = try SiteLearner(replaying: labels.prefix(8), anchors: anchors)
        var copy = try SiteLearner(
            cache: learner.cache(revision: 3), options: learner.options, anchors: anchors,
            revision: 3)
        #expect(copy.count == 8)
        #expect(copy.lastNumber == 8)
        for label in labels.suffix(4) { try copy.learn(label) }
        let whole = try SiteLearner(replaying: labels, anchors: anchors)
        #expect(copy.cache(revision: 0) == whole.cache(revision: 0))
    }

    @Test("Other options, anchors and labels make a cache stale, other bounds don't")
    func stale() throws {
        let anchors = try SiteSamples.anchors()
        let learner = try SiteLearner(replaying: SiteSamples.labels(3), anchors: anchors)
        let bytes = learner.cache(revision: 1)
        var options = learner.options
        options.upperBound = 4
        #expect(
            try SiteLearner(cache: bytes, options: options, anchors: anchors, revision: 1).layer
                .bounds.upperBound == 4)
        options.hamWeight = 2
        #expect(throws: SiteLearningError.self) {
            try SiteLearner(cache: bytes, options: options, anchors: anchors, revision: 1)
        }
        #expect(throws: SiteLearningError.self) {
            try SiteLearner(
                cache: bytes, options: learner.options, anchors: AnchorReservoir(), revision: 1)
        }
        #expect(throws: SiteLearningError.staleCache("a label was changed or taken back")) {
            try SiteLearner(cache: bytes, options: learner.options, anchors: anchors, revision: 2)
        }
    }

    @Test("Cut or changed bytes are damage", arguments: [0, 1, 40, 1_000, 2_000_000])
    func damaged(_ position: Int) throws {
        let learner = try SiteLearner(replaying: SiteSamples.labels(3))
        var bytes = learner.cache(revision: 1)
        #expect(throws: SiteLearningError.self) {
            try SiteLearner(
                cache: Array(bytes[..<position]), options: learner.options,
                anchors: learner.anchors, revision: 1)
        }
        bytes[position] ^= 1
        #expect(throws: SiteLearningError.damagedCache("its checksum is wrong")) {
            try SiteLearner(
                cache: bytes, options: learner.options, anchors: learner.anchors, revision: 1)
        }
    }

    @Test("Wrong numbers below a right checksum are damage", arguments: [82, 98, 150, 5_000])
    func hostile(_ position: Int) throws {
        let learner = try SiteLearner(replaying: SiteSamples.labels(3))
        var contents = Array(learner.cache(revision: 1).dropLast(32))
        // Counts become huge, a weight becomes infinite.
        for index in position..<(position + 8) { contents[index] = 0xFF }
        #expect(throws: SiteLearningError.self) {
            try SiteLearner(
                cache: contents + SHA256.digest(contents), options: learner.options,
                anchors: learner.anchors, revision: 1)
        }
    }
}
