/// One line of `policy.actions`: what is done from a spam probability on, or with a label.
public struct ActionRule: Sendable, Equatable, CustomStringConvertible {
    public enum Condition: Sendable, Equatable {
        /// Spam of at least this probability.
        case probability(Double)
        /// Spam of at least the probability the model was made to be rejected at.
        case modelThreshold
        /// Mail that this label of the model holds for, spam or not.
        case label(String)
    }

    public var action: Action
    public var condition: Condition

    public init(_ action: Action, _ condition: Condition) {
        self.action = action
        self.condition = condition
    }

    /// Reads `reject from 0.999`, `reject from model` or `quarantine for phishing`; nil when it is
    /// nothing of the kind.
    public init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard words.count == 3, let action = Action(rawValue: words[0]), action > .addHeader
        else { return nil }
        switch (words[1], words[2]) {
        case ("from", "model"): self.init(action, .modelThreshold)
        case ("from", let number):
            guard let value = Double(number), value > 0, value <= 1 else { return nil }
            self.init(action, .probability(value))
        case ("for", let label): self.init(action, .label(label))
        default: return nil
        }
    }

    public var description: String {
        switch condition {
        case .probability(let value): "\(action.rawValue) from \(value)"
        case .modelThreshold: "\(action.rawValue) from model"
        case .label(let label): "\(action.rawValue) for \(label)"
        }
    }

    func applies(
        verdict: Verdict, probability: Double, modelThreshold: Double, labels: [String]
    ) -> Bool {
        switch condition {
        case .probability(let value): verdict == .spam && probability >= value
        case .modelThreshold: verdict == .spam && probability >= modelThreshold
        case .label(let label): labels.contains(label)
        }
    }
}
