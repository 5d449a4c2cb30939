import Glibc

/// Turns a logit into a calibrated probability: `sigmoid(scale · logit + offset)`.
///
/// Of messages with probability p, a share of p is spam (Platt 1999, Probabilistic outputs for
/// support vector machines). For labels that exclude each other the offset is 0 and `1 / scale` is
/// the temperature (Guo and others 2017, arXiv:1706.04599).
public struct Calibration: Codable, Sendable, Equatable {
    /// The factor of the logit, above 0.
    public var scale: Double
    /// Added to the scaled logit.
    public var offset: Double

    /// The scales that ``init(fittingScaleOf:head:)`` searches.
    private static let searchedScales = 0.05...20.0
    /// Newton's method keeps the scale above this, so that the order of messages never turns.
    private static let leastScale = 0.01

    /// A calibration of these numbers; the defaults leave logits as they are.
    public init(scale: Double = 1, offset: Double = 0) {
        self.scale = scale
        self.offset = offset
    }

    /// The calibrated probability of a logit.
    public func probability(_ logit: Float) -> Double {
        1 / (1 + exp(-(scale * Double(logit) + offset)))
    }

    /// Fits the scale alone, for labels that exclude each other.
    ///
    /// Searches the scale with the least log loss by golden section; the loss has one minimum.
    ///
    /// - Parameters:
    ///   - scored: logits and targets of held-out messages, `[outputs]` each; the scale is 1 if
    ///     there are none.
    ///   - head: turns the logits into a loss.
    public init(fittingScaleOf scored: [(logits: [Float], targets: [Float])], head: Head) {
        func loss(_ logScale: Double) -> Double {
            let scale = Float(exp(logScale))
            return scored.reduce(0) {
                $0 + head.loss($1.logits.map { $0 * scale }, targets: $1.targets).loss
            }
        }
        let ratio = (5.0.squareRoot() - 1) / 2
        var low = log(Calibration.searchedScales.lowerBound)
        var high = log(Calibration.searchedScales.upperBound)
        for _ in 0..<40 where !scored.isEmpty {
            let left = high - ratio * (high - low)
            let right = low + ratio * (high - low)
            if loss(left) < loss(right) { high = right } else { low = left }
        }
        self.init(scale: scored.isEmpty ? 1 : exp((low + high) / 2))
    }

    /// The calibrated logits, `[outputs]`.
    public func logits(_ logits: [Float]) -> [Float] {
        logits.map { Float(scale * Double($0) + offset) }
    }

    /// Fits scale and offset by Newton's method on the log loss of held-out messages.
    ///
    /// As Platt proposes, the targets are not 0 and 1 but `1 / (ham + 2)` and
    /// `(spam + 1) / (spam + 2)`, so that a perfectly separated set does not drive the scale to
    /// infinity. A set without ham or without spam gives the defaults.
    ///
    /// - Parameter scored: the logit of each message, and whether it is spam.
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
            // Far from the minimum a full step overshoots: halve it until the loss falls.
            var fraction = 1.0
            var next = self
            while fraction > 1e-6 {
                next.scale = max(scale - fraction * step.scale, Calibration.leastScale)
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

    /// A full step of Newton's method; nil where the loss is flat.
    private func newtonStep(
        _ scored: [(logit: Float, isSpam: Bool)], high: Double, low: Double
    ) -> (scale: Double, offset: Double)? {
        var slope = (0.0, 0.0)
        // The second derivatives; the small numbers keep the matrix invertible.
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
