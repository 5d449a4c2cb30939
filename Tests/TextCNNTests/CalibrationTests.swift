import Testing

@testable import TextCNN

@Suite struct CalibrationTests {
    @Test(
        "The probability is the logistic function of the scaled and shifted logit",
        arguments: [
            (1, 0, 0, 0.5), (2, 0, 1, 0.880797), (1, -2, 0, 0.119203), (0.5, 1, 2, 0.880797),
        ]
            as [(Double, Double, Float, Double)])
    func probability(scale: Double, offset: Double, logit: Float, expected: Double) {
        let calibration = Calibration(scale: scale, offset: offset)
        #expect(abs(calibration.probability(logit) - expected) < 1e-6)
        let logits = calibration.logits([logit, logit])
        #expect(logits.count == 2 && abs(Network.sigmoid(logits[0]) - Float(expected)) < 1e-6)
    }

    @Test("The defaults change nothing")
    func identity() {
        #expect(Calibration().logits([-3, 0, 2.5]) == [-3, 0, 2.5])
    }

    @Test(
        "Fitting brings probabilities to the frequencies",
        arguments: [(0.5, 0.3), (1, 0), (2, -1)] as [(Float, Float)])
    func fit(scale: Float, offset: Float) {
        var random = RandomSource(seed: 2)
        let scored = (0..<4_000).map { _ -> (logit: Float, isSpam: Bool) in
            let logit = 3 * random.nextNormal()
            return (logit, random.nextUniform() < Network.sigmoid(logit * scale + offset))
        }
        let calibration = Calibration(fitting: scored)
        #expect(abs(calibration.scale - Double(scale)) < 0.15 * Double(scale))
        #expect(abs(calibration.offset - Double(offset)) < 0.2)
    }

    @Test("Perfectly separated messages still get sane numbers", arguments: [0.5, 5, 50, 500])
    func separated(_ size: Float) {
        let scored = (0..<60).map { (logit: $0 < 40 ? size : -size, isSpam: $0 < 40) }
        let calibration = Calibration(fitting: scored)
        #expect(calibration.probability(size) > 0.9 && calibration.probability(-size) < 0.1)
        #expect(calibration.probability(size) < 1)
    }

    @Test(
        "Messages of one label, or none, leave the defaults", arguments: [0, 1, 5], [true, false])
    func oneLabel(count: Int, isSpam: Bool) {
        let scored = (0..<count).map { (logit: Float($0), isSpam: isSpam) }
        #expect(Calibration(fitting: scored) == Calibration())
    }

    @Test("A reversed order doesn't turn the scale negative")
    func reversed() {
        let scored = (0..<60).map { (logit: $0 < 30 ? 2 : -2 as Float, isSpam: $0 >= 30) }
        #expect(Calibration(fitting: scored).scale > 0)
    }

    @Test(
        "The scale of exclusive labels is found where the loss is least",
        arguments: [0.3, 1, 4] as [Float])
    func temperature(scale: Float) {
        var random = RandomSource(seed: 5)
        let scored = (0..<500).map { _ -> (logits: [Float], targets: [Float]) in
            let logits = (0..<3).map { _ in 2 * random.nextNormal() }
            let probabilities = Head.softmax.probabilities(logits.map { $0 * scale })
            let drawn = Double(random.nextUniform())
            let label =
                drawn < probabilities[0] ? 0 : drawn < probabilities[0] + probabilities[1] ? 1 : 2
            return (logits, (0..<3).map { $0 == label ? 1 : 0 })
        }
        let calibration = Calibration(fittingScaleOf: scored, head: .softmax)
        #expect(abs(calibration.scale - Double(scale)) < 0.25 * Double(scale))
        #expect(calibration.offset == 0)
        #expect(Calibration(fittingScaleOf: [], head: .softmax) == Calibration())
    }
}
