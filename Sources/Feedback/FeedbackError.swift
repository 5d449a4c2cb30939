/// The reason why the store can't be opened or did not do what was asked.
public struct FeedbackError: Error, CustomStringConvertible, Sendable {
    /// What kind of failure it is.
    public enum Kind: Sendable {
        /// The directory of the store does not exist.
        case missingDirectory
        /// The store can't be written or opened: permissions or a read-only file system.
        case notWritable
        /// There is no space left.
        case full
        /// The database does not answer, or refuses this host; what is asked may succeed later.
        case unavailable
        /// Another process holds the store for longer than the time limit.
        case busy
        /// The store is damaged.
        case corrupt
        /// The store was written by a newer siftd.
        case newerVersion
        /// A value that was given can't be stored.
        case invalid
        /// The retraining lost its lease, or is not running.
        case leaseLost
        /// Reading or writing failed otherwise.
        case failed
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// The store: the path of its file, or its address.
    public var store: String
    /// What is wrong, and what to do about it.
    public var reason: String

    /// An error of this kind.
    public init(_ kind: Kind, store: String, reason: String) {
        self.kind = kind
        self.store = store
        self.reason = reason
    }

    /// One line for the log or the terminal.
    public var description: String { "feedback store \(store): \(reason)" }
}
