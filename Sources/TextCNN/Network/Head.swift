import Glibc

/// Turns the logits of a network into probabilities, and into a loss for training.
public enum Head: String, Codable, Sendable {
    /// Each label holds or not, independent of the others. A spam filter has the one label spam.
    case sigmoid
    /// Exactly one of the labels holds.
    case softmax

    /// The lowest probability that ``loss(_:targets:)`` takes the logarithm of.
    private static let leastProbability = 1e-30

    /// The probability of each label, `[outputs]`.
    public func probabilities(_ logits: [Float]) -> [Double] {
        switch self {
        case .sigmoid: return logits.map { 1 / (1 + exp(-Double($0))) }
        case .softmax:
            // Subtracting the largest logit keeps exp from overflowing and cancels in the ratio.
            let largest = Double(logits.max() ?? 0)
            let powers = logits.map { exp(Double($0) - largest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    /// The cross-entropy of one message in nats, summed over the labels, and its derivative by each
    /// logit.
    ///
    /// - Parameters:
    ///   - logits: `[outputs]`.
    ///   - targets: 0 or 1 for each label, `[outputs]`.
    /// - Returns: the loss, and the slopes, `[outputs]`.
    public func loss(_ logits: [Float], targets: [Float]) -> (loss: Double, slopes: [Float]) {
        var loss = 0.0
        switch self {
        case .sigmoid:
            // From the logit, in the form that can't overflow.
            for (logit, target) in zip(logits, targets) {
                loss += Double(max(logit, 0) - logit * target + log1pf(expf(-abs(logit))))
            }
            return (loss, zip(logits, targets).map { Network.sigmoid($0) - $1 })
        case .softmax:
            let probabilities = probabilities(logits)
            for (probability, target) in zip(probabilities, targets) where target > 0 {
                loss -= Double(target) * log(max(probability, Head.leastProbability))
            }
            return (loss, zip(probabilities, targets).map { Float($0) - $1 })
        }
    }

    /// The number of decisions that the loss of one message sums over.
    func decisions(_ outputs: Int) -> Int { self == .sigmoid ? outputs : 1 }
}
