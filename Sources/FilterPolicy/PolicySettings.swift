/// What the admin wants done, as checked by Settings. The defaults are careful: tag only.
public struct PolicySettings: Sendable, Equatable {
    public enum Mode: String, Sendable, CaseIterable {
        /// Do what the policy says.
        case filter
        /// Only log what would be done.
        case monitor
    }

    /// The answer to a message that could not be judged.
    public enum OnFault: String, Sendable, CaseIterable { case tempfail, accept }

    public var mode = Mode.filter
    /// Probability from which on a message is spam; nil takes the model's own.
    public var tagThreshold: Double?
    /// Probability from which on a message is unsure instead of ham.
    public var unsureThreshold = 0.5
    public var rejects = false
    /// Probability from which on a message is rejected; nil takes the model's own.
    public var rejectThreshold: Double?
    /// Text of the 550 reply, without codes.
    public var rejectText = "Spam message rejected"
    /// Messages with fewer words and links than this are unsure.
    public var minimumEvidence = 4
    /// Whether marked and unsure messages get `X-Spam-Reason`.
    public var addsReasons = true
    public var onFault = OnFault.tempfail
    /// Header names taken out of inbound mail beside `X-Spam*`.
    public var removedHeaders: [String] = []

    public init() {}
}

/// The thresholds in force for one model.
public struct PolicyThresholds: Sendable, Equatable {
    public var unsure: Double
    public var tag: Double
    public var reject: Double

    /// - Parameters:
    ///   - modelTag: what the model's bundle says; 0.9 and 0.99 stand in for a bundle without.
    public init(_ settings: PolicySettings, modelTag: Double?, modelReject: Double?) {
        tag = settings.tagThreshold ?? modelTag ?? 0.9
        unsure = min(settings.unsureThreshold, tag)
        reject = max(settings.rejectThreshold ?? modelReject ?? 0.99, tag)
    }
}
