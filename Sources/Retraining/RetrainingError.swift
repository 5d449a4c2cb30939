/// The reason why a model can't be trained again or judged.
public struct RetrainingError: Error, CustomStringConvertible, Sendable {
    /// What kind of failure it is.
    public enum Kind: Sendable {
        /// The current model is of a kind that can't be trained on site.
        case unfitModel
        /// The base data are missing or damaged.
        case noBaseData
        /// There are too few labels, or too few with content.
        case tooFewLabels
        /// Another retraining runs.
        case busy
        /// The retraining process can't be started.
        case notStarted
        /// The process lost its lease, or its parent is gone.
        case cancelled
        /// A table of labels can't be used.
        case table
        /// There is no file of the table's name.
        case missingTable
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What is wrong, and what to do about it.
    public var reason: String

    /// An error of this kind.
    public init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// One line for the log or the terminal.
    public var description: String { "retraining: \(reason)" }
}
