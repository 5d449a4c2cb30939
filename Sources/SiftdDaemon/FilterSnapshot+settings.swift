import Models
import Settings
import SpamFilter
import Telemetry

extension FilterSnapshot {
    /// What a message is filtered by; the lists were read from the files that `settings.lists`
    /// names.
    init(_ settings: SiftdSettings, lists: AccessLists, model: ScoringModel?) {
        self.init(
            model: model, policy: settings.policy, mailLimits: settings.scan,
            exemptions: settings.exempt, lists: lists, timeLimit: settings.timeLimit,
            logAddresses: settings.log.addresses)
    }
}
