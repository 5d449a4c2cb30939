import Dispatch
import FilterPolicy
import MailText
import Milter
import Models
import Scoring
import Telemetry

/// One message on its way through the filter: what it is judged by, and what will be said of it.
struct FilterRun {
    let transaction: Transaction
    let settings: FilterSettings
    let start: DispatchTime
    let marks: MessageMarks
    var line: MailLogLine
    private let metrics: FilterMetrics

    init(
        _ transaction: Transaction, _ settings: FilterSettings, start: DispatchTime,
        _ metrics: FilterMetrics
    ) {
        self.transaction = transaction
        self.settings = settings
        self.start = start
        self.metrics = metrics
        marks = MessageMarks(policy: settings.policy, metrics: metrics)
        line = MailLogLine(queueID: transaction.queueID)
        line.addresses = settings.logAddresses
        line.client = transaction.client.address
        line.authenticated = transaction.authenticated
        line.envelopeSender = transaction.envelopeSender
        line.recipients = transaction.recipients.count
        line.bytes = transaction.body.count
    }

    mutating func note(_ content: MailContent, bytes: Int, model: ScoringModel) {
        line.bytes = bytes
        line.messageID = content.header.messageID
        line.model = model.id
        line.flags = content.defects.map(\.rawValue)
        for defect in content.defects where defect.isLimit { metrics.countLimit(defect.rawValue) }
        line.parseSeconds = DispatchTime.now().seconds(since: start)
        metrics.record(.parse, seconds: line.parseSeconds)
    }

    mutating func note(_ score: Score) {
        line.queueSeconds = score.queueSeconds
        line.inferSeconds = score.inferSeconds
        line.batch = score.batch
        metrics.record(.queue, seconds: score.queueSeconds)
        metrics.record(.infer, seconds: score.inferSeconds)
    }

    mutating func note(_ judgement: Judgement) {
        line.points = judgement.points
        line.required = Judgement.requiredPoints
        line.probability = judgement.probability
        note(
            judgement.verdict, judgement.action, judgement.reason,
            probability: judgement.probability)
    }

    /// The end of every message, once.
    mutating func note(
        _ verdict: Verdict, _ action: Action, _ reason: String, probability: Double? = nil
    ) {
        line.verdict = verdict.rawValue
        line.action = action.rawValue
        line.reason = reason
        metrics.countMessage(
            verdict: line.verdict, action: line.action, source: .milter, probability: probability,
            bytes: line.bytes)
    }
}
