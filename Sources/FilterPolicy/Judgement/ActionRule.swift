/// One entry of `policy.actions`: an action, and the probability or label that it applies from or
/// for.
public struct ActionRule: Sendable, Equatable, CustomStringConvertible {
    /// What a message must be for the action to apply.
    public enum Condition: Sendable, Equatable {
        /// Spam of at least this probability.
        case probability(Double)
        /// Spam of at least the reject threshold in force, by default the model's.
        case modelThreshold
        /// Mail, spam or not, that this label of the model applies to.
        case label(String)
    }

    /// What is done.
    public var action: Action
    /// When it is done.
    public var condition: Condition

    /// A rule with this action and condition.
    public init(_ action: Action, _ condition: Condition) {
        self.action = action
        self.condition = condition
    }

    /// Reads `reject from 0.999`, `reject from model` or `quarantine for phishing`; nil for other
    /// texts.
    ///
    /// - Parameter text: the entry; `accept` and `add_header` are no rules, as they need none.
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

    /// The entry that reads back as this rule.
    public var description: String {
        switch condition {
        case .probability(let value): "\(action.rawValue) from \(value)"
        case .modelThreshold: "\(action.rawValue) from model"
        case .label(let label): "\(action.rawValue) for \(label)"
        }
    }

    /// Whether a message with this verdict, probability and these labels meets the condition.
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
