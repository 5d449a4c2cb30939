import CoreMetrics
import Synchronization

/// A swift-metrics backend that keeps all series in memory and writes them in the Prometheus text
/// format, version 0.0.4.
///
/// Instruments may be used on any thread.
public final class PrometheusRegistry: MetricsFactory, Sendable {
    private struct Family {
        var definition: MetricDefinition
        /// By rendered labels, such as `{stage="parse"}`.
        var series: [String: any Series] = [:]
    }

    private let catalog: [String: MetricDefinition]
    private let families = Mutex<[String: Family]>([:])

    /// - Parameter catalog: help and buckets of the metrics that are known by name.
    public init(catalog: [MetricDefinition] = MetricCatalog.all) {
        self.catalog = Dictionary(
            catalog.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A counter; the same name and dimensions give the same one.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { _ in CounterSeries() }
    }

    /// A histogram with the catalog's buckets.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        series(label, dimensions, .histogram) { HistogramSeries($0.buckets) }
    }

    /// A histogram of seconds with the catalog's buckets.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { HistogramSeries($0.buckets) }
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { _ in GaugeSeries() }
    }

    // A scrape must not see a counter vanish.
    /// Does nothing: a counter lives as long as the process.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing: a histogram lives as long as the process.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing: a histogram lives as long as the process.
    public func destroyTimer(_ handler: any TimerHandler) {}
    /// Does nothing: a gauge lives as long as the process.
    public func destroyMeter(_ handler: any MeterHandler) {}

    /// Forgets the series of one metric, for info gauges whose labels changed.
    public func forget(_ name: String) {
        families.withLock { $0[name] = nil }
    }

    /// All series, families in order of name.
    public func render() -> String {
        let snapshot = families.withLock { $0 }
        var text = ""
        for (name, family) in snapshot.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(family.definition.help)\n"
            text += "# TYPE \(name) \(family.definition.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                text += series.render(name: name, labels: labels)
            }
        }
        return text
    }

    /// The series of a name and labels; made at first use.
    ///
    /// A name that is not in the catalog comes from a library and is shown without help.
    private func series<Handler: Series>(
        _ name: String, _ dimensions: [(String, String)], _ kind: MetricDefinition.Kind,
        make: (MetricDefinition) -> Handler
    ) -> Handler {
        let labels = PrometheusRegistry.labels(dimensions)
        let definition =
            catalog[name] ?? MetricDefinition(name, kind, "Kept by a library.")
        return families.withLock { families in
            var family = families[name] ?? Family(definition: definition)
            if let known = family.series[labels] as? Handler { return known }
            let handler = make(definition)
            family.series[labels] = handler
            families[name] = family
            return handler
        }
    }

    private static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.map { name, value in
            let escaped = value.map { character in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(character)
                }
            }
            return "\(name)=\"\(escaped.joined())\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }
}

/// The numbers behind one line, or one histogram, of the output.
private protocol Series: AnyObject, Sendable {
    func render(name: String, labels: String) -> String
}

private final class CounterSeries: CounterHandler, Series {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    func render(name: String, labels: String) -> String {
        "\(name)\(labels) \(value.load(ordering: .relaxed))\n"
    }
}

private final class GaugeSeries: MeterHandler, Series {
    private let value = AtomicDouble()

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.set(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }

    func render(name: String, labels: String) -> String {
        "\(name)\(labels) \(number(value.value))\n"
    }
}

/// A number that threads change without a lock.
private final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (isDone, found) = bits.weakCompareExchange(
                expected: old, desired: new, ordering: .relaxed)
            if isDone { return }
            old = found
        }
    }
}

/// Seconds for timers, the recorded unit for recorders.
///
/// Recording takes no lock and no memory, for it is done on the way of a message. Between two
/// additions a scrape may see a count without its sum.
private final class HistogramSeries: RecorderHandler, TimerHandler, Series {
    /// The values up to a bound and above the one before; a class, because arrays can't hold
    /// atomics.
    private final class Bucket: Sendable {
        let count = Atomic<Int64>(0)
    }

    private let bounds: [Double]
    /// One for each bound, and one for larger values.
    private let buckets: [Bucket]
    private let sum = AtomicDouble()

    init(_ bounds: [Double]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Bucket() }
    }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) * 1e-9) }

    func record(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        buckets[index].count.add(1, ordering: .relaxed)
        sum.add(value)
    }

    func render(name: String, labels: String) -> String {
        let counts = buckets.map { $0.count.load(ordering: .relaxed) }
        let count = counts.reduce(0, +)
        let inner = labels.isEmpty ? "" : labels.dropFirst().dropLast() + ","
        var text = ""
        var running: Int64 = 0
        for (bound, inBucket) in zip(bounds, counts) {
            running += inBucket
            text += "\(name)_bucket{\(inner)le=\"\(number(bound))\"} \(running)\n"
        }
        text += "\(name)_bucket{\(inner)le=\"+Inf\"} \(count)\n"
        text += "\(name)_sum\(labels) \(number(sum.value))\n"
        text += "\(name)_count\(labels) \(count)\n"
        return text
    }
}

/// Whole numbers without a fraction.
private func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
}
