/// Why a model can't be read, used or written; names the directory, and the file where one is at
/// fault.
public struct ModelError: Error, CustomStringConvertible {
    public enum Kind: Sendable {
        /// There is no such directory, or a file of it is missing or can't be read.
        case missing
        /// The bytes are not those that were written.
        case damaged
        /// The files are whole, but what they say can't be.
        case malformed
        /// Made by another siftd, which this one does not understand.
        case unsupported
        /// The model is sound but does not do what it is wanted for.
        case unfit
        /// Something with that name is there already.
        case exists
        case notWritable
    }

    public var kind: Kind
    /// The bundle's directory.
    public var path: String
    /// What is wrong and what to do.
    public var reason: String

    public init(_ kind: Kind, path: String, reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    public var description: String { "model \(path): \(reason)" }
}
