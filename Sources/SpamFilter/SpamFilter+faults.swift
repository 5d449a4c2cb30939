import FilterPolicy
import Logging
import Milter
import Scoring
import Telemetry

/// The answers to messages without a verdict: exempt ones, and those that siftd failed.
extension SpamFilter {
    /// Mail of trusted networks passes as it is; other exempt mail loses any forged verdict, but
    /// gets none of ours.
    func answerExempt(_ reason: Exemptions.Reason, _ run: inout FilterRun) -> MilterResponse {
        guard reason == .trustedNetwork else { return answerSkipped(reason.rawValue, &run) }
        run.finish(.skipped, .accept, reason.rawValue)
        return MilterResponse(reply: .accept)
    }

    /// Passes unjudged and loses any forged verdict.
    func answerSkipped(_ reason: String, _ run: inout FilterRun) -> MilterResponse {
        run.finish(.skipped, .accept, reason)
        return MilterResponse(modifications: run.edits.removals(run.transaction), reply: .accept)
    }

    /// While siftd stops, 421 asks the client to close the connection as well (RFC 5321 section
    /// 3.8).
    func answerLate(_ run: inout FilterRun) -> MilterResponse {
        run.finish(.skipped, .tempfail, "shutting-down")
        return MilterResponse(
            reply: .tempfail(
                code: "421", status: "4.3.2", text: "Filter shutting down, try again later"))
    }

    /// As the policy for siftd's own faults says; the reason is one word, for the log and
    /// `X-Spam-Status`.
    func answerFault(
        _ fault: Fault, reason: String, _ run: inout FilterRun
    ) -> MilterResponse {
        metrics.countFault()
        let action = run.snapshot.policy.faults[fault]
        logger.record(
            .notScanned(queueID: run.log.queueID, reason: reason, action: action.rawValue))
        switch action {
        case .tempfail:
            run.finish(.skipped, .tempfail, reason)
            let queueID = run.log.queueID.isEmpty ? "NOQUEUE" : run.log.queueID
            return MilterResponse(reply: .tempfail(fault.refusal, queueID: queueID))
        case .accept: return answerUnscanned(reason, &run)
        case .quarantine:
            var response = answerUnscanned(reason, action: .quarantine, &run)
            response.modifications.append(.quarantine(reason: "siftd: not scanned"))
            return response
        }
    }

    /// Passes with a field that says so.
    func answerUnscanned(
        _ reason: String, action: Action = .accept, _ run: inout FilterRun
    ) -> MilterResponse {
        run.finish(.skipped, action, reason)
        return MilterResponse(
            modifications: run.edits.adding(
                SpamHeaders.unscanned(reason: reason), to: run.transaction),
            reply: .accept)
    }
}

extension MilterReply {
    static func tempfail(_ refusal: RefusalText, queueID: String) -> MilterReply {
        .tempfail(
            code: refusal.code, status: refusal.status, text: refusal.text(queueID: queueID))
    }

    static func reject(_ refusal: RefusalText, queueID: String) -> MilterReply {
        .reject(code: refusal.code, status: refusal.status, text: refusal.text(queueID: queueID))
    }
}
