import FilterPolicy
import Milter
import Models

/// The answer to a message that was judged.
extension SpamFilter {
    /// What an answer needs to know of a judgement.
    struct Decision {
        var judgement: Judgement
        /// Whose policy decided.
        var policy: String
        /// The model's id.
        var model: String
        /// Labels beside spam that hold.
        var labels: [String] = []
    }

    /// The answer; `explain`, what moved the score, is asked only when a field names it.
    func answer(
        _ decision: Decision, _ run: inout FilterRun,
        explain: (_ limit: Int) -> [ScoreExplanation.Reason]
    ) -> MilterResponse {
        let judgement = decision.judgement
        run.finish(judgement, policy: decision.policy)
        let policy = run.snapshot.policy
        let queueID = run.transaction.queueID
        switch judgement.action {
        case .reject: return MilterResponse(reply: .reject(policy.rejection, queueID: queueID))
        case .tempfail: return MilterResponse(reply: .tempfail(policy.delay, queueID: queueID))
        case .discard: return MilterResponse(reply: .discard)
        case .accept, .addHeader, .redirect, .quarantine: break
        }
        let reasons = policy.explains(judgement) ? explain(SpamFilter.reasonLimit) : []
        let fields = SpamHeaders.fields(
            for: judgement, templates: policy.headers, model: decision.model, version: version,
            labels: decision.labels, reasons: reasons.map { ($0.text, $0.share) })
        var changes = run.edits.adding(fields, to: run.transaction)
        if judgement.verdict == .spam { changes += run.edits.subjectTag(run.transaction) }
        if judgement.action == .redirect { changes += run.edits.redirection(run.transaction) }
        if judgement.action == .quarantine {
            changes.append(.quarantine(reason: policy.quarantineReason))
        }
        return MilterResponse(modifications: changes, reply: .accept)
    }

    /// Reasons named in a header field.
    private static let reasonLimit = 5
}

extension PolicySettings {
    /// Whether a message's fields say what moved its score, which costs as much as reading it
    /// again.
    fileprivate func explains(_ judgement: Judgement) -> Bool {
        addsReasons && mode == .filter && judgement.verdict != .ham
            && headers.contains(where: \.namesReasons)
    }
}
