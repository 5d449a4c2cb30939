import CoreMetrics

/// How it is with several hosts that share a model, as one of them knows it.
public struct FleetMeasures: Sendable, Equatable {
    /// The number of hosts by how it is with them; every state there is has one.
    public var hosts: [String: Int]
    /// The change of the model that this host has followed last.
    public var activation: Int64
    /// The last one that all have agreed on; nil for none.
    public var agreed: Int64?
    /// Seconds since then in which this host has not followed it; 0 when it has.
    public var lag: Double

    /// What a host knows.
    public init(hosts: [String: Int], activation: Int64, agreed: Int64?, lag: Double) {
        self.hosts = hosts
        self.activation = activation
        self.agreed = agreed
        self.lag = lag
    }
}

extension FilterMetrics {
    /// Shows how it is with the hosts that share a model.
    public func showFleet(_ measures: FleetMeasures) {
        for (state, count) in measures.hosts {
            show(MetricCatalog.fleetHosts, Double(count), [("state", state)])
        }
        show(MetricCatalog.fleetActivation, Double(measures.activation))
        if let agreed = measures.agreed { show(MetricCatalog.fleetAgreed, Double(agreed)) }
        show(MetricCatalog.fleetLag, measures.lag)
    }

    private func show(
        _ metric: MetricDefinition, _ value: Double, _ labels: [(String, String)] = []
    ) {
        Meter(label: metric.name, dimensions: labels, factory: factory).set(value)
    }
}
