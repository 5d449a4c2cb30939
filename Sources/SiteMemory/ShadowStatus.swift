/// A candidate that scores beside the active model, for `siftd learn --status` and the HTTP port.
public struct ShadowStatus: Codable, Sendable, Equatable {
    /// The candidate's id.
    public var model: String
    /// `running`, `promoted`, `discarded` or `activated`.
    public var state: String
    /// When it began, in seconds since 1970.
    public var since: Int64
    /// For how many hours.
    public var hours: Double
    /// Why it ended; empty while it runs.
    public var reason: String
    /// Messages that both models have judged.
    public var messages: Int
    /// Of these, messages with different verdicts.
    public var changed: Int
    /// Of these, messages that the candidate alone calls spam.
    public var newSpam: Int
    /// The newest messages with different verdicts and the reasons of both, a text each.
    public var changes: [String]

    enum CodingKeys: String, CodingKey {
        case model, state, since, hours, reason, messages, changed, changes
        case newSpam = "new_spam"
    }

    /// A status.
    public init(
        model: String, state: String, since: Int64, hours: Double, reason: String,
        messages: Int = 0, changed: Int = 0, newSpam: Int = 0, changes: [String] = []
    ) {
        self.model = model
        self.state = state
        self.since = since
        self.hours = hours
        self.reason = reason
        self.messages = messages
        self.changed = changed
        self.newSpam = newSpam
        self.changes = changes
    }
}
