/// The reason why a model can't be read, used or written.
public struct ModelError: Error, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Kind: Sendable {
        /// The directory does not exist, or one of its files is missing or can't be read.
        case missing
        /// A file is not the one that was written: its digest differs.
        case damaged
        /// The files are undamaged but contradict each other, or hold impossible values.
        case malformed
        /// The bundle's format or pipeline is one that this version of siftd does not know.
        case unsupported
        /// The model is sound but not of the kind that was asked for.
        case unfit
        /// A file or directory of that name exists already.
        case exists
        /// The bundle can't be written.
        case notWritable
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// The bundle's directory.
    public var path: String
    /// What is wrong, in which file, and what to do about it.
    public var reason: String

    /// An error of this kind.
    public init(_ kind: Kind, path: String, reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    /// One line for the log or the terminal.
    public var description: String { "model \(path): \(reason)" }
}
