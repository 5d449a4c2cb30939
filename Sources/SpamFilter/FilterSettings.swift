import FilterPolicy
import MailText
import Models
import Scoring
import Telemetry

/// All that a reload may change, checked and put together once. A message keeps the snapshot it
/// began with.
public struct FilterSettings: Sendable {
    /// Nil while there is none; `on_no_model` answers then.
    public var model: ScoringModel?
    public var policy = PolicySettings()
    public var mailLimits = MailLimits()
    public var exemption = Exemption()
    /// Seconds from end-of-message to the latest answer.
    public var deadline = 15.0
    public var logAddresses = MailLogLine.Addresses.plain

    public init() {}
}
