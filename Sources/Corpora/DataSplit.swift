/// The part of the data that a message belongs to.
public enum DataSplit: String, Sendable, CaseIterable, Codable {
    /// Messages that the parameters are fitted to.
    case train
    /// Messages that choose between trained models and fit thresholds ("validation" elsewhere).
    case dev
    /// Messages that no decision depends on, for the final measurement.
    case test
}
