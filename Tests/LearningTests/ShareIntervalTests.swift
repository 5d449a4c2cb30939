import Testing

@testable import Learning

@Suite struct ShareIntervalTests {
    /// Values of R's `binom::binom.wilson`.
    @Test(
        "Few messages tell little, whatever their share",
        arguments: [
            (1.0, 4, 0.5101, 1.0), (1.0, 100, 0.9630, 1.0), (0.0, 10, 0.0, 0.2775),
            (0.5, 10, 0.2366, 0.7634), (0.9, 100, 0.8256, 0.9448), (0.0, 0, 0.0, 1.0),
        ])
    func ends(_ share: Double, _ count: Int, _ low: Double, _ high: Double) {
        let interval = ShareInterval(share: share, of: count)
        #expect(abs(interval.low - low) < 0.0001 && abs(interval.high - high) < 0.0001)
    }
}
