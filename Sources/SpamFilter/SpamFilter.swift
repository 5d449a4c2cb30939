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
/// Called on libmilter's threads, several at once. Settings are a snapshot that a reload replaces
/// whole; a message keeps the one it began with.
public final class SpamFilter: MessageFilter {
    /// What a reload may change.
    public struct Settings: Sendable {
        public var policy = PolicySettings()
        public var mailLimits = MailLimits()
        public var exemptNetworks: [NetworkRange] = []
        public var exemptsAuthenticated = true
        /// Seconds from end-of-message to the latest answer.
        public var deadline = 15.0
        public init() {}
    }

    private let pool: ScoringPool
    private let metrics: FilterMetrics
    private let logger: Logger
    private let version: String
    private let settings: Mutex<Settings>

    public init(
        pool: ScoringPool, settings: Settings, metrics: FilterMetrics, logger: Logger,
        version: String
    ) {
        self.pool = pool
        self.settings = Mutex(settings)
        self.metrics = metrics
        self.logger = logger
        self.version = version
    }

    /// Replaces the settings for messages to come.
    public func replaceSettings(_ settings: Settings) { self.settings.withLock { $0 = settings } }

    public func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse {
        let start = DispatchTime.now()
        let settings = self.settings.withLock { $0 }
        var line = MailLogLine(queueID: transaction.queueID)
        line.client = transaction.client.address
        line.authenticated = transaction.authenticated
        line.envelopeSender = transaction.envelopeSender
        line.recipients = transaction.recipients.count
        let response: MilterResponse
        if let reason = exemption(transaction, settings) {
            response = exempted(transaction, reason, &line)
        } else {
            response = judged(transaction, settings, start, &line, progress)
        }
        line.totalSeconds = DispatchTime.now().seconds(since: start)
        metrics.record(.total, seconds: line.totalSeconds)
        logger.info("\(line.text)")
        return settings.policy.mode == .monitor ? MilterResponse(reply: .accept) : response
    }

    public func mustSee(header name: String) -> Bool {
        SpamHeaders.isForged(name, also: settings.withLock { $0.policy.removedHeaders })
    }

    // MARK: Exempt

    private func exemption(_ transaction: Transaction, _ settings: Settings) -> String? {
        if settings.exemptsAuthenticated, !transaction.authenticated.isEmpty {
            return "authenticated"
        }
        let address = transaction.client.address
        return settings.exemptNetworks.contains { $0.contains(address) } ? "trusted-network" : nil
    }

    /// Mail of trusted networks passes as it is; that of users who authenticated loses any forged
    /// verdict, but shows none of ours.
    private func exempted(
        _ transaction: Transaction, _ reason: String, _ line: inout MailLogLine
    ) -> MilterResponse {
        line.verdict = Verdict.skipped.rawValue
        line.action = Action.accept.rawValue
        line.reason = reason
        metrics.countMessage(
            verdict: line.verdict, action: line.action, source: .milter, probability: nil,
            bytes: transaction.body.count)
        guard reason == "authenticated" else { return MilterResponse(reply: .accept) }
        return MilterResponse(modifications: removals(transaction, []), reply: .accept)
    }

    // MARK: Judge

    private func judged(
        _ transaction: Transaction, _ settings: Settings, _ start: DispatchTime,
        _ line: inout MailLogLine, _ progress: () -> Void
    ) -> MilterResponse {
        let model = pool.model
        let message = transaction.message
        var content = MailContent(message: message, limits: settings.mailLimits)
        if transaction.isBodyCut { content.add(.limitBody) }
        let ids = model.ids(of: &content)
        line.bytes = message.count
        line.messageID = content.header.messageID
        line.model = model.id
        line.flags = content.defects.map(\.rawValue)
        for defect in content.defects where defect.isLimit { metrics.countLimit(defect.rawValue) }
        line.parseSeconds = DispatchTime.now().seconds(since: start)
        metrics.record(.parse, seconds: line.parseSeconds)
        let result = pool.scoreAndWait(
            ids, with: model, deadline: start + settings.deadline, progress: progress)
        switch result {
        case .failure(let error): return fault(error, transaction, settings, &line)
        case .success(let score):
            line.queueSeconds = score.queueSeconds
            line.inferSeconds = score.inferSeconds
            line.batch = score.batch
            metrics.record(.queue, seconds: score.queueSeconds)
            metrics.record(.infer, seconds: score.inferSeconds)
            let evidence = model.evidence(of: ids)
            let judgement = Judgement(
                probability: score.probability, evidence: evidence.tokens,
                knownProbability: evidence.knownProbability,
                thresholds: PolicyThresholds(
                    settings.policy, modelTag: model.tagThreshold,
                    modelReject: model.rejectThreshold), settings: settings.policy)
            return carryOut(judgement, model, content, transaction, settings, &line)
        }
    }

