import Synchronization
import Telemetry

/// Ended spans that wait for the exporter: a bounded number; further ones are dropped and counted.
final class SpanBuffer: Sendable {
    private let spans = Mutex<[SpanRecord]>([])
    private let limit: Int
    private let metrics: FilterMetrics?

    /// - Parameters:
    ///   - limit: spans that may wait.
    ///   - metrics: where dropped ones are counted.
    init(limit: Int, metrics: FilterMetrics?) {
        self.limit = limit
        self.metrics = metrics
    }

    /// Adds a span; called on threads that messages wait for, so it does no more than that.
    func add(_ span: SpanRecord) {
        let isAdded = spans.withLock { spans in
            guard spans.count < limit else { return false }
            spans.append(span)
            return true
        }
        if !isAdded { metrics?.countSpans(1, .dropped) }
    }

    /// Takes the oldest spans.
    func take(_ count: Int) -> [SpanRecord] {
        spans.withLock { spans in
            let taken = Array(spans.prefix(count))
            spans.removeFirst(taken.count)
            return taken
        }
    }
}

/// A span that has ended.
struct SpanRecord: Sendable {
    var traceID: String
    var spanID: String
    var parentID: String?
    var state: String
    var name: String
    var kind: Int
    /// Nanoseconds since 1970.
    var start: UInt64
    /// Nanoseconds since 1970.
    var end: UInt64
    var attributes: [(key: String, value: SpanValue)] = []
    /// Why the operation failed; nil when it did not.
    var failure: String?
}

/// The value of an attribute.
enum SpanValue: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case bool(Bool)
}
