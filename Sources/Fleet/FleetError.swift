import PostgreSQL

/// The reason why hosts that share a model can't do what was asked.
public struct FleetError: Error, CustomStringConvertible, Sendable, Equatable {
    /// What kind of failure it is.
    public enum Kind: Sendable {
        /// The database does not answer; the same may succeed later.
        case unavailable
        /// The database has no such version, revision or host.
        case unknown
        /// The content of a model is not what its digest says.
        case damaged
        /// A model is not signed by a key that is trusted here.
        case untrusted
        /// A key can't be read.
        case key
        /// The tables were made by a newer siftd.
        case newerVersion
        /// Anything else.
        case failed
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

    /// What another error means; one of the fleet is kept.
    init(_ error: any Error) {
        if let error = error as? FleetError {
            self = error
        } else if let error = error as? PostgreSQLError {
            self.init(error.isTransient ? .unavailable : .failed, "\(error)")
        } else {
            self.init(.failed, "\(error)")
        }
    }

    /// One line for the log or the terminal.
    public var description: String { "fleet: \(reason)" }
}
