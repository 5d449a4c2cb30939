import Tracing

/// A stage that a message went through, with the clock that measures durations.
public struct StageTime: Sendable {
    /// The stage's name.
    public let name: String
    /// When it began and ended.
    public let time: Range<ContinuousClock.Instant>

    /// A stage; one that ends before it begins has no duration.
    public init(
        _ name: String, from start: ContinuousClock.Instant, to end: ContinuousClock.Instant
    ) {
        self.name = name
        time = start..<max(start, end)
    }
}

/// Translates instants of the clock that measures durations into those of spans.
public struct SpanClock: Sendable {
    private let instant = ContinuousClock.now
    private let nanoseconds = DefaultTracerClock.now.nanosecondsSinceEpoch

    /// A clock that is right at this moment.
    public init() {}

    /// An instant for spans.
    public func callAsFunction(_ time: ContinuousClock.Instant) -> SpanInstant {
        let difference = Int64((time - instant) / .nanoseconds(1))
        return SpanInstant(nanosecondsSinceEpoch: nanoseconds &+ UInt64(bitPattern: difference))
    }
}

/// An instant of a span.
public struct SpanInstant: TracerInstant {
    /// Nanoseconds since 1970.
    public let nanosecondsSinceEpoch: UInt64

    /// Whether an instant is before another.
    public static func < (left: SpanInstant, right: SpanInstant) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

extension Tracer {
    /// Records stages that are over, as spans below another.
    ///
    /// - Parameters:
    ///   - stages: in any order.
    ///   - span: the span above; nothing is recorded unless it is.
    ///   - clock: translates their times.
    public func record(_ stages: [StageTime], below span: any Tracing.Span, _ clock: SpanClock) {
        guard span.isRecording else { return }
        for stage in stages {
            startSpan(
                stage.name, context: span.context, at: clock(stage.time.lowerBound)
            ).end(at: clock(stage.time.upperBound))
        }
    }
}
