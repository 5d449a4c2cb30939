/// What a stored label does.
public enum LabelState: String, Sendable, CaseIterable {
    /// It is the label in force of its message.
    case active
    /// It is over its source's quota and waits for a second source or an admin.
    case held
    /// It would be in force, but the same source labelled a near-identical message before.
    case duplicate
    /// Another label of the same message is in force, which may agree.
    case superseded
}

/// A label as it is in the store.
public struct StoredLabel: Sendable, Equatable {
    /// Names the label within this store; never used twice.
    public var id: Int64
    /// The label as given, except that a relabelled message keeps the model's id and logit of its
    /// first scoring.
    public var label: NewLabel
    /// What it does.
    public var state: LabelState
    /// The label's turn in a replay of the active labels: larger comes later.
    public var sequence: Int64
    /// The retraining that used it; nil for a label that is new to retraining.
    public var archivedBy: Int64?

    /// A stored label.
    public init(
        id: Int64, label: NewLabel, state: LabelState, sequence: Int64, archivedBy: Int64?
    ) {
        self.id = id
        self.label = label
        self.state = state
        self.sequence = sequence
        self.archivedBy = archivedBy
    }
}
