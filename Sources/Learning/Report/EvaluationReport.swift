import Corpora
import Foundation
import Models
import TextCNN

/// A report on a model that was measured on labelled mail.
///
/// Apart from ``run``, the same model and data give the same report.
public struct EvaluationReport: Codable, Sendable {
    /// A message on the wrong side of probability 0.5, with the reasons.
    public struct Mistake: Codable, Sendable {
        /// The name of the data set.
        public var set: String
        /// The path in the data set.
        public var path: String
        /// The probability of spam.
        public var probability: Double
        /// The texts and facts that moved the score most.
        public var reasons: [ScoreExplanation.Reason]
    }

    /// Time and memory of the run.
    public struct Run: Codable, Sendable {
        /// Wall time of reading and scoring; 0 if it was not measured.
        public var seconds: Double
        /// CPU time of the process, in seconds.
        public var cpuSeconds: Double
        /// Messages that were read and scored in a second.
        public var messagesPerSecond: Double
        /// The largest resident size of the process.
        public var peakMemoryBytes: Int
        /// The median time from a message's bytes to its probability, in microseconds.
        public var latencyMedian: Double
        /// The 95th percentile of that time.
        public var latency95: Double
        /// The 99th percentile of that time.
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

    /// The version of siftd.
    public var version: String
    /// The id of the model.
    public var model: String
    /// The part that was measured; nil for all messages.
    public var part: DataSplit?
    /// The model's tag threshold.
    public var tagThreshold: Double?
    /// The data sets with their digests.
    public var sources: [DataSource]
    /// The measures of all messages, at probability 0.5.
    public var overall: Measures
    /// The measures of all messages, at the tag threshold.
    public var atTagThreshold: Measures?
    /// The measures of each data set, at probability 0.5.
    public var sets: [String: Measures]
    /// The measures of each data set, at the tag threshold.
    public var setsAtTagThreshold: [String: Measures]
    /// The data of the plots.
    public var curves: ScoreCurves
    /// The ham with the highest probabilities among those above 0.5.
    public var falsePositives: [Mistake]
    /// The spam with the lowest probabilities among those below 0.5.
    public var misses: [Mistake]
    /// Time and memory of the run.
    public var run: Run

    enum CodingKeys: String, CodingKey {
        case version, model, part, sources, overall, sets, curves, misses, run
        case tagThreshold = "tag_threshold"
        case atTagThreshold = "at_tag_threshold"
        case setsAtTagThreshold = "sets_at_tag_threshold"
        case falsePositives = "false_positives"
    }

    /// The report as JSON, keys in alphabetical order.
    public var json: Data {
        get throws { try JSONEncoder.siftd(pretty: true).encode(self) }
    }
}
