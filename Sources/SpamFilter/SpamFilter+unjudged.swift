import FilterPolicy
import Logging
import Milter
import Scoring
import Telemetry

/// Messages without a verdict: exempt ones, and those that siftd failed.
extension SpamFilter {
    /// Mail of trusted networks passes as it is; other exempt mail loses any forged verdict, but
    /// shows none of ours.
    func exempted(_ reason: Exemption.Reason, _ run: inout FilterRun) -> MilterResponse {
        guard reason == .trustedNetwork else { return skipped(reason.rawValue, &run) }
        run.note(.skipped, .accept, reason.rawValue)
        return MilterResponse(reply: .accept)
    }

    func skipped(_ reason: String, _ run: inout FilterRun) -> MilterResponse {
        run.note(.skipped, .accept, reason)
        return MilterResponse(modifications: run.marks.removals(run.transaction), reply: .accept)
    }

    /// Stopping: 421 asks the client to go as well (RFC 5321 section 3.8).
    func late(_ run: inout FilterRun) -> MilterResponse {
        run.note(.skipped, .tempfail, "shutting-down")
        return MilterResponse(
            reply: .tempfail(
                code: "421", status: "4.3.2", text: "Filter shutting down, try again later"))
    }

    /// What the policy for our own faults says.
    func failed(_ fault: Fault, _ reason: String, _ run: inout FilterRun) -> MilterResponse {
        metrics.countFault()
        let action = run.settings.policy.faults[fault]
        let queueID = run.line.queueID.isEmpty ? "NOQUEUE" : run.line.queueID
        logger.error(
            "\(queueID): msg=not_scanned reason=\(reason) action=\(action.rawValue)")
        switch action {
        case .tempfail:
            run.note(.skipped, .tempfail, reason)
            return MilterResponse(reply: .tempfail(fault.refusal, queueID: queueID))
        case .accept: return unscanned(reason, &run)
        case .quarantine:
            return unscanned(
                reason, &run, .quarantine, and: [.quarantine(reason: "siftd: not scanned")])
        }
    }

    /// Passes with a field that says so.
    func unscanned(
        _ reason: String, _ run: inout FilterRun, _ action: Action = .accept,
        and changes: [Modification] = []
    ) -> MilterResponse {
        run.note(.skipped, action, reason)
        return MilterResponse(
            modifications: run.marks.marked(
                run.transaction, SpamHeaders.unscanned(reason: reason)) + changes,
            reply: .accept)
    }
}

extension ScoringError {
    /// Which of our faults it is.
    var fault: Fault {
        switch self {
        case .timeout: .timeout
        case .overloaded: .overload
        case .noModel: .noModel
        case .stopped, .notANumber: .error
        }
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
