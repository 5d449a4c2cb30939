import Synchronization
import Telemetry
import Tracing

/// Records spans of sampled traces for a ``TraceExporter``: siftd's backend of
/// swift-distributed-tracing.
///
/// Any thread may use it. A span of a trace that is not sampled costs a random number.
public final class SpanRecorder: Tracer {
    let buffer: SpanBuffer
    private let sample: Double

    /// Spans that may wait for the exporter: 2 MB at most, some seconds of full load.
    private static let longestQueue = 8_192

    /// A recorder.
    ///
    /// - Parameters:
    ///   - sample: the share of new traces that are recorded, 0 to 1.
    ///   - metrics: where dropped spans are counted.
    public init(sample: Double, metrics: FilterMetrics?) {
        self.sample = sample
        buffer = SpanBuffer(limit: SpanRecorder.longestQueue, metrics: metrics)
    }

    /// Begins a span; one of a trace that is not sampled records nothing.
    ///
    /// - Parameters:
    ///   - operationName: of the span.
    ///   - context: where the span belongs.
    ///   - kind: of the span.
    ///   - instant: when it began.
    ///   - function: not used.
    ///   - fileID: not used.
    ///   - line: not used.
    /// - Returns: the span, whose context is for spans below it.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context.traceParent
        guard parent?.isSampled ?? (Double.random(in: 0..<1) < sample) else {
            context.traceParent = TraceParent(
                traceID: parent?.traceID ?? "", spanID: parent?.spanID, isSampled: false)
            return RecordedSpan(context: context, recording: nil)
        }
        let record = SpanRecord(
            traceID: parent?.traceID ?? SpanRecorder.randomID(16),
            spanID: SpanRecorder.randomID(8), parentID: parent?.spanID,
            state: parent?.state ?? "", name: operationName, kind: kind.number,
            start: instant().nanosecondsSinceEpoch, end: 0)
        context.traceParent = TraceParent(
            traceID: record.traceID, spanID: record.spanID, isSampled: true, state: record.state)
        return RecordedSpan(
            context: context, recording: RecordedSpan.Recording(record, buffer))
    }

    /// Does nothing: the exporter sends what there is every second.
    public func forceFlush() {}

    /// Reads `traceparent` and `tracestate`, or `X-Amzn-Trace-Id`; what is malformed is no parent.
    ///
    /// - Parameters:
    ///   - carrier: the fields.
    ///   - context: gets ``Tracing/ServiceContext/traceParent``.
    ///   - extractor: finds a field.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        if let field = extractor.extract(key: "traceparent", from: carrier) {
            context.traceParent = TraceParent(
                traceparent: field,
                tracestate: extractor.extract(key: "tracestate", from: carrier))
        }
        if context.traceParent == nil,
            let field = extractor.extract(key: "x-amzn-trace-id", from: carrier)
        {
            context.traceParent = TraceParent(amazon: field)
        }
    }

    /// Writes `traceparent` and `tracestate`.
    ///
    /// - Parameters:
    ///   - context: of the span above.
    ///   - carrier: gets the fields.
    ///   - injector: sets a field.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let parent = context.traceParent, let field = parent.field else { return }
        injector.inject(field, forKey: "traceparent", into: &carrier)
        if !parent.state.isEmpty {
            injector.inject(parent.state, forKey: "tracestate", into: &carrier)
        }
    }

    /// Random bytes in hexadecimal digits, not all of them 0.
    private static func randomID(_ bytes: Int) -> String {
        let words = (0..<bytes / 8).map { _ in UInt64.random(in: 1...UInt64.max) }
        return words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}

/// A span of a ``SpanRecorder``.
public struct RecordedSpan: Span {
    /// Of a span that is recorded, until it ends.
    final class Recording: Sendable {
        struct State {
            var record: SpanRecord
            var attributes = SpanAttributes()
            var hasEnded = false
        }

        let state: Mutex<State>
        let buffer: SpanBuffer

        init(_ record: SpanRecord, _ buffer: SpanBuffer) {
            state = Mutex(State(record: record))
            self.buffer = buffer
        }
    }

    /// For spans below this one.
    public let context: ServiceContext
    let recording: Recording?

    /// What the span is about.
    public var operationName: String {
        get { recording?.state.withLock { $0.record.name } ?? "" }
        nonmutating set { recording?.state.withLock { $0.record.name = newValue } }
    }

    /// Values that describe the operation.
    public var attributes: SpanAttributes {
        get { recording?.state.withLock { $0.attributes } ?? [:] }
        nonmutating set { recording?.state.withLock { $0.attributes = newValue } }
    }

    /// Whether the trace is sampled and the span has not ended.
    public var isRecording: Bool { recording?.state.withLock { !$0.hasEnded } ?? false }

    /// Keeps an error's message.
    public func setStatus(_ status: SpanStatus) {
        guard status.code == .error else { return }
        recording?.state.withLock { $0.record.failure = status.message ?? "" }
    }

    /// Does nothing: siftd's spans have no events.
    public func addEvent(_ event: SpanEvent) {}

    /// Marks the span as failed; the error's text is not kept, because it may name content.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        recording?.state.withLock { $0.record.failure = "\(type(of: error))" }
    }

    /// Does nothing: siftd's spans have no links.
    public func addLink(_ link: SpanLink) {}

    /// Ends the span, which then waits for the exporter; a second call does nothing.
    ///
    /// - Parameter instant: when the operation ended.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let recording else { return }
        let end = instant().nanosecondsSinceEpoch
        let record: SpanRecord? = recording.state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            state.record.end = max(end, state.record.start)
            state.attributes.forEach { key, value in
                guard let value = SpanValue(value) else { return }
                state.record.attributes.append((key, value))
            }
            return state.record
        }
        if let record { recording.buffer.add(record) }
    }
}

extension SpanValue {
    /// Nil for lists, which siftd does not use.
    fileprivate init?(_ value: SpanAttribute) {
        switch value {
        case .string(let text): self = .text(text)
        case .stringConvertible(let value): self = .text("\(value)")
        case .int32(let number): self = .integer(Int64(number))
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .number(number)
        case .bool(let value): self = .bool(value)
        default: return nil
        }
    }
}

extension SpanKind {
    /// Of OTLP's enumeration `SpanKind`.
    fileprivate var number: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}
