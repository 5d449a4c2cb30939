import ASCIIText

/// What the admin wants done with mail, as checked by Settings.
///
/// The defaults only add headers.
public struct PolicySettings: Sendable, Equatable {
    /// Whether the policy is applied; the raw value appears in the configuration.
    public enum Mode: String, Sendable, CaseIterable {
        /// Apply the policy.
        case filter
        /// Only log what would be done.
        case monitor
    }

    /// Whether the policy is applied.
    public var mode = Mode.filter
    /// Probability from which on a message is spam; nil for the model's.
    public var tagThreshold: Double?
    /// Probability from which on a message is unsure instead of ham.
    public var unsureThreshold = 0.5
    /// Whether spam is rejected from the reject threshold on.
    public var rejects = false
    /// Probability from which on a message is rejected; nil for the model's.
    public var rejectThreshold: Double?
    /// Further actions; of those that apply to a message the strictest decides.
    public var rules: [ActionRule] = []
    /// The reply to rejected mail.
    public var rejection = RefusalText("550", "5.7.1", "Spam message rejected")
    /// The reply to mail that a rule defers.
    public var delay = RefusalText("451", "4.7.1", "Try again later")
    /// The address that redirected mail is delivered to; empty for none.
    public var redirectTo = ""
    /// The reason for holding quarantined mail, which the MTA's queue shows.
    public var quarantineReason = "siftd: spam"
    /// Text put in front of the Subject of spam; empty for none.
    public var subjectTag = ""
    /// Messages with fewer words and links than this are unsure.
    public var minimumEvidence = 4
    /// Whether spam and unsure messages get `X-Spam-Reason`.
    public var addsReasons = true
    /// What is done with messages that siftd fails to judge.
    public var faults = FaultPolicy()
    /// The header fields that are added.
    public var headers = HeaderTemplate.defaults
    /// Names of header fields that are removed from inbound mail, besides `X-Spam*` and those of
    /// ``headers``.
    public var removedHeaders: [String] = []
    /// Other settings for some recipients, by address or domain in lower case.
    public var recipients: [String: RecipientPolicy] = [:]

    /// The defaults.
    public init() {}

    /// Whether an inbound field of this name must be removed, since only siftd may add it.
    ///
    /// Asked for every field of every message, so it makes no new strings.
    public func isForged(_ name: String) -> Bool {
        PolicySettings.matches(name.utf8.prefix(6), "x-spam")
            || removedHeaders.contains { PolicySettings.matches(name.utf8[...], $0) }
            || headers.contains { PolicySettings.matches(name.utf8[...], $0.name) }
    }

    private static func matches(_ bytes: Substring.UTF8View, _ name: String) -> Bool {
        guard bytes.count == name.utf8.count else { return false }
        return zip(bytes, name.utf8).allSatisfy { ASCII.lower($0) == ASCII.lower($1) }
    }
}
