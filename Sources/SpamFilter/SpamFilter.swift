import Dispatch
import FilterPolicy
import Logging
import MailText
import Milter
import Models
import Scoring
import Telemetry
import Tracing

/// What happens in one transaction: exempt? → read → lists → score and judge → answer → log line.
///
/// Called on libmilter's threads, several at once.
public final class SpamFilter: MessageFilter {
    let metrics: FilterMetrics
    let logger: Logger
    let version: String
    private let snapshot: @Sendable () -> FilterSnapshot
    private let pool: ScoringPool
    private let journal: CrashJournal?
    let observer: (any MailObserver)?
    private let tracer: (any Tracer)?

    /// A filter.
    ///
    /// - Parameters:
    ///   - pool: scores the messages.
    ///   - metrics: where messages are counted.
    ///   - logger: gets one line for each message.
    ///   - version: of siftd, for the header fields.
    ///   - journal: remembers messages that were in progress when the process died; nil for none.
    ///   - observer: learns of judged and of sent mail; nil for none.
    ///   - tracer: records a trace of each message that it samples; nil for none.
    ///   - snapshot: what messages are filtered by; asked once for each message.
    public init(
        pool: ScoringPool, metrics: FilterMetrics, logger: Logger, version: String,
        journal: CrashJournal? = nil, observer: (any MailObserver)? = nil,
        tracer: (any Tracer)? = nil,
        snapshot: @escaping @Sendable () -> FilterSnapshot
    ) {
        self.pool = pool
        self.metrics = metrics
        self.logger = logger
        self.version = version
        self.journal = journal
        self.observer = observer
        self.tracer = tracer
        self.snapshot = snapshot
    }

    /// Gives up the messages in progress on purpose, so that the journal blames none of them.
    public func abandonMessages() { journal?.forgive() }

    /// Judges a message at its end and answers the MTA.
    public func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse {
        var run = FilterRun(transaction: transaction, snapshot: snapshot(), metrics: metrics)
        let response = respond(&run, progress)
        run.recordTotal()
        if let tracer { trace(run, tracer) }
        logger.record(run.log.event)
        return run.snapshot.policy.mode == .monitor ? MilterResponse(reply: .accept) : response
    }

    /// Forged fields must be seen however many fields there are, so that they are removed.
    public func mustSee(header name: String) -> Bool { snapshot().policy.isForged(name) }

    private func respond(_ run: inout FilterRun, _ progress: () -> Void) -> MilterResponse {
        if run.transaction.isLate { return answerLate(&run) }
        if run.transaction.isOverload {
            return answerFault(.overload, reason: "overloaded", &run)
        }
        if let reason = run.snapshot.exemptions.reason(for: run.transaction) {
            if reason == .authenticated { observer?.sent(run.transaction) }
            return answerExempt(reason, &run)
        }
        if run.transaction.areRecipientsCut {
            return answerFault(.error, reason: "too-many-recipients", &run)
        }
        let policies = run.snapshot.policy.applied(to: run.transaction.recipients)
        if let policy = policies.first(where: { !$0.judges }) {
            run.log.policy = policy.name
            return answerSkipped("recipient", &run)
        }
        let ticket = journal?.begin(run.transaction)
        // A message that takes the process down leaves its entry behind.
        defer { ticket.map { journal?.end($0) } }
        if let ticket, ticket.hasCrashed { return answerUnscanned("crashed-before", &run) }
        return judge(policies, &run, progress)
    }

    private func judge(
        _ policies: [PolicySettings.Applied], _ run: inout FilterRun, _ progress: () -> Void
    ) -> MilterResponse {
        guard let model = run.snapshot.model else {
            return answerFault(.noModel, reason: ScoringError.noModel.rawValue, &run)
        }
        let deadline = DispatchTime.after(run.snapshot.timeLimit)
        let judge = Judge(
            model: model, pool: pool, limits: run.snapshot.mailLimits, site: run.snapshot.site)
        let message = run.transaction.message
        let transfer = TransferFacts(
            envelopeSender: run.transaction.envelopeSender,
            clientHostName: run.transaction.client.verifiedName)
        let reading = judge.read(
            .message(message), transfer, isBodyCut: run.transaction.isBodyCut)
        run.recordReading(reading, bytes: message.count, model: model.id)
        switch run.snapshot.lists.finding(for: run.transaction, reading.content) {
        case .allowed(let kind): return answerSkipped("allowed-\(kind.rawValue)", &run)
        case .denied(let kind):
            let (judgement, policy) = Judgement.mostLenient(of: policies) {
                Judgement(denied: "denied-\(kind.rawValue)", settings: $0)
            }
            return answer(
                Decision(judgement: judgement, policy: policy, model: model.id), &run,
                explain: { model.explain(reading.content, limit: $0).reasons })
        case nil: break
        }
        switch judge.judge(reading, by: policies, deadline: deadline, progress: progress) {
        case .failure(let error):
            return answerFault(error.fault, reason: error.rawValue, &run)
        case .success(let judged):
            run.recordScore(judged.score)
            run.recordJudged(judged)
            if tracer != nil { run.stages = judged.stages }
            observer?.judged(judged, run.transaction, bytes: message)
            return answer(
                Decision(
                    judgement: judged.judgement, policy: judged.policy, model: model.id,
                    labels: judged.otherLabels), &run,
                explain: { judged.explanation(limit: $0).strongest($0) })
        }
    }
}
