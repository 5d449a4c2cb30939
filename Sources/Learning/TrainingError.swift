/// The reason why data can't be learnt from or measured on, or why a training run failed.
///
/// Errors in reading the data are `CorpusError`s.
public struct TrainingError: Error, CustomStringConvertible, Equatable {
    /// What kind of failure it is.
    public enum Kind: Sendable, Equatable {
        /// A data set, or the wanted part of the data, has no message.
        case noData
        /// More of a data set than allowed can't be read as mail.
        case tooFewReadable
        /// A part of the data lacks a label that is needed.
        case tooFewLabels
        /// There are fewer data sets than a word must be spread over.
        case tooFewSets
        /// There is no file of word vectors of that name.
        case missing
        /// A file of word vectors can't be read, or does not fit the network.
        case badVectors
        /// The options ask for a network beyond all bounds.
        case absurdNetwork
        /// The loss became infinite or not a number.
        case diverged
        /// No trial of a search ended with a score.
        case noTrial
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// The data or the run that failed, such as a path or `the dev part`.
    public var subject: String
    /// What is wrong and what to do about it.
    public var reason: String

    /// An error of this kind.
    public init(_ kind: Kind, _ subject: String, reason: String) {
        self.kind = kind
        self.subject = subject
        self.reason = reason
    }

    /// One line for the terminal.
    public var description: String { "\(subject): \(reason)" }
}
