import FilterPolicy
import MailText
import Milter
import Models
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
    /// Stages with their times, of a message that may be traced.
    var stages: [(stage: FilterMetrics.Stage, time: Range<ContinuousClock.Instant>)] = []
    /// When the message was scored; nil for one that was not.
    private(set) var scored: ContinuousClock.Instant?

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
        if let began = transaction.began { metrics.record(.receive, start - began) }
    }

    mutating func recordReading(_ reading: Reading, bytes: Int, model: String) {
        let content = reading.content
        log.bytes = bytes
        log.messageID = content.header.messageID
        log.model = model
        log.defects = content.defects
        for defect in content.defects { metrics.countLimit(defect) }
        log.parseTime = .now - start
        metrics.record(.parse, log.parseTime)
        metrics.record(.read, reading.times.content - reading.times.start)
        metrics.record(.features, reading.times.features - reading.times.content)
    }

    mutating func recordScore(_ score: Score) {
        log.queueTime = score.queueTime
        log.inferTime = score.inferTime
        log.batch = score.batch
        scored = score.end
        metrics.record(.queue, score.queueTime)
        metrics.record(.infer, score.inferTime)
    }

    mutating func recordJudged(_ message: JudgedMessage) {
        log.view = message.reading.content.view
        log.site = message.siteShare
        log.siteRevision = message.site?.revision
        metrics.countWords(message.evidence.words, known: message.evidence.knownWords)
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
        let end = ContinuousClock.now
        log.totalTime = end - start
        metrics.record(.total, log.totalTime)
        if let scored { metrics.record(.verdict, end - scored) }
    }
}
