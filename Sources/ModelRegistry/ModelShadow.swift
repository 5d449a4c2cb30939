import Models

/// A version that scores live mail beside the active one before it is put in force; the content of
/// the registry's file `shadow`.
public struct ModelShadow: Codable, Sendable, Equatable {
    /// What has become of it.
    public enum State: String, Codable, Sendable {
        /// It scores a share of the mail, behind the messages.
        case running
        /// It became active by itself when its time was over.
        case promoted
        /// It disagreed too often, or an admin has ended it; the version stays in the registry.
        case discarded
        /// An admin made it active before its time was over.
        case activated
    }

    /// The version's id.
    public var version: String
    /// What has become of it.
    public var state = State.running
    /// When it began, in seconds since 1970.
    public var since: Int64
    /// How many hours it has.
    public var hours: Double
    /// When it ended, in seconds since 1970; nil while it runs.
    public var ended: Int64?
    /// Why it ended; empty while it runs.
    public var reason = ""
    /// What it was compared on, in the form of whoever compares; nil for nothing yet.
    public var report: JSONValue?

    /// A shadow that begins; the time is in seconds since 1970.
    public init(version: String, since: Int64, hours: Double) {
        self.version = version
        self.since = since
        self.hours = hours
    }
}
