import Corpora
import Glibc
import MailText
import Models
import TextCNN

/// Turns an ``Evaluation`` into an ``EvaluationReport``.
public struct ReportBuilder: Sendable {
    /// Mistakes of each kind in a report.
    static let mistakeLimit = 15
    /// Reasons given for a mistake.
    private static let reasonLimit = 6

    private let model: ScoringModel
    private let version: String

    /// A builder of reports on one model.
    ///
    /// - Parameters:
    ///   - model: the model that was measured.
    ///   - version: of siftd.
    public init(_ model: ScoringModel, version: String) {
        self.model = model
        self.version = version
    }

    /// Builds a report; reads the data again to explain the mistakes.
    ///
    /// - Parameters:
    ///   - evaluation: of the builder's model.
    ///   - mail: the data sets that were measured.
    /// - Returns: the report.
    /// - Throws: what reading the data throws.
    public func report(
        on evaluation: Evaluation, of mail: [any LabelledMail]
    ) throws -> EvaluationReport {
        let tag = model.tagThreshold
        let outcomes = evaluation.outcomes
        let wrong = outcomes.filter { ($0.probability >= 0.5) != $0.isSpam }
        let ham = wrong.filter { !$0.isSpam }.sorted {
            ($1.probability, $0.key) < ($0.probability, $1.key)
        }.prefix(ReportBuilder.mistakeLimit)
        let spam = wrong.filter(\.isSpam).sorted {
            ($0.probability, $0.key) < ($1.probability, $1.key)
        }.prefix(ReportBuilder.mistakeLimit)
        let reasons = try reasons(Array(ham) + spam, mail)
        func mistake(_ outcome: Outcome) -> EvaluationReport.Mistake {
            EvaluationReport.Mistake(
                set: outcome.set, path: outcome.path, probability: outcome.probability,
                reasons: reasons[outcome.key] ?? [])
        }
        var overall = evaluation.overall
        // Differs from run to run, and so belongs to the run.
        overall.messagesPerSecond = nil
        return EvaluationReport(
            version: version, model: evaluation.model, part: evaluation.part, tagThreshold: tag,
            sources: evaluation.sources, overall: overall,
            atTagThreshold: evaluation.atTagThreshold, sets: evaluation.sets,
            setsAtTagThreshold: Dictionary(grouping: outcomes, by: \.set).mapValues { part in
                Measures(part.map { ($0.probability, $0.isSpam) }, threshold: tag ?? 0.5)
            },
            curves: ScoreCurves(outcomes), falsePositives: ham.map(mistake),
            misses: spam.map(mistake), run: EvaluationReport.Run(evaluation))
    }

    /// The reasons for each mistake, by ``Outcome/key``.
    private func reasons(
        _ mistakes: [Outcome], _ mail: [any LabelledMail]
    ) throws -> [String: [ScoreExplanation.Reason]] {
        let wanted = Set(mistakes.map(\.key))
        var reasons: [String: [ScoreExplanation.Reason]] = [:]
        for set in mail where mistakes.contains(where: { $0.set == set.name }) {
            try set.forEach { message in
                let key = Outcome.key(message.set, message.path)
                guard wanted.contains(key) else { return }
                reasons[key] =
                    model.explain(message.content.read(), limit: ReportBuilder.reasonLimit).reasons
            } leftOut: { _ in
                // The evaluation has named them.
            }
        }
        return reasons
    }
}

extension EvaluationReport.Run {
    /// The time of an evaluation, and CPU time and memory of this process so far.
    init(_ evaluation: Evaluation) {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        self.seconds = evaluation.seconds ?? 0
        cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        messagesPerSecond = evaluation.overall.messagesPerSecond ?? 0
        // In KiB on Linux, getrusage(2).
        peakMemoryBytes = usage.ru_maxrss * 1_024
        let latencies = evaluation.outcomes.map(\.seconds).sorted()
        func latency(_ share: Double) -> Double {
            latencies.isEmpty ? 0 : 1e6 * latencies[Int(share * Double(latencies.count - 1))]
        }
        latencyMedian = latency(0.5)
        latency95 = latency(0.95)
        latency99 = latency(0.99)
    }
}
