import FilterPolicy
import Foundation
import Logging
import Models
import Telemetry
import TextFeatures

/// What log and metrics say of a configuration that comes into force.
struct Notices: Sendable {
    let logger: Logger
    let metrics: FilterMetrics

    /// Shows a model that comes into force.
    func show(_ model: ScoringModel) {
        logger.record(.modelReady(id: model.id, serving: model.serving))
        let trained = try? Date(model.bundle.trained, strategy: .iso8601)
        metrics.showModel(
            id: model.id, normalizer: model.pipeline.spec.profile.rawValue,
            trained: trained?.timeIntervalSince1970 ?? 0, accuracy: model.report.accuracy)
    }

    /// Warns of what the admin should not overlook.
    func warn(of policy: PolicySettings, _ model: ScoringModel?) {
        let rules = policy.rules + policy.recipients.values.flatMap { $0.rules ?? [] }
        if rules.contains(where: { $0.action == .discard }) { logger.record(.discardConfigured) }
        guard let model else { return }
        for case .label(let label) in rules.map(\.condition)
        where !model.bundle.labels.contains(label) {
            logger.record(.unknownLabel(label))
        }
    }
}

extension JSONValue {
    /// Of a model's report, on mail that nothing was chosen by if it has such figures.
    fileprivate var accuracy: Double? {
        for part in ["test", "dev"] {
            if case .object(let report) = self, case .object(let figures)? = report[part],
                case .object(let measures)? = figures["at_tag_threshold"],
                case .number(let accuracy)? = measures["accuracy"]
            {
                return accuracy
            }
        }
        return nil
    }
}
