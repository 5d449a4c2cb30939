import Testing

@testable import Learning

@Suite struct SourceSpreadTests {
    /// Sets of 100, 400 and 5 messages.
    private let spread = SourceSpread(
        [Int32](repeating: 0, count: 100) + [Int32](repeating: 1, count: 400)
            + [Int32](repeating: 2, count: 5))

    @Test(
        "A word is spread over the sets that have it equally often",
        arguments: [
            ([], 0), ([0, 0, 0], 0), ([7], 1), ([0, 400], 1), ([10, 40], 2), ([100, 400, 20], 3),
            // Three quarters of one set, a quarter of another: (3 + 1)² / (3² + 1²).
            ([75, 100], 1.6),
            // The five messages count as five of twenty.
            ([25, 0, 5], 2), ([0, 4, 5], 0.26 * 0.26 / (0.01 * 0.01 + 0.25 * 0.25)),
        ] as [([Int32], Double)])
    func values(_ counts: [Int32], _ expected: Double) {
        #expect(abs(spread.spread(of: counts) - expected) < 1e-9)
    }
}
