/// How far a retraining is; recorded in the store while it runs.
public struct RetrainingProgress: Codable, Sendable, Equatable {
    /// What is done, human-readable.
    public var step: String
    /// The share of the step that is done, 0 to 1.
    public var fraction: Double

    /// A progress.
    public init(_ step: String, _ fraction: Double = 0) {
        self.step = step
        self.fraction = fraction
    }
}
