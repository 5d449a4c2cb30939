import Testing

@testable import TextCNN

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
        #expect(measures.f1 == 2.0 / 3)
        #expect(measures.falsePositiveRate == 0.25)
        #expect(measures.rocAUC == 11.0 / 12)
        #expect(measures.recallAtFPR?["0.001"] == 2.0 / 3)
    }

    @Test(
        "The threshold decides, and a message at it counts as spam",
        arguments: [(0.0, 3, 4), (0.4, 3, 1), (0.41, 2, 1), (0.9, 1, 0), (0.91, 0, 0)])
    func threshold(threshold: Double, truePositives: Int, falsePositives: Int) {
        let confusion = Measures(scored, threshold: threshold).confusion
        #expect(confusion.truePositives == truePositives)
        #expect(confusion.falsePositives == falsePositives)
        #expect(confusion.falseNegatives == 3 - truePositives)
        #expect(confusion.trueNegatives == 4 - falsePositives)
    }

    @Test(
        "The area under the curve is the share of pairs in order, ties counting half",
        arguments: [1, 2, 3, 4] as [UInt64])
    func rocAUC(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let scored = (0..<60).map { _ in
            // Few different values, so that there are ties.
            (
                probability: Double(random.nextIndex(below: 12)) / 12,
                isSpam: random.nextIndex(below: 3) == 0
            )
        }
        var sum = 0.0
        var pairs = 0.0
        for spam in scored where spam.isSpam {
            for ham in scored where !ham.isSpam {
                sum +=
                    spam.probability > ham.probability
                    ? 1 : spam.probability == ham.probability ? 0.5 : 0
                pairs += 1
            }
        }
        #expect(abs((Measures(scored).rocAUC ?? 0) - sum / pairs) < 1e-12)
    }

    @Test(
        "The area of a perfect, a reversed and a blind order",
        arguments: [([0.9, 0.8], [0.1], 1), ([0.1], [0.9, 0.8], 0), ([0.5], [0.5], 0.5)]
            as [([Double], [Double], Double)])
    func extremes(spam: [Double], ham: [Double], area: Double) {
        let measures = Measures(spam.map { ($0, true) } + ham.map { ($0, false) })
        #expect(measures.rocAUC == area)
    }

    @Test(
        "The cut leaves at most the given share of ham above it",
        arguments: [(0, 0.99), (0.01, 0.98), (0.015, 0.98), (0.5, 0.49), (0.999, 0), (1, 0)]
            as [(Double, Double)])
    func cut(rate: Double, expected: Double) {
        let ham = (0..<100).map { Double($0) / 100 }.shuffled()
        let cut = Measures.threshold(forFalsePositiveRate: rate, ham: ham)
        #expect(cut == expected)
        #expect(Double(ham.count { $0 > cut }) <= rate * 100)
    }

    @Test("Recall at a false-positive rate counts the spam above the ham that is not allowed")
    func recallAtFPR() {
        // 0.995, 0.985, …, of which 1 in 200 may be above.
        let ham = (0..<1_000).map { (probability: Double($0) / 1_000, isSpam: false) }
        let spam = [0.9995, 0.9965, 0.9925, 0.9, 0.1].map { (probability: $0, isSpam: true) }
        let recall = Measures(ham + spam).recallAtFPR
        #expect(recall == ["0.001": 0.2, "0.005": 0.4, "0.01": 0.6])
    }

    @Test("A set of one label, or none, has no curve")
    func oneLabel() {
        let ham = Measures([(0.1, false), (0.6, false)])
        #expect(ham.rocAUC == nil && ham.f1 == nil && ham.recall == nil && ham.accuracy == 0.5)
        #expect(ham.recallAtFPR == nil && ham.precision == 0)
        let spam = Measures([(0.1, true)])
        #expect(spam.falsePositiveRate == nil && spam.precision == nil && spam.recall == 0)
        let none = Measures([])
        #expect(none.accuracy == 0 && none.calibrationError == 0)
    }

    @Test("The calibration error is the mean distance of probability and frequency in each bin")
    func calibrationError() {
        let honest = (0..<10).map { (probability: 0.7, isSpam: $0 < 7) }
        #expect(abs(Measures(honest).calibrationError) < 1e-12)
        let boastful = (0..<10).map { (probability: 1.0, isSpam: $0 < 7) }
        #expect(abs(Measures(boastful).calibrationError - 0.3) < 1e-12)
        #expect(abs(Measures(honest + boastful).calibrationError - 0.15) < 1e-12)
    }
}
