import Glibc

/// How the logits of a network are read, and what it loses by being wrong.
public enum Head: String, Codable, Sendable {
    /// Each label holds or not, whatever the others do; spam is the one label of a spam filter.
    case sigmoid
    /// Exactly one of the labels holds.
    case softmax

    /// The probability of each label, `[outputs]`.
    public func probabilities(_ logits: [Float]) -> [Double] {
        switch self {
        case .sigmoid: return logits.map { 1 / (1 + exp(-Double($0))) }
        case .softmax:
            let top = Double(logits.max() ?? 0)
            let powers = logits.map { exp(Double($0) - top) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    /// Cross-entropy of one message, in nats, summed over the labels, and its slope by each logit.
    public func loss(_ logits: [Float], targets: [Float]) -> (loss: Double, slopes: [Float]) {
        var loss = 0.0
        switch self {
        case .sigmoid:
            // On the logit, in the form that can't overflow.
            for (logit, target) in zip(logits, targets) {
                loss += Double(max(logit, 0) - logit * target + log1pf(expf(-abs(logit))))
            }
            return (loss, zip(logits, targets).map { Network.sigmoid($0) - $1 })
        case .softmax:
            let probabilities = probabilities(logits)
            for (probability, target) in zip(probabilities, targets) where target > 0 {
                loss -= Double(target) * log(max(probability, 1e-30))
            }
            return (loss, zip(probabilities, targets).map { Float($0) - $1 })
        }
    }

    /// Decisions that a message's loss is the sum of.
    func decisions(_ outputs: Int) -> Int { self == .sigmoid ? outputs : 1 }
}
