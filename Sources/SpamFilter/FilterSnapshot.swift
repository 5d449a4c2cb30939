import FilterPolicy
import MailText
import Models
import Scoring
import Telemetry

/// All that a message is filtered by, checked and put together once.
///
/// A reload makes a new one; a message keeps the snapshot it began with.
public struct FilterSnapshot: Sendable {
    /// Nil while there is none; `policy.on_no_model` answers then.
    public var model: ScoringModel?
    /// What the site has taught; nil where it can't teach.
    public var site: SiteKnowledge?
    /// Thresholds, actions and header fields.
    public var policy: PolicySettings
    /// How much of a message is read.
    public var mailLimits: MailLimits
    /// Mail that passes unjudged.
    public var exemptions: Exemptions
    /// Mail that is allowed or denied whatever it says.
    public var lists: AccessLists
    /// From end-of-message to the latest answer.
    public var timeLimit: Duration
    /// How addresses and message ids stand in the log.
    public var logAddresses: MessageLog.Addresses

    /// A snapshot of parts that were checked before.
    public init(
        model: ScoringModel?, policy: PolicySettings, mailLimits: MailLimits,
        exemptions: Exemptions, lists: AccessLists, timeLimit: Duration,
        logAddresses: MessageLog.Addresses
    ) {
        self.model = model
        self.policy = policy
        self.mailLimits = mailLimits
        self.exemptions = exemptions
        self.lists = lists
        self.timeLimit = timeLimit
        self.logAddresses = logAddresses
    }
}
