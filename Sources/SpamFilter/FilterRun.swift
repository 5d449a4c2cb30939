import FilterPolicy
import MailText
import Milter
import Scoring
import Telemetry

/// One message on its way through the filter: what it is judged by, and what the log will say.
struct FilterRun {
    let transaction: Transaction
    let snapshot: FilterSnapshot
    let start: ContinuousClock.Instant
    let edits: MessageEdits
    var log: MessageLog
    private let metrics: FilterMetrics

    /// Begins at end-of-message.
    init(transaction: Transaction, snapshot: FilterSnapshot, metrics: FilterMetrics) {
        self.transaction = transaction
        self.snapshot = snapshot
        self.metrics = metrics
        start = .now
        edits = MessageEdits(policy: snapshot.policy, metrics: metrics)
        log = MessageLog(queueID: transaction.queueID)
        log.addresses = snapshot.logAddresses
        log.client = transaction.client.address
        log.authenticated = transaction.authenticated
        log.envelopeSender = transaction.envelopeSender
        log.recipients = transaction.recipients.count
        log.bytes = transaction.body.count
    }

    mutating func recordReading(_ content: MailContent, bytes: Int, model: String) {
        log.bytes = bytes
        log.messageID = content.header.messageID
        log.model = model
        log.defects = content.defects
        for defect in content.defects { metrics.countLimit(defect) }
        log.parseTime = .now - start
        metrics.record(.parse, log.parseTime)
    }

    mutating func recordScore(_ score: Score) {
        log.queueTime = score.queueTime
        log.inferTime = score.inferTime
        log.batch = score.batch
        metrics.record(.queue, score.queueTime)
        metrics.record(.infer, score.inferTime)
    }

    mutating func recordJudged(_ message: JudgedMessage) {
        log.view = message.reading.content.view
        log.site = message.siteShare
    }

    /// Ends a message that was judged; `policy` says whose decided, and is empty for the general
    /// one.
    mutating func finish(_ judgement: Judgement, policy: String) {
        log.points = judgement.points
        log.required = Judgement.requiredPoints
        log.probability = judgement.probability
        log.policy = policy
        finish(judgement.verdict, judgement.action, judgement.reason)
    }

    /// Ends a message; called once for each.
    mutating func finish(_ verdict: Verdict, _ action: Action, _ reason: String) {
        log.verdict = verdict
        log.action = action
        log.reason = reason
        metrics.countMessage(
            verdict, action, source: .milter, probability: log.probability, bytes: log.bytes)
    }

    /// The answer is decided.
    mutating func recordTotal() {
        log.totalTime = .now - start
        metrics.record(.total, log.totalTime)
    }
}
