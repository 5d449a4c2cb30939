import CoreMetrics

/// The instruments of the message path, made once so that counting costs no look-up. Counters of
/// known label values exist, at 0, from the start.
public final class FilterMetrics: Sendable {
    /// Where a message came from.
    public enum Source: String, CaseIterable, Sendable { case milter, http }
    /// Parts of a message's way.
    public enum Stage: String, CaseIterable, Sendable { case parse, queue, infer, total }

    private struct Key: Hashable {
        var verdict: String
        var action: String
        var source: Source
    }

    private let factory: any MetricsFactory
    private let messages: [Key: Counter]
    private let stages: [Stage: Timer]
    private let limits: [String: Counter]
    private let probability: Recorder
    private let messageBytes: Recorder
    private let batchSize: Recorder
    private let queueDepth: Meter
    private let queueRejected: Counter
    private let headersRemoved: Counter
    private let faults: Counter

    /// - Parameters:
    ///   - verdicts: every verdict there is.
    ///   - actions: every action there is.
    ///   - limits: every reading limit there is.
    public init(
        factory: any MetricsFactory, verdicts: [String], actions: [String], limits: [String]
    ) {
        self.factory = factory
        var messages: [Key: Counter] = [:]
        for verdict in verdicts {
            for action in actions {
                for source in Source.allCases {
                    messages[Key(verdict: verdict, action: action, source: source)] = Counter(
                        label: MetricCatalog.messages.name,
                        dimensions: [
                            ("verdict", verdict), ("action", action), ("source", source.rawValue),
                        ], factory: factory)
                }
            }
        }
        self.messages = messages
        stages = Dictionary(
            uniqueKeysWithValues: Stage.allCases.map {
                (
                    $0,
                    Timer(
                        label: MetricCatalog.stageDuration.name,
                        dimensions: [("stage", $0.rawValue)], preferredDisplayUnit: .seconds,
                        factory: factory)
                )
            })
        self.limits = Dictionary(
            uniqueKeysWithValues: limits.map {
                (
                    $0,
                    Counter(
                        label: MetricCatalog.limitsHit.name, dimensions: [("limit", $0)],
                        factory: factory)
                )
            })
        func recorder(_ definition: MetricDefinition) -> Recorder {
            Recorder(label: definition.name, dimensions: [], aggregate: true, factory: factory)
        }
        func counter(_ definition: MetricDefinition) -> Counter {
            Counter(label: definition.name, dimensions: [], factory: factory)
        }
        probability = recorder(MetricCatalog.probability)
        messageBytes = recorder(MetricCatalog.messageBytes)
        batchSize = recorder(MetricCatalog.batchSize)
        queueDepth = Meter(label: MetricCatalog.queueDepth.name, dimensions: [], factory: factory)
        queueRejected = counter(MetricCatalog.queueRejected)
        headersRemoved = counter(MetricCatalog.headersRemoved)
        faults = counter(MetricCatalog.faults)
    }

    /// Counts one judged message.
    public func countMessage(
        verdict: String, action: String, source: Source, probability: Double?, bytes: Int
    ) {
        messages[Key(verdict: verdict, action: action, source: source)]?.increment()
        if let probability { self.probability.record(probability) }
        messageBytes.record(bytes)
    }

    public func countLimit(_ name: String) { limits[name]?.increment() }
    /// Counts a message that the scoring queue did not take, or kept too long.
    public func countQueueRejection() { queueRejected.increment() }
    public func countRemovedHeaders(_ count: Int) { headersRemoved.increment(by: count) }
    public func countFault() { faults.increment() }
    public func recordBatch(_ size: Int) { batchSize.record(size) }
    public func showQueueDepth(_ depth: Int) { queueDepth.set(depth) }

    public func record(_ stage: Stage, seconds: Double) {
        stages[stage]?.recordNanoseconds(Int64(seconds * 1e9))
    }

    /// Shows which model is active.
    public func showModel(id: String, normalizer: String, trained: Double) {
        (factory as? PrometheusRegistry)?.forget(MetricCatalog.modelInfo)
        Meter(
            label: MetricCatalog.modelInfo.name,
            dimensions: [("model", id), ("normalizer", normalizer)], factory: factory
        ).set(1)
        Meter(label: MetricCatalog.modelTrained.name, dimensions: [], factory: factory)
            .set(trained)
    }

    public func showBuild(version: String) {
        Meter(
            label: MetricCatalog.buildInfo.name, dimensions: [("version", version)],
            factory: factory
        ).set(1)
    }
}
