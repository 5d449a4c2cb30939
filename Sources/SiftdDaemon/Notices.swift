import FilterPolicy
import Foundation
import Logging
import Models
import Settings
import Telemetry
import TextFeatures

/// What log and metrics say of a configuration that comes into force.
struct Notices: Sendable {
    let logger: Logger
    let metrics: FilterMetrics

    /// A sample of the mail that models were trained on; nil without any.
    var reservoir: @Sendable () -> Reservoir? = { nil }

    /// Shows a model that comes into force.
    func show(_ model: ScoringModel) {
        logger.record(.modelReady(id: model.id, serving: model.serving))
        let trained = try? Date(model.bundle.trained, strategy: .iso8601)
        var measures = model.report.measures
        // Models of siftd 0.1 have no such figure.
        if measures.unknownWords == nil {
            measures.unknownWords = reservoir().flatMap(model.unknownShare)
        }
        metrics.showModel(
            id: model.id, normalizer: model.pipeline.spec.profile.rawValue,
            trained: trained?.timeIntervalSince1970 ?? 0, measures: measures)
    }

    /// Warns of what the admin should not overlook.
    func warn(of settings: SiftdSettings, _ model: ScoringModel?) {
        for warning in settings.warnings { logger.record(.formerSetting("\(warning)")) }
        let policy = settings.policy
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
    var measures: FilterMetrics.ModelMeasures {
        var measures = FilterMetrics.ModelMeasures()
        guard case .object(let report) = self else { return measures }
        if case .number(let share)? = report["unknownWords"] {
            measures.unknownWords = share
        }
        for part in ["test", "dev"] {
            guard case .object(let figures)? = report[part],
                case .object(let values)? = figures["at_tag_threshold"]
            else { continue }
            func value(_ name: String) -> Double? {
                if case .number(let number)? = values[name] { number } else { nil }
            }
            measures.accuracy = value("accuracy")
            measures.falsePositives = value("false_positive_rate")
            measures.recall = value("recall")
            break
        }
        return measures
    }
}
