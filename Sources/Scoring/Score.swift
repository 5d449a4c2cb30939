/// What a worker found for one message.
public struct Score: Sendable {
    /// Of spam, 0 to 1, calibrated; 0 for a model without that label.
    public var probability: Double
    /// `[labels]`, before calibration.
    public var logits: [Float]
    /// How long the message waited for a worker.
    public var queueTime: Duration
    /// How long the worker took.
    public var inferTime: Duration
    /// How many messages the worker took together.
    public var batch: Int
    /// When the worker was done with the message.
    public var end: ContinuousClock.Instant
}

/// Why a message was not scored.
///
/// The raw values stand in the log and in `X-Spam-Status`.
public enum ScoringError: String, Error, Sendable {
    /// The queue was full.
    case overloaded
    /// The deadline passed while the message waited.
    case timeout
    /// The pool was shut down.
    case stopped
    /// The model's weights gave no number.
    case notANumber = "not-a-number"
    /// There is no model.
    case noModel = "no-model"
}
