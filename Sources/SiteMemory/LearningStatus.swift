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

    /// A retraining that runs, and how far it is.
    public struct Retraining: Codable, Sendable, Equatable {
        /// The store's id.
        public var job: Int64
        /// When it started, in seconds since 1970.
        public var started: Int64
        /// Why it was started.
        public var reason: String
        /// What is done now, human-readable; it is recorded every five seconds.
        public var step: String
        /// The share of the step that is done, 0 to 1.
        public var fraction: Double

        /// Nil for a retraining that has ended.
        public init?(_ job: RetrainingJob) {
            struct Progress: Decodable {
                var step: String
                var fraction: Double
            }
            guard job.state == .running else { return nil }
            let progress = try? JSONDecoder().decode(Progress.self, from: Data(job.figures.utf8))
            self.job = job.id
            started = job.started
            reason = job.reason
            step = progress?.step ?? "starting"
            fraction = progress?.fraction ?? 0
        }
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
    /// When it is retrained whatever their number, if there are any, in seconds since 1970; nil
    /// where nothing is scheduled.
    public var nextRetraining: Int64?
    /// The retraining that runs; nil when none does.
    public var retraining: Retraining?
    /// The candidate that scores beside the model in force, or the last one that did.
    public var shadow: ShadowStatus?
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
        case nextRetraining = "next_retraining"
        case retraining, shadow
        case lastRetraining = "last_retraining"
        case oldest, newest, history, revision, bytes
    }

    init(
        _ status: FeedbackStatus, labelsInForce: Int, labelsUntilRetraining: Int?,
        nextRetraining: Int64?, shadow: ShadowStatus?
    ) {
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
        self.nextRetraining = nextRetraining
        retraining = status.lastRetraining.flatMap(Retraining.init)
        self.shadow = shadow
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
        case .running:
            let progress = Retraining(job).map {
                "; \($0.step), \(Int(100 * min(max($0.fraction, 0), 1))) %"
            }
            return "running since \(day): \(job.reason)\(progress ?? "")"
        case .promoted:
            let figures = try? JSONDecoder().decode(Outcome.self, from: Data(job.figures.utf8))
            let state =
                figures?.shadow == true
                ? "was accepted and scores beside the current model first"
                : figures?.active == false ? "was accepted and is in the registry" : "is in force"
            return "\(day): model \(job.candidate) \(state)"
        case .refused: return "\(day): the guard refused model \(job.candidate)"
        case .failed: return "\(day): failed, \(job.reason)"
        case .abandoned: return "\(day): its process died"
        }
    }

    /// What of a retraining's figures says where the candidate is.
    private struct Outcome: Decodable {
        var active: Bool?
        var shadow: Bool?
    }
}
