import Corpora
import Foundation
import Glibc
import MailText
import Models
import Scoring
import TextCNN

/// All that is told of a model measured on labelled mail. Apart from ``run``, the same model and data
/// give the same report.
public struct EvaluationReport: Codable, Sendable {
    /// A data set as it was read.
    public struct Source: Codable, Sendable {
        public var name: String
        public var messages: Int
        /// SHA-256 over path, label and content of all messages in order.
        public var sha256: String
    }

    /// A message that was judged wrongly, and why.
    public struct Mistake: Codable, Sendable {
        public var set: String
        public var path: String
        public var probability: Double
        public var reasons: [ScoreExplanation.Reason]
    }

    /// What the run took; differs from run to run.
    public struct Run: Codable, Sendable {
        public var seconds: Double
        public var cpuSeconds: Double
        public var messagesPerSecond: Double
        public var peakMemoryBytes: Int
        /// From a message's bytes to its probability, in microseconds: median, 95 and 99 of 100.
        public var latencyMedian: Double
        public var latency95: Double
        public var latency99: Double

        enum CodingKeys: String, CodingKey {
            case seconds
            case cpuSeconds = "cpu_seconds"
            case messagesPerSecond = "messages_per_second"
            case peakMemoryBytes = "peak_memory_bytes"
            case latencyMedian = "latency_p50_us"
            case latency95 = "latency_p95_us"
            case latency99 = "latency_p99_us"
        }
    }

    public var version: String
    public var model: String
    public var part: DataSplit?
    public var tagThreshold: Double?
    public var sources: [Source]
    /// At probability 0.5 and at the tag threshold.
    public var overall: Measures
    public var atTagThreshold: Measures?
    public var sets: [String: Measures]
    public var setsAtTagThreshold: [String: Measures]
    public var curves: ScoreCurves
    /// Ham with the highest and spam with the lowest probabilities.
    public var falsePositives: [Mistake]
    public var misses: [Mistake]
    public var run: Run

    enum CodingKeys: String, CodingKey {
        case version, model, part, sources, overall, sets, curves, misses, run
        case tagThreshold = "tag_threshold"
        case atTagThreshold = "at_tag_threshold"
        case setsAtTagThreshold = "sets_at_tag_threshold"
        case falsePositives = "false_positives"
    }

    /// Mistakes of each kind that are told.
    static let told = 15

    /// - Parameters:
    ///   - version: of the tool.
    ///   - corpora: what `evaluation` was made on; read again for the mistakes.
    /// - Throws: ``CorpusError``.
    public init(
        _ evaluation: Evaluation, of model: ScoringModel, on corpora: [Corpus], version: String
    ) throws {
        self.version = version
        self.model = evaluation.model
        part = evaluation.part
        tagThreshold = model.tagThreshold
        sources = evaluation.sources
        overall = evaluation.overall
        overall.messagesPerSecond = nil
        atTagThreshold = evaluation.atTagThreshold
        sets = evaluation.sets
        let tag = model.tagThreshold ?? 0.5
        let outcomes = evaluation.outcomes
        setsAtTagThreshold = Dictionary(grouping: outcomes, by: \.set).mapValues { part in
            Measures(part.map { ($0.probability, $0.isSpam) }, threshold: tag)
        }
        curves = ScoreCurves(outcomes)
        let wrong = outcomes.filter { ($0.probability >= 0.5) != $0.isSpam }
        let ham = wrong.filter { !$0.isSpam }.sorted {
            ($1.probability, $0.place) < ($0.probability, $1.place)
        }.prefix(EvaluationReport.told)
        let spam = wrong.filter(\.isSpam).sorted {
            ($0.probability, $0.place) < ($1.probability, $1.place)
        }.prefix(EvaluationReport.told)
        let reasons = try EvaluationReport.reasons(Array(ham) + spam, model, corpora)
        func told(_ outcome: Outcome) -> Mistake {
            Mistake(
                set: outcome.set, path: outcome.path, probability: outcome.probability,
                reasons: reasons[outcome.place] ?? [])
        }
        falsePositives = ham.map(told)
        misses = spam.map(told)
        run = Run(evaluation)
    }

    private static func reasons(
        _ mistakes: [Outcome], _ model: ScoringModel, _ corpora: [Corpus]
    ) throws -> [String: [ScoreExplanation.Reason]] {
        let wanted = Set(mistakes.map(\.place))
        var reasons: [String: [ScoreExplanation.Reason]] = [:]
        for corpus in corpora where mistakes.contains(where: { $0.set == corpus.name }) {
            try corpus.forEach { message in
                let place = Outcome.place(message.set, message.path)
                guard wanted.contains(place) else { return }
                reasons[place] = model.explain(message.content.read(), limit: 6).reasons
            }
        }
        return reasons
    }

    /// The report as JSON, keys in alphabetical order.
    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }
}

extension EvaluationReport.Run {
    init(_ evaluation: Evaluation) {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        self.seconds = evaluation.seconds
        cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        messagesPerSecond = evaluation.overall.messagesPerSecond ?? 0
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
