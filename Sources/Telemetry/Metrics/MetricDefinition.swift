/// One metric as Prometheus sees it.
public struct MetricDefinition: Sendable {
    /// Prometheus' kinds that siftd uses.
    public enum Kind: String, Sendable { case counter, gauge, histogram }

    /// With its unit and, for counters, `_total`.
    public let name: String
    /// Counter, gauge or histogram.
    public let kind: Kind
    /// What it counts or measures, one sentence.
    public let help: String
    /// Names of the labels.
    public let labels: [String]
    /// Upper bounds of a histogram's buckets, ascending, without infinity.
    public let buckets: [Double]

    init(
        _ name: String, _ kind: Kind, _ help: String, labels: [String] = [], buckets: [Double] = []
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.buckets = buckets
    }
}