    private func carryOut(
        _ judgement: Judgement, _ model: ScoringModel, _ content: MailContent,
        _ transaction: Transaction, _ settings: Settings, _ line: inout MailLogLine
    ) -> MilterResponse {
        line.verdict = judgement.verdict.rawValue
        line.action = judgement.action.rawValue
        line.points = judgement.points
        line.required = Judgement.requiredPoints
        line.probability = judgement.probability
        line.reason = judgement.reason
        metrics.countMessage(
            verdict: line.verdict, action: line.action, source: .milter,
            probability: judgement.probability, bytes: line.bytes)
        if judgement.action == .reject {
            return MilterResponse(
                reply: .reject(code: "550", status: "5.7.1", text: settings.policy.rejectText))
        }
        let isExplained =
            settings.policy.addsReasons && settings.policy.mode == .filter
            && judgement.verdict != .ham
        let reasons = isExplained ? model.explain(content, limit: 5).reasons : []
        let fields = SpamHeaders.fields(
            for: judgement, model: model.id, version: version,
            reasons: reasons.map { ($0.text, $0.share) })
        return marked(transaction, fields, settings)
    }

    /// Takes forged fields out first: an insertion would shift the occurrences.
    private func marked(
        _ transaction: Transaction, _ fields: [SpamHeaders.Field], _ settings: Settings
    ) -> MilterResponse {
        let insertions = fields.reversed().map {
            Modification.insertHeader(name: $0.name, value: $0.value)
        }
        return MilterResponse(
            modifications: removals(transaction, settings.policy.removedHeaders) + insertions,
            reply: .accept)
    }

    /// Deletions from the highest occurrence of a name to the lowest, so that renumbering can't
    /// matter.
    private func removals(_ transaction: Transaction, _ names: [String]) -> [Modification] {
        var occurrences: [String: Int] = [:]
        var removals: [Modification] = []
        for field in transaction.header where SpamHeaders.isForged(field.name, also: names) {
            let count = occurrences[field.name.lowercased(), default: 0] + 1
            occurrences[field.name.lowercased()] = count
            removals.append(.deleteHeader(name: field.name, occurrence: count))
        }
        if !removals.isEmpty { metrics.countRemovedHeaders(removals.count) }
        return removals.reversed()
    }

    // MARK: Faults

    private func fault(
        _ error: ScoringError, _ transaction: Transaction, _ settings: Settings,
        _ line: inout MailLogLine
    ) -> MilterResponse {
        let accepts = settings.policy.onFault == .accept
        line.verdict = Verdict.skipped.rawValue
        line.action = (accepts ? Action.accept : .tempfail).rawValue
        line.reason = error.rawValue
        metrics.countFault()
        metrics.countMessage(
            verdict: line.verdict, action: line.action, source: .milter, probability: nil,
            bytes: line.bytes)
        logger.error(
            "\(line.queueID): msg=not_scanned reason=\(error.rawValue) action=\(line.action)")
        if accepts {
            return marked(transaction, SpamHeaders.unscanned(reason: error.rawValue), settings)
        }
        return MilterResponse(
            reply: .tempfail(code: "451", status: "4.3.2", text: "Filter busy, try again later"))
    }
}
