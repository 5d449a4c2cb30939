import TextCNN

/// Reads the logits of a model: the probability of each label, and which labels hold.
public struct LabelJudge: Sendable {
    private let configuration: ModelConfiguration

    public init(_ configuration: ModelConfiguration) { self.configuration = configuration }

    /// Calibrated, `[labels]`.
    public func probabilities(_ logits: [Float]) -> [Double] {
        configuration.head.probabilities(configuration.calibration.logits(logits))
    }

    /// The most probable one of exclusive labels, or all that reach the threshold of several; then
    /// the most probable one where none does.
    public func labels(_ logits: [Float]) -> [String] {
        let probabilities = self.probabilities(logits)
        let names = configuration.labels
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
        if configuration.head == .sigmoid, let threshold = configuration.labelThreshold {
            let holding = names.indices.filter { probabilities[$0] >= threshold }
            if !holding.isEmpty { return holding.map { names[$0] } }
        }
        return best.map { [names[$0]] } ?? []
    }
}
