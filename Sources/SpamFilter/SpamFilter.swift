import Dispatch
import FilterPolicy
import Logging
import MailText
import Milter
import Models
import Scoring
import Synchronization
import Telemetry

/// What happens in one transaction: exempt? → features → score → verdict → actions → log line.
///
/// Called on libmilter's threads, several at once.
public final class SpamFilter: MessageFilter {
    let metrics: FilterMetrics
    let logger: Logger
    let version: String
    private let pool: ScoringPool
    private let journal: CrashJournal?
    private let snapshot: Mutex<FilterSettings>

    /// - Parameter journal: remembers messages that were in work when the process died; nil for none.
    public init(
        pool: ScoringPool, settings: FilterSettings, metrics: FilterMetrics, logger: Logger,
        version: String, journal: CrashJournal? = nil
    ) {
        self.pool = pool
        snapshot = Mutex(settings)
        self.metrics = metrics
        self.logger = logger
        self.version = version
        self.journal = journal
    }

    /// What messages to come are filtered by: settings, lists and model in one. A message in work keeps
    /// what it began with.
    public var settings: FilterSettings {
        get { snapshot.withLock { $0 } }
        set { snapshot.withLock { $0 = newValue } }
    }

    /// Messages still in work are given up on purpose: none of them is to blame for the end.
    public func abandonWork() { journal?.forgive() }

    public func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse {
        let start = DispatchTime.now()
        var run = FilterRun(transaction, settings, start: start, metrics)
        let response = respond(&run, progress)
        run.line.totalSeconds = DispatchTime.now().seconds(since: start)
        metrics.record(.total, seconds: run.line.totalSeconds)
        logger.info("\(run.line.text)")
        return run.settings.policy.mode == .monitor ? MilterResponse(reply: .accept) : response
    }

    public func mustSee(header name: String) -> Bool {
        settings.policy.isForged(name)
    }

    private func respond(_ run: inout FilterRun, _ progress: () -> Void) -> MilterResponse {
        if run.transaction.isLate { return late(&run) }
        if run.transaction.isOverload { return failed(.overload, "overloaded", &run) }
        if let reason = run.settings.exemption.reason(run.transaction) {
            return exempted(reason, &run)
        }
        if run.transaction.areRecipientsCut { return failed(.error, "too-many-recipients", &run) }
        let policies = run.settings.policy.applied(to: run.transaction.recipients)
        if let policy = policies.first(where: { !$0.judges }) {
            run.line.policy = policy.name
            return skipped("recipient", &run)
        }
        let ticket = journal?.begin(run.transaction)
        // What takes the process down leaves its entry behind.
        defer { ticket.map { journal?.end($0) } }
        if let ticket, ticket.hasCrashed { return unscanned("crashed-before", &run) }
        return judged(policies, &run, progress)
    }

    private func judged(
        _ policies: [PolicySettings.Applied], _ run: inout FilterRun, _ progress: () -> Void
    ) -> MilterResponse {
        guard let model = run.settings.model else { return failed(.noModel, "no-model", &run) }
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
            return failed(error.fault, error.rawValue, &run)
        case .success(let score):
            run.note(score)
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
        _ model: ScoringModel, _ run: inout FilterRun
    ) -> (content: MailContent, ids: [Int32]) {
        let message = run.transaction.message
        var content = MailContent(message: message, limits: run.settings.mailLimits)
        if run.transaction.isBodyCut { content.add(.limitBody) }
        let ids = model.ids(of: &content)
        run.note(content, bytes: message.count, model: model)
        return (content, ids)
    }

    /// The most lenient judgement of the recipients' policies; the log names whose it is.
    private func lenient(
        _ policies: [PolicySettings.Applied], _ run: inout FilterRun,
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
}
