import Testing

@testable import TextCNN

@Suite struct ThresholdTests {
    private static let ham = (0..<1_000).map { (probability: Double($0) / 1_000, isSpam: false) }
    private static let spam = (0..<100).map { (probability: $0 < 90 ? 0.9995 : 0.2, isSpam: true) }

    @Test(
        "A threshold lets at most the given share of ham through, and is at least the minimum",
        arguments: [
            // rate, minimum, lowest and highest threshold, ham above it
            (0.005, 0.5, 0.994, 0.995, 5), (0.001, 0.5, 0.998, 0.999, 1), (0, 0.5, 0.999, 1, 0),
            (0.5, 0.9, 0.9, 0.9, 100), (0.005, 1, 1, 1, 0),
        ] as [(Double, Double, Double, Double, Int)])
    func choice(rate: Double, minimum: Double, low: Double, high: Double, above: Int) {
        let threshold = Threshold(
            falsePositiveRate: rate, minimum: minimum,
            scored: ThresholdTests.ham + ThresholdTests.spam)
        #expect((low...high).contains(threshold.probability))
        #expect(threshold.falsePositives == above && threshold.ham == 1_000)
        #expect(threshold.recall == (threshold.probability <= 0.9995 ? 0.9 : 0))
        #expect(threshold.targetFalsePositiveRate == rate)
        let share = Double(above) / 1_000
        #expect(threshold.falsePositiveRateLow <= share && threshold.falsePositiveRateHigh >= share)
    }

    @Test("Ham of the highest probability there is can't be kept below a threshold of 1")
    func certainHam() {
        let scored = [(probability: 1.0, isSpam: false), (probability: 1.0, isSpam: true)]
        let threshold = Threshold(falsePositiveRate: 0, minimum: 0.9, scored: scored)
        #expect(threshold.probability == 1 && threshold.falsePositives == 1)
    }

    @Test("Without messages the threshold is the minimum, and nothing is known of it")
    func empty() {
        let threshold = Threshold(falsePositiveRate: 0.005, minimum: 0.9, scored: [])
        #expect(threshold.probability == 0.9 && threshold.recall == 0 && threshold.ham == 0)
        #expect(threshold.falsePositiveRateLow == 0 && threshold.falsePositiveRateHigh == 1)
    }

    @Test(
        "Wilson's interval of a share",
        arguments: [
            (0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1),
            (1, 3_129, 0.0000564, 0.0018082), (9, 3_129, 0.0015140, 0.0054578), (0, 0, 0, 1),
        ] as [(Int, Int, Double, Double)])
    func interval(hits: Int, total: Int, low: Double, high: Double) {
        let interval = Threshold.interval(hits, of: total)
        #expect(abs(interval.low - low) < 5e-5 && abs(interval.high - high) < 5e-5)
    }
}
