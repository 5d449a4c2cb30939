import FilterPolicy
import Milter
import Telemetry
import Traces
import Tracing

/// Traces of messages.
extension SpamFilter {
    /// Records the spans of a message that has its answer; without addresses and content.
    func trace(_ run: FilterRun, _ tracer: any Tracer) {
        let clock = SpanClock()
        let end = run.start + run.log.totalTime
        let began = run.transaction.began ?? run.start
        let span = tracer.startSpan(
            "message", context: .topLevel, ofKind: .server, at: clock(began))
        defer { span.end(at: clock(end)) }
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes["siftd.queue_id"] = run.log.queueID
            attributes["siftd.verdict"] = run.log.verdict.rawValue
            attributes["siftd.action"] = run.log.action.rawValue
            attributes["siftd.model"] = run.log.model
            attributes["siftd.bytes"] = run.log.bytes
            attributes["siftd.batch"] = run.log.batch
            if !run.log.reason.isEmpty { attributes["siftd.reason"] = run.log.reason }
        }
        var stages = [StageTime(FilterMetrics.Stage.receive.rawValue, from: began, to: run.start)]
        stages += run.stages.map { stage, time in
            StageTime(stage.rawValue, from: time.lowerBound, to: time.upperBound)
        }
        if let scored = run.scored {
            stages.append(StageTime(FilterMetrics.Stage.verdict.rawValue, from: scored, to: end))
        }
        tracer.record(stages, below: span, clock)
    }
}
