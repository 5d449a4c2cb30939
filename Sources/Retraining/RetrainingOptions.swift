/// How a site's model is trained again, and what its candidate must show before it is put in force.
public struct RetrainingOptions: Codable, Sendable, Equatable {
    /// What the guard demands.
    public var limits = GuardLimits()
    /// Whether a candidate that passes the guard becomes the active model at once.
    ///
    /// Otherwise it is added to the registry alone, such as for a time in the shadow.
    public var activates = true
    /// Hours for which a candidate that passes the guard scores live mail beside the current model
    /// before it becomes active; 0 activates it at once.
    public var shadowHours = 0.0
    /// The newest labels that are learnt; older ones stay in the site layer alone.
    public var mostLabels = 20_000
    /// Local ham from which on thresholds are fitted to it.
    public var leastThresholdHam = 100
    /// The ways that are tried; dev decides between them.
    ///
    /// Trained anew from a sample of its mail, a model forgets: from 5,000 messages, a small part
    /// of those that it had learnt from, a starter model's accuracy on base data fell by 14 %.
    public var methods = [Method.refine]
    /// Updates of a run from a random start; with fewer than about 1,500 a model is under-trained.
    public var updates = 1_500
    /// Passes over the mail when the current model is trained further.
    public var refiningEpochs = 2
    /// The peak of the learning rate when the current model is trained further.
    public var refiningRate: Float = 5e-5
    /// Bytes of address space that the retraining process may have; 0 for no limit.
    public var memoryLimit = 4 << 30
    /// Whether the process only takes CPU time and I/O that others leave.
    public var yields = true
    /// Seed of all random choices.
    public var seed: UInt64 = 1

    /// A way to a candidate.
    public enum Method: String, Codable, Sendable, CaseIterable {
        /// The current model is trained further on base data and labels.
        case refine
        /// A model of the current one's shape is trained from a random start.
        case anew
    }

    /// The defaults.
    public init() {}
}

/// What a candidate must show, beside the current model, on labels that neither has seen.
public struct GuardLimits: Codable, Sendable, Equatable {
    /// By how much the accuracy may fall.
    public var maxAccuracyDrop = 0.02
    /// By how much the share of ham that is called spam may rise.
    public var maxFalsePositiveRise = 0.005
    /// How much further the accuracy might have fallen, as far as so few labels can tell.
    public var accuracyUncertainty = 0.05
    /// How much further the share of false positives might have risen, likewise.
    public var falsePositiveUncertainty = 0.10
    /// How sure the two bounds are.
    public var confidence = 0.95
    /// Held-out labels of each class at least.
    public var leastHeldOut = 20

    /// The defaults.
    public init() {}
}
