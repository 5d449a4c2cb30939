/// The reason why the registry can't be opened or did not do what was asked.
public struct RegistryError: Error, CustomStringConvertible, Sendable {
    /// What kind of failure it is.
    public enum Kind: Sendable {
        /// The registry's directory does not exist.
        case missingDirectory
        /// Something can't be read, written or removed.
        case failed
        /// There is no space left.
        case full
        /// Another process works on the registry for longer than the time limit.
        case busy
        /// There is a different version of this name already.
        case exists
        /// There is no such version, or none to roll back to.
        case unknownVersion
        /// A bundle is damaged, malformed, or of a format that this siftd does not know.
        case damaged
        /// The model is sound but can't filter mail.
        case unfit
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// The registry's directory.
    public var registry: String
    /// The version that the failure is about; nil when it is about none.
    public var version: String?
    /// What is wrong, and what to do about it.
    public var reason: String

    /// An error of this kind.
    public init(_ kind: Kind, registry: String, version: String? = nil, reason: String) {
        self.kind = kind
        self.registry = registry
        self.version = version
        self.reason = reason
    }

    /// One line for the log or the terminal.
    public var description: String {
        let subject = version.map { ", version \($0)" } ?? ""
        return "model registry \(registry)\(subject): \(reason)"
    }
}
