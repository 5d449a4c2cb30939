import Dispatch
import FilterPolicy
import Logging
import MailText
import Milter
import Scoring
import Synchronization
import Telemetry

/// What happens in one transaction: exempt? → features → score → verdict → actions → log line.
///
/// Called on libmilter's threads, several at once.
public final class SpamFilter: MessageFilter {
    private let pool: ScoringPool
    private let metrics: FilterMetrics
    private let logger: Logger
    private let version: String
    private let journal: CrashJournal?
    private let settings: Mutex<FilterSettings>

    /// - Parameter journal: remembers messages that were in work when the process died; nil for none.
    public init(
        pool: ScoringPool, settings: FilterSettings, metrics: FilterMetrics, logger: Logger,
        version: String, journal: CrashJournal? = nil
    ) {
        self.pool = pool
        self.settings = Mutex(settings)
        self.metrics = metrics
        self.logger = logger
        self.version = version
        self.journal = journal
    }

    /// Replaces the settings for messages to come.
    public func replaceSettings(_ settings: FilterSettings) {
        self.settings.withLock { $0 = settings }
    }

    public func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse {
        let start = DispatchTime.now()
        var run = Run(transaction, settings.withLock { $0 }, start: start, metrics)
        let response = respond(&run, progress)
        run.line.totalSeconds = DispatchTime.now().seconds(since: start)
        metrics.record(.total, seconds: run.line.totalSeconds)
        logger.info("\(run.line.text)")
        return run.settings.policy.mode == .monitor ? MilterResponse(reply: .accept) : response
    }

    public func mustSee(header name: String) -> Bool {
        settings.withLock { $0.policy.isForged(name) }
    }

    /// One message on its way.
    private struct Run {
        let transaction: Transaction
        let settings: FilterSettings
        let start: DispatchTime
        let marks: MessageMarks
        var line: MailLogLine

        init(
            _ transaction: Transaction, _ settings: FilterSettings, start: DispatchTime,
            _ metrics: FilterMetrics
        ) {
            self.transaction = transaction
            self.settings = settings
            self.start = start
            marks = MessageMarks(policy: settings.policy, metrics: metrics)
            line = MailLogLine(queueID: transaction.queueID)
            line.addresses = settings.logAddresses
            line.client = transaction.client.address
            line.authenticated = transaction.authenticated
            line.envelopeSender = transaction.envelopeSender
            line.recipients = transaction.recipients.count
            line.bytes = transaction.body.count
        }
    }

    private func respond(_ run: inout Run, _ progress: () -> Void) -> MilterResponse {
        if run.transaction.isOverload { return failed(.overload, "overloaded", &run) }
        if let reason = run.settings.exemption.reason(run.transaction) {
            return exempted(reason, &run)
        }
        let policies = run.settings.policy.applied(to: run.transaction.recipients)
        if let policy = policies.first(where: { !$0.judges }) {
            run.line.policy = policy.name
            return skipped("recipient", &run)
        }
        let ticket = journal?.begin(run.transaction)
        // What takes the process down leaves its entry behind.
        defer { ticket.map { journal?.end($0) } }
        if let ticket, ticket.hasCrashed { return unscanned("crashed-before", .accept, &run) }
        return judged(policies, &run, progress)
    }

    // MARK: Not judged

    /// Mail of trusted networks passes as it is; other exempt mail loses any forged verdict, but
    /// shows none of ours.
    private func exempted(_ reason: Exemption.Reason, _ run: inout Run) -> MilterResponse {
        guard reason == .trustedNetwork else { return skipped(reason.rawValue, &run) }
        note(.skipped, .accept, nil, reason.rawValue, &run)
        return MilterResponse(reply: .accept)
    }

    private func skipped(_ reason: String, _ run: inout Run) -> MilterResponse {
        note(.skipped, .accept, nil, reason, &run)
        return MilterResponse(modifications: run.marks.removals(run.transaction), reply: .accept)
    }

    private func failed(_ fault: Fault, _ reason: String, _ run: inout Run) -> MilterResponse {
        metrics.countFault()
        let action = run.settings.policy.faults[fault]
        logger.error(
            """
            \(run.line.queueID.isEmpty ? "NOQUEUE" : run.line.queueID): msg=not_scanned \
            reason=\(reason) action=\(action.rawValue)
            """)
        return unscanned(reason, action, &run)
    }

    private func unscanned(
        _ reason: String, _ action: FaultAction, _ run: inout Run
    ) -> MilterResponse {
        note(.skipped, action.action, nil, reason, &run)
        if action == .tempfail {
            let refusal = SpamFilter.fault(reason).refusal
            return MilterResponse(
                reply: .tempfail(code: refusal.code, status: refusal.status, text: refusal.text))
        }
        var changes = run.marks.marked(run.transaction, SpamHeaders.unscanned(reason: reason))
        if action == .quarantine { changes.append(.quarantine(reason: "siftd: not scanned")) }
        return MilterResponse(modifications: changes, reply: .accept)
    }

