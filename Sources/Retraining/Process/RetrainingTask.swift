import Feedback
import Foundation
import SiteLearning

/// What a retraining process is given on its standard input, as JSON.
public struct RetrainingTask: Codable, Sendable, Equatable {
    /// The store's id of the retraining; set when it starts.
    public var job: Int64 = 0
    /// The directory of the labels, with the site's secret.
    public var site: String
    /// The directory of the model's versions; empty where the candidate is only judged.
    public var registry: String
    /// The bundle to begin with.
    public var model: String
    /// The file of base data.
    public var reservoir: String
    /// What is trained and what the guard demands.
    public var options: RetrainingOptions
    /// The constants of the site layer.
    public var layer: LayerConstants
    /// The database that has the labels; nil for a file in ``site``.
    public var shared: SharedStoreOptions?
    /// This host's name among those that share the database.
    public var host: String?
    /// Labels that were new when the retraining was started.
    public var newLabels: Int?

    /// The constants of `SiteLearningOptions`.
    public struct LayerConstants: Codable, Sendable, Equatable {
        var rate: Double
        var lowerBound: Double
        var upperBound: Double
        var hamWeight: Double
        var anchors: Int
        var anchorWeight: Double

        /// The constants of these options.
        public init(_ options: SiteLearningOptions) {
            rate = options.rate
            lowerBound = options.lowerBound
            upperBound = options.upperBound
            hamWeight = options.hamWeight
            anchors = options.anchors
            anchorWeight = options.anchorWeight
        }

        /// The options of these constants.
        var options: SiteLearningOptions {
            var options = SiteLearningOptions()
            options.rate = rate
            options.lowerBound = lowerBound
            options.upperBound = upperBound
            options.hamWeight = hamWeight
            options.anchors = anchors
            options.anchorWeight = anchorWeight
            return options
        }
    }

    /// The name of the base data's file beside a bundle.
    public static let reservoirName = "reservoir.bin"

    /// A retraining that has not started.
    public init(
        site: String, registry: String, model: String, reservoir: String,
        options: RetrainingOptions = RetrainingOptions(),
        layer: SiteLearningOptions = SiteLearningOptions()
    ) {
        self.site = site
        self.registry = registry
        self.model = model
        self.reservoir = reservoir
        self.options = options
        self.layer = LayerConstants(layer)
    }
}

/// What a retraining left, as the store records it.
public struct RetrainingFigures: Codable, Sendable, Equatable {
    /// The guard's decision and figures; nil for a retraining that failed before.
    public var report: GuardReport?
    /// How the candidate was trained; nil as above.
    public var method: RetrainingOptions.Method?
    /// Labels that the candidate was trained on.
    public var labels = 0
    /// Whether the candidate became the active model.
    public var isActive = false
    /// Whether the candidate scores beside the current model first; nil in older records.
    public var isShadow: Bool?
    /// Wall time in seconds.
    public var seconds = 0.0
    /// Labels that were new when the retraining was started; nil in older records.
    public var newLabels: Int?
    /// The largest resident memory of the process, in bytes.
    public var memory: Int64 = 0
    /// Why it failed; nil when it didn't.
    public var failure: String?

    enum CodingKeys: String, CodingKey {
        case report, method, labels, seconds, memory, failure
        case newLabels = "new_labels"
        case isActive = "active"
        case isShadow = "shadow"
    }

    /// Nothing yet.
    public init() {}
}
