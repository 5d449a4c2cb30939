/// An error in a data set, a mailbox or a split file: what kind it is, where, and why.
public struct CorpusError: Error, Equatable, CustomStringConvertible {
    /// Kinds of errors that callers tell apart, such as by exit code.
    public enum Kind: Sendable, Equatable {
        /// The path does not exist.
        case missing
        /// The file, directory or archive exists and can't be read.
        case unreadable
        /// The content breaks its format; the line is 1 for the first, nil where none applies.
        case malformed(line: Int?)
        /// A message has no label, or one that the head does not know.
        case unlabelled
        /// There is no message to work with.
        case empty
    }

    /// The kind of error.
    public var kind: Kind
    /// The file or directory, or the set and path of a message.
    public var path: String
    /// The reason, human-readable, and the remedy where there is one.
    public var reason: String

    /// Creates an error from its parts; the module's own errors are made by the static functions.
    public init(_ kind: Kind, path: String, reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    /// Creates an error of the kind `malformed` without a line.
    public init(path: String, reason: String) {
        self.init(.malformed(line: nil), path: path, reason: reason)
    }

    /// Path and reason.
    public var description: String { "\(path): \(reason)" }
}
