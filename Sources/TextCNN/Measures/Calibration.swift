import Glibc

/// Turns a logit into an honest probability: `sigmoid(scale · logit + offset)` (Platt scaling; the
/// temperature of model-recipe.md section 7 is `1 / scale`).
public struct Calibration: Codable, Sendable, Equatable {
    public var scale: Double
    public var offset: Double

    public init(scale: Double = 1, offset: Double = 0) {
        self.scale = scale
        self.offset = offset
    }

    public func probability(_ logit: Float) -> Double {
        1 / (1 + exp(-(scale * Double(logit) + offset)))
    }

    /// The temperature alone, for labels that exclude each other: the scale with the least log loss,
    /// by golden-section search between 0.05 and 20 (the loss has one minimum).
    public init(fittingScaleOf scored: [(logits: [Float], targets: [Float])], head: Head) {
        func loss(_ logScale: Double) -> Double {
            let scale = Float(exp(logScale))
            return scored.reduce(0) {
                $0 + head.loss($1.logits.map { $0 * scale }, targets: $1.targets).loss
            }
        }
        let ratio = (5.0.squareRoot() - 1) / 2
        var low = log(0.05)
        var high = log(20.0)
        for _ in 0..<40 where !scored.isEmpty {
            let left = high - ratio * (high - low)
            let right = low + ratio * (high - low)
            if loss(left) < loss(right) { high = right } else { low = left }
        }
        self.init(scale: scored.isEmpty ? 1 : exp((low + high) / 2))
    }

    /// The calibrated logits.
    public func logits(_ logits: [Float]) -> [Float] {
        logits.map { Float(scale * Double($0) + offset) }
    }

    /// Fits both numbers by Newton's method on the log loss of held-out messages.
    ///
    /// The targets are drawn in from 0 and 1 as Platt does, so that a perfectly separated set does
    /// not drive the scale to infinity.
    public init(fitting scored: [(logit: Float, isSpam: Bool)]) {
        self.init()
        let spam = Double(scored.count(where: \.isSpam))
        let ham = Double(scored.count) - spam
        guard spam > 0, ham > 0 else { return }
        let high = (spam + 1) / (spam + 2)
        let low = 1 / (ham + 2)
        func loss(_ candidate: Calibration) -> Double {
            scored.reduce(0) { sum, entry in
                let value = candidate.scale * Double(entry.logit) + candidate.offset
                let target = entry.isSpam ? high : low
                return sum + max(value, 0) - value * target + log1p(exp(-abs(value)))
            }
        }
        var current = loss(self)
        for _ in 0..<100 {
            guard let step = newtonStep(scored, high: high, low: low) else { return }
            // Far from the minimum a whole step overshoots: halve it until the loss falls.
            var fraction = 1.0
            var next = self
            while fraction > 1e-6 {
                next.scale = max(scale - fraction * step.scale, 0.01)
                next.offset = offset - fraction * step.offset
                if loss(next) < current { break }
                fraction /= 2
            }
            let reached = loss(next)
            guard reached < current - 1e-10 else { return }
            self = next
            current = reached
        }
    }

    /// The step of Newton's method, nil where the loss is flat.
    private func newtonStep(
        _ scored: [(logit: Float, isSpam: Bool)], high: Double, low: Double
    ) -> (scale: Double, offset: Double)? {
        var slope = (0.0, 0.0)
        var curve = (1e-6, 0.0, 1e-6)
        for (logit, isSpam) in scored {
            let value = Double(logit)
            let predicted = probability(logit)
            let error = predicted - (isSpam ? high : low)
            let weight = predicted * (1 - predicted)
            slope = (slope.0 + error * value, slope.1 + error)
            curve = (curve.0 + weight * value * value, curve.1 + weight * value, curve.2 + weight)
        }
        let determinant = curve.0 * curve.2 - curve.1 * curve.1
        guard determinant > 1e-18 else { return nil }
        return (
            (curve.2 * slope.0 - curve.1 * slope.1) / determinant,
            (curve.0 * slope.1 - curve.1 * slope.0) / determinant
        )
    }
}

/// From which probability on something is done, and what is known of it.
public struct Threshold: Codable, Sendable, Equatable {
    public var probability: Double
    /// The share of held-out ham that the threshold was chosen for.
    public var targetFalsePositiveRate: Double
    /// What the held-out ham really gave, with its 95 % interval (Wilson 1927).
    public var falsePositives: Int
    public var ham: Int
    public var falsePositiveRateLow: Double
    public var falsePositiveRateHigh: Double
    /// The share of held-out spam at or above the threshold.
    public var recall: Double

    enum CodingKeys: String, CodingKey {
        case probability, ham, recall
        case targetFalsePositiveRate = "target_false_positive_rate"
        case falsePositives = "false_positives"
        case falsePositiveRateLow = "false_positive_rate_low"
        case falsePositiveRateHigh = "false_positive_rate_high"
    }

    /// Chooses the threshold on held-out messages.
    ///
    /// - Parameter minimum: the threshold is at least this strict, whatever the held-out mail says.
    public init(
        falsePositiveRate: Double, minimum: Double,
        scored: [(probability: Double, isSpam: Bool)]
    ) {
        let hamScores = scored.filter { !$0.isSpam }.map(\.probability)
        let cut = Measures.threshold(forFalsePositiveRate: falsePositiveRate, ham: hamScores)
        // The next number above that ham, so that the ham itself stays below.
        let chosen = max(minimum, min(cut.nextUp, 1))
        probability = chosen
        targetFalsePositiveRate = falsePositiveRate
        ham = hamScores.count
        falsePositives = hamScores.count { $0 >= chosen }
        let spamScores = scored.filter(\.isSpam).map(\.probability)
        recall =
            spamScores.isEmpty
            ? 0 : Double(spamScores.count { $0 >= chosen }) / Double(spamScores.count)
        (falsePositiveRateLow, falsePositiveRateHigh) = Threshold.interval(falsePositives, of: ham)
    }

    static func interval(_ hits: Int, of total: Int) -> (Double, Double) {
        guard total > 0 else { return (0, 1) }
        let z = 1.96
        let n = Double(total)
        let share = Double(hits) / n
        let center = share + z * z / (2 * n)
        let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        let low = hits == 0 ? 0 : (center - spread) / scale
        return (max(0, low), min(1, (center + spread) / scale))
    }
}
