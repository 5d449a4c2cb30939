import Feedback
import Foundation

/// What a site has taught, for `siftd learn --status` and the HTTP port.
public struct LearningStatus: Codable, Sendable, Equatable {
    /// Labels of one source.
    public struct Source: Codable, Sendable, Equatable {
        /// Who gave them.
        public var source: String
        /// Labels in force, by class.
        public var active: [String: Int]
        /// Labels that wait for a second source or an admin.
        public var held: Int
        /// All labels of the source.
        public var total: Int
    }

    /// Labels that scores rest on now.
    public var labelsInForce: Int
    /// Labels in force, by class.
    public var classes: [String: Int]
    /// Labels by what they do.
    public var states: [String: Int]
    /// The sources with the most labels.
    public var sources: [Source]
    /// How many sources there are.
    public var sourceCount: Int
    /// Labels that a retraining has used; they stay in force.
    public var archived: Int
    /// Labels since the last retraining.
    public var newLabels: Int
    /// How many more it takes until the model is retrained; nil when it never is.
    public var labelsUntilRetraining: Int?
    /// What the last retraining did; nil when there was none.
    public var lastRetraining: String?
    /// The oldest and the newest label in force, in seconds since 1970.
    public var oldest: Int64?
    /// See ``oldest``.
    public var newest: Int64?
    /// Recent verdicts that can still be corrected.
    public var history: Int
    /// The number of the last change.
    public var revision: Int64
    /// Bytes on disk.
    public var bytes: Int64

    enum CodingKeys: String, CodingKey {
        case labelsInForce = "labels_in_force"
        case classes, states, sources
        case sourceCount = "source_count"
        case archived
        case newLabels = "new_labels"
        case labelsUntilRetraining = "labels_until_retraining"
        case lastRetraining = "last_retraining"
        case oldest, newest, history, revision, bytes
    }

    init(_ status: FeedbackStatus, labelsInForce: Int, labelsUntilRetraining: Int?) {
        func named<Key: RawRepresentable<String>>(_ counts: [Key: Int]) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) })
        }
        self.labelsInForce = labelsInForce
        classes = named(status.classes)
        states = named(status.states)
        sources = status.sources.map {
            Source(
                source: $0.source.description, active: named($0.active), held: $0.held,
                total: $0.total)
        }
        sourceCount = status.sourceCount
        archived = status.archived
        newLabels = status.newLabels
        self.labelsUntilRetraining = labelsUntilRetraining
        lastRetraining = status.lastRetraining.map(LearningStatus.words)
        oldest = status.oldest
        newest = status.newest
        history = status.history
        revision = status.revision
        bytes = status.bytes
    }

    /// A retraining in one line: when, what became of it, why.
    public static func words(_ job: RetrainingJob) -> String {
        let time = Date(timeIntervalSince1970: Double(job.ended ?? job.started))
        let day = time.formatted(.iso8601)
        switch job.state {
        case .running: return "running since \(day): \(job.reason)"
        case .promoted: return "\(day): model \(job.candidate) is in force"
        case .refused: return "\(day): the guard refused model \(job.candidate)"
        case .failed: return "\(day): failed, \(job.reason)"
        case .abandoned: return "\(day): its process died"
        }
    }
}
