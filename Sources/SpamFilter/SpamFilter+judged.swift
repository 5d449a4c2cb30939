import FilterPolicy
import MailText
import Milter
import Models
import Scoring

/// What becomes of a message that has its verdict.
extension SpamFilter {
    func carryOut(
        _ judgement: Judgement, _ model: ScoringModel, _ content: MailContent, _ labels: [String],
        _ run: inout FilterRun
    ) -> MilterResponse {
        run.note(judgement)
        let policy = run.settings.policy
        let queueID = run.transaction.queueID
        switch judgement.action {
        case .reject: return MilterResponse(reply: .reject(policy.rejection, queueID: queueID))
        case .tempfail: return MilterResponse(reply: .tempfail(policy.delay, queueID: queueID))
        case .discard: return MilterResponse(reply: .discard)
        case .accept, .addHeader, .redirect, .quarantine: break
        }
        var changes = run.marks.marked(
            run.transaction, fields(judgement, model, content, labels, policy))
        if judgement.verdict == .spam { changes += run.marks.subjectTag(run.transaction) }
        if judgement.action == .redirect { changes += run.marks.redirection(run.transaction) }
        if judgement.action == .quarantine {
            changes.append(.quarantine(reason: policy.quarantineReason))
        }
        return MilterResponse(modifications: changes, reply: .accept)
    }

    private func fields(
        _ judgement: Judgement, _ model: ScoringModel, _ content: MailContent, _ labels: [String],
        _ policy: PolicySettings
    ) -> [SpamHeaders.Field] {
        let isExplained =
            policy.addsReasons && policy.mode == .filter && judgement.verdict != .ham
            && policy.headers.contains(where: \.namesReasons)
        let reasons = isExplained ? model.explain(content, limit: 5).reasons : []
        return SpamHeaders.fields(
            for: judgement, templates: policy.headers, model: model.id, version: version,
            labels: labels, reasons: reasons.map { ($0.text, $0.share) })
    }
}
