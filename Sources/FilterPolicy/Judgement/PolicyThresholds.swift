/// The thresholds in force for one policy and model: `unsure` ≤ `tag` ≤ `reject`.
public struct PolicyThresholds: Sendable, Equatable {
    /// The tag threshold for a model whose bundle has none.
    ///
    /// It is the lowest that training chooses for a model (`Candidate` in Learning); training
    /// raises it where too much ham of the development set would be tagged.
    public static let defaultTag = 0.9
    /// The reject threshold for a model whose bundle has none; chosen like ``defaultTag``.
    public static let defaultReject = 0.99

    /// Probability from which on a message is unsure instead of ham.
    public var unsure: Double
    /// Probability from which on a message is spam.
    public var tag: Double
    /// Probability from which on spam is rejected, where the policy rejects.
    public var reject: Double

    /// The thresholds of a policy, those of the model where it has none, the defaults where neither
    /// has any.
    ///
    /// - Parameters:
    ///   - settings: the policy.
    ///   - modelTag: the tag threshold in the model's bundle.
    ///   - modelReject: the reject threshold in the model's bundle.
    public init(_ settings: PolicySettings, modelTag: Double?, modelReject: Double?) {
        tag = settings.tagThreshold ?? modelTag ?? PolicyThresholds.defaultTag
        unsure = min(settings.unsureThreshold, tag)
        reject = max(
            settings.rejectThreshold ?? modelReject ?? PolicyThresholds.defaultReject, tag)
    }
}