    private static func fault(_ reason: String) -> Fault {
        switch ScoringError(rawValue: reason) {
        case .timeout: .timeout
        case .overloaded: .overload
        case .noModel: .noModel
        case .stopped, .notANumber, nil: .error
        }
    }

    /// What the log line and the metrics say of the message.
    private func note(
        _ verdict: Verdict, _ action: Action, _ judgement: Judgement?, _ reason: String,
        _ run: inout Run
    ) {
        run.line.verdict = verdict.rawValue
        run.line.action = action.rawValue
        run.line.reason = reason
        if let judgement {
            run.line.points = judgement.points
            run.line.required = Judgement.requiredPoints
            run.line.probability = judgement.probability
        }
        metrics.countMessage(
            verdict: run.line.verdict, action: run.line.action, source: .milter,
            probability: judgement?.probability, bytes: run.line.bytes)
    }

    // MARK: Judged

    private func judged(
        _ policies: [PolicySettings.Applied], _ run: inout Run, _ progress: () -> Void
    ) -> MilterResponse {
        guard let model = pool.model else { return failed(.noModel, "no-model", &run) }
        let (content, ids) = read(model, &run)
        switch run.settings.exemption.listing(run.transaction, content) {
        case .allowed(let kind): return skipped("allowed-\(kind.rawValue)", &run)
        case .denied(let kind):
            let judgement = lenient(policies, &run) { policy in
                Judgement(denied: "denied-\(kind.rawValue)", settings: policy)
            }
            return carryOut(judgement, model, content, [], &run)
        case nil: break
        }
        let result = pool.scoreAndWait(
            ids, with: model, deadline: run.start + run.settings.deadline, progress: progress)
        switch result {
        case .failure(let error):
            return failed(SpamFilter.fault(error.rawValue), error.rawValue, &run)
        case .success(let score):
            note(score, &run)
            let evidence = model.evidence(of: ids)
            let labels = model.otherLabels(score.logits)
            let judgement = lenient(policies, &run) { policy in
                Judgement(
                    probability: score.probability, labels: labels, evidence: evidence.tokens,
                    knownProbability: evidence.knownProbability,
                    thresholds: PolicyThresholds(
                        policy, modelTag: model.tagThreshold, modelReject: model.rejectThreshold),
                    settings: policy)
            }
            return carryOut(judgement, model, content, labels, &run)
        }
    }

    /// The message as the model reads it.
    private func read(
        _ model: ScoringModel, _ run: inout Run
    ) -> (content: MailContent, ids: [Int32]) {
        let message = run.transaction.message
        var content = MailContent(message: message, limits: run.settings.mailLimits)
        if run.transaction.isBodyCut { content.add(.limitBody) }
        let ids = model.ids(of: &content)
        run.line.bytes = message.count
        run.line.messageID = content.header.messageID
        run.line.model = model.id
        run.line.flags = content.defects.map(\.rawValue)
        for defect in content.defects where defect.isLimit { metrics.countLimit(defect.rawValue) }
        run.line.parseSeconds = DispatchTime.now().seconds(since: run.start)
        metrics.record(.parse, seconds: run.line.parseSeconds)
        return (content, ids)
    }

    private func note(_ score: Score, _ run: inout Run) {
        run.line.queueSeconds = score.queueSeconds
        run.line.inferSeconds = score.inferSeconds
        run.line.batch = score.batch
        metrics.record(.queue, seconds: score.queueSeconds)
        metrics.record(.infer, seconds: score.inferSeconds)
    }

    /// The most lenient judgement of the recipients' policies; the log names whose it is.
    private func lenient(
        _ policies: [PolicySettings.Applied], _ run: inout Run,
        _ judge: (PolicySettings) -> Judgement
    ) -> Judgement {
        var chosen = judge(policies[0].settings)
        run.line.policy = policies[0].name
        for policy in policies.dropFirst() {
            let other = judge(policy.settings)
            if other.isMoreLenient(than: chosen) {
                chosen = other
                run.line.policy = policy.name
            }
        }
        if policies.count > 1, run.line.policy.isEmpty { run.line.policy = "general" }
        return chosen
    }

    private func carryOut(
        _ judgement: Judgement, _ model: ScoringModel, _ content: MailContent, _ labels: [String],
        _ run: inout Run
    ) -> MilterResponse {
        note(judgement.verdict, judgement.action, judgement, judgement.reason, &run)
        let policy = run.settings.policy
        let queueID = run.transaction.queueID
        switch judgement.action {
        case .reject:
            let refusal = policy.rejection
            return MilterResponse(
                reply: .reject(
                    code: refusal.code, status: refusal.status,
                    text: refusal.text(queueID: queueID)))
        case .tempfail:
            let refusal = policy.delay
            return MilterResponse(
                reply: .tempfail(
                    code: refusal.code, status: refusal.status,
                    text: refusal.text(queueID: queueID)))
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
