import Testing

@testable import Retraining

@Suite struct BinomialBoundTests {
    /// From tables of the Clopper-Pearson interval and of the binomial distribution.
    @Test(
        "Upper bounds of a share",
        arguments: [
            (hits: 0, count: 59, error: 0.05, bound: 0.0495), (0, 598, 0.05, 0.0050),
            (1, 10, 0.05, 0.3942), (5, 10, 0.025, 0.8129), (10, 10, 0.05, 1), (0, 0, 0.05, 1),
            (30, 20_000, 0.025, 0.0021),
        ])
    func upper(hits: Int, count: Int, error: Double, bound: Double) {
        #expect(abs(BinomialBound.upper(hits, of: count, error: error) - bound) < 0.0001)
    }

    @Test(
        "Lower bounds of a share",
        arguments: [
            (hits: 0, count: 59, error: 0.05, bound: 0), (1, 10, 0.05, 0.0051),
            (5, 10, 0.025, 0.1871), (10, 10, 0.05, 0.7411),
        ])
    func lower(hits: Int, count: Int, error: Double, bound: Double) {
        #expect(abs(BinomialBound.lower(hits, of: count, error: error) - bound) < 0.0001)
    }

    @Test(
        "The paired test counts changed verdicts alone",
        arguments: [
            (worse: 0, better: 0, probability: 1), (0, 9, 1), (5, 0, 1 / 32), (3, 1, 5 / 16),
            (1, 1, 3 / 4),
        ])
    func paired(worse: Int, better: Int, probability: Double) {
        let found = BinomialBound.pairedTest(worse: worse, better: better)
        #expect(abs(found - probability) < 1e-9)
    }
}
