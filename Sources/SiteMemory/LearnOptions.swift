import Feedback
import SiteLearning

/// How a site learns; the section `[learn]` of the configuration.
public struct LearnOptions: Sendable, Equatable {
    /// What of a labelled message is kept for retraining.
    public enum Keeping: String, Sendable, CaseIterable {
        /// The tokens that the model reads.
        case tokens
        /// Nothing but hashes; retraining can't use the labels then.
        case nothing
    }

    /// False where nothing is learnt and nothing is kept.
    public var isOn = true
    /// The directory of the labels; empty for the default one, if that is there.
    public var directory = ""
    /// The socket of `siftd learn`; empty for the default one, if its directory is there.
    public var socket = ""
    /// What of a labelled message is kept.
    public var keeping = Keeping.tokens
    /// How many recent verdicts are remembered, so that they can be corrected later.
    public var historyLimit = 20_000
    /// Labels of one source and class that count at once within a day.
    public var dailyQuota = 10
    /// The constants of the layer.
    public var layer = SiteLearningOptions()
    /// The file of base mail that is learnt with each label; empty for the one beside the model.
    public var reservoir = ""
    /// Addresses that receive only spam: mail to them is a label.
    public var traps: [String] = []
    /// Whether an answer by a user who logged in says that the message was wanted.
    public var learnsFromReplies = true
    /// How much such an answer counts; a person's word counts 1.
    public var replyWeight = 0.5
    /// The directory of the model's versions; empty for the default one.
    public var registry = ""
    /// By how much a retrained model's accuracy may be below the current one's.
    public var maxAccuracyDrop = 0.02
    /// By how much its share of false positives may be above.
    public var maxFalsePositiveRise = 0.005
    /// New labels after which the model is retrained; 0 for never.
    public var retrainAfter = 500
    /// Days after the last retraining at which the model is retrained if there are new labels; 0
    /// for never.
    public var retrainEvery = 0
    /// The time of day for that, in local time.
    public var retrainAt = TimeOfDay(hour: 3, minute: 0)
    /// Hours for which a retrained model scores beside the current one before it is put in force; 0
    /// puts it in force at once.
    public var shadowHours = 0.0
    /// The share of the mail that it scores then.
    public var shadowShare = 0.25
    /// The share of messages on which it may disagree.
    public var shadowMaxChanges = 0.05
    /// The share of messages that it alone may call spam.
    public var shadowMaxNewSpam = 0.01

    /// The defaults.
    public init() {}

    /// When the model is retrained.
    public var schedule: RetrainingSchedule {
        RetrainingSchedule(after: retrainAfter, every: retrainEvery, at: retrainAt)
    }

    /// What the store needs to know.
    var store: FeedbackOptions {
        var options = FeedbackOptions()
        options.dailyQuota = dailyQuota
        options.historyLimit = max(1, historyLimit)
        return options
    }
}
