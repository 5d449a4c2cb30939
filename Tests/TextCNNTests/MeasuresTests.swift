import Checksums
import Testing
import TextCNN

@Suite struct MeasuresTests {
    private let scored: [(probability: Double, isSpam: Bool)] = [
        (0.9, true), (0.8, true), (0.4, true), (0.7, false), (0.3, false), (0.2, false),
        (0.1, false),
    ]

    @Test("Counts and ratios at 0.5")
    func ratios() {
        let measures = Measures(scored)
        #expect(measures.ham == 4 && measures.spam == 3)
        #expect(measures.accuracy == 5.0 / 7)
        #expect(measures.precision == 2.0 / 3 && measures.recall == 2.0 / 3)
        #expect(measures.falsePositiveRate == 0.25)
        #expect(measures.rocAUC == 11.0 / 12)
        #expect(measures.recallAtFPR?["0.001"] == 2.0 / 3)
    }

    @Test("Ties count half in the area under the curve")
    func ties() {
        #expect(Measures([(0.5, true), (0.5, false)]).rocAUC == 0.5)
    }

    @Test("A set of one label has no curve")
    func oneLabel() {
        let measures = Measures([(0.1, false), (0.6, false)])
        #expect(measures.rocAUC == nil && measures.f1 == nil && measures.accuracy == 0.5)
    }

    @Test("Calibration brings probabilities to the frequencies")
    func calibration() {
        var random = RandomSource(seed: 2)
        let scored = (0..<4_000).map { _ -> (logit: Float, isSpam: Bool) in
            let logit = 3 * random.nextNormal()
            // The truth is half as sure as the logit says.
            return (logit, random.nextUniform() < Network.sigmoid(logit * 0.5 + 0.3))
        }
        let calibration = Calibration(fitting: scored)
        #expect(abs(calibration.scale - 0.5) < 0.05 && abs(calibration.offset - 0.3) < 0.1)
    }

    @Test("Perfectly separated messages still get sane numbers", arguments: [0.5, 5, 50, 500])
    func separated(_ size: Float) {
        let scored = (0..<60).map { (logit: $0 < 40 ? size : -size, isSpam: $0 < 40) }
        let calibration = Calibration(fitting: scored)
        #expect(calibration.probability(size) > 0.9 && calibration.probability(-size) < 0.1)
    }

    @Test("A threshold keeps the share of ham and its minimum")
    func threshold() {
        let ham = (0..<1_000).map { (probability: Double($0) / 1_000, isSpam: false) }
        let spam = (0..<100).map { _ in (probability: 0.9995, isSpam: true) }
        let strict = Threshold(falsePositiveRate: 0.005, minimum: 0.5, scored: ham + spam)
        #expect(strict.falsePositives == 5 && strict.recall == 1)
        let bounded = Threshold(falsePositiveRate: 0.5, minimum: 0.9, scored: ham + spam)
        #expect(bounded.probability == 0.9)
        #expect(bounded.falsePositiveRateLow < 0.1 && bounded.falsePositiveRateHigh > 0.1)
    }
}
