import FilterTestKit
import Foundation
import Telemetry
import Testing
import Tracing

@testable import Traces

/// What is recorded, in which trace, and how it is written.
@Suite struct SpanRecorderTests {
    private struct Fields: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key] = value
        }
    }

    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"

    private static func context(_ fields: [String: String], _ recorder: SpanRecorder)
        -> ServiceContext
    {
        var context = ServiceContext.topLevel
        recorder.extract(fields, into: &context, using: Fields())
        return context
    }

    @Test("Spans stand in the trace of the request, below its span, and below each other")
    func nesting() {
        let recorder = SpanRecorder(sample: 0, metrics: nil)
        let context = SpanRecorderTests.context(
            [
                "traceparent": SpanRecorderTests.parent + "-01", "tracestate": "a=1",
                "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793",
            ], recorder)
        let span = recorder.startSpan("above", context: context, ofKind: .server)
        let now = ContinuousClock.now
        recorder.record(
            [StageTime("below", from: now, to: now + .milliseconds(5))], below: span, SpanClock())
        span.attributes["answer"] = 42
        span.end()
        span.end()
        let spans = recorder.buffer.take(10)
        #expect(spans.map(\.name) == ["below", "above"], "a second end adds nothing")
        #expect(Set(spans.map(\.traceID)) == ["0af7651916cd43dd8448eb211c80319c"])
        #expect(spans[1].parentID == "b7ad6b7169203331" && spans[1].state == "a=1")
        #expect(spans[0].parentID == spans[1].spanID && spans[0].end - spans[0].start == 5_000_000)
        #expect(spans[1].attributes.map(\.value) == [.integer(42)] && spans[1].kind == 2)
        var fields: [String: String] = [:]
        recorder.inject(span.context, into: &fields, using: Fields())
        #expect(
            fields["traceparent"] == "00-0af7651916cd43dd8448eb211c80319c-\(spans[1].spanID)-01")
    }

    @Test(
        "A request's word on sampling counts, else the share",
        arguments: [
            (["traceparent": parent + "-01"], 0.0, true),
            (["traceparent": parent + "-00"], 1.0, false), ([:], 1.0, true), ([:], 0.0, false),
            (["traceparent": "nonsense"], 1.0, true),
            (["x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793"], 1.0, true),
            (["x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793"], 0.0, false),
            (
                ["x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"], 0.0,
                true
            ),
        ])
    func sampling(_ fields: [String: String], _ sample: Double, _ isRecorded: Bool) {
        let recorder = SpanRecorder(sample: sample, metrics: nil)
        let span = recorder.startSpan(
            "x", context: SpanRecorderTests.context(fields, recorder), ofKind: .server)
        recorder.record([StageTime("y", from: .now, to: .now)], below: span, SpanClock())
        recorder.startSpan("z", context: span.context).end()
        span.end()
        #expect(recorder.buffer.take(10).count == (isRecorded ? 3 : 0))
    }

    @Test("A full buffer drops spans and counts them")
    func bounded() {
        let registry = PrometheusRegistry()
        let buffer = SpanBuffer(limit: 2, metrics: FilterMetrics(factory: registry))
        for number in 0..<5 {
            buffer.add(
                SpanRecord(
                    traceID: "", spanID: "\(number)", state: "", name: "", kind: 1, start: 0, end: 0
                ))
        }
        #expect(buffer.take(10).map(\.spanID) == ["0", "1"])
        #expect(registry.render().contains("siftd_trace_spans_total{result=\"dropped\"} 3\n"))
    }

    @Test("Times of the clock for durations become times since 1970")
    func clock() {
        let now = ContinuousClock.now
        let clock = SpanClock()
        let wall = UInt64(Date().timeIntervalSince1970)
        #expect(clock(now).nanosecondsSinceEpoch / 1_000_000_000 <= wall + 1)
        #expect(clock(now).nanosecondsSinceEpoch / 1_000_000_000 + 60 > wall)
        let later = clock(now + .seconds(3)).nanosecondsSinceEpoch
        #expect(later - clock(now).nanosecondsSinceEpoch == 3_000_000_000)
    }
}
