import TextCNN

/// Turns the logits of a model into the probability of each label, and the labels that apply.
public struct LabelJudge: Sendable {
    private let configuration: ModelConfiguration

    /// The judge for a model's labels, head, calibration and threshold.
    public init(_ configuration: ModelConfiguration) { self.configuration = configuration }

    /// The calibrated probabilities, `[labels]`, of logits `[labels]`.
    public func probabilities(_ logits: [Float]) -> [Double] {
        configuration.head.probabilities(configuration.calibration.logits(logits))
    }

    /// The labels that apply to a message with these logits, `[labels]`.
    ///
    /// Of labels that exclude each other that is the most probable one. Of independent labels it is
    /// all that reach the threshold, or the most probable one if none does.
    public func labels(_ logits: [Float]) -> [String] {
        let probabilities = self.probabilities(logits)
        let names = configuration.labels
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
        if configuration.head == .sigmoid, let threshold = configuration.labelThreshold {
            let applying = names.indices.filter { probabilities[$0] >= threshold }
            if !applying.isEmpty { return applying.map { names[$0] } }
        }
        return best.map { [names[$0]] } ?? []
    }
}
