import Dispatch
import FilterPolicy
import Foundation
import MailText
import Models
import Scoring
import Telemetry

/// CHECK, SYMBOLS, REPORT, REPORT_IFSPAM, PROCESS and HEADERS.
extension SpamdServer {
    /// Judges a message and answers as the command wants; blocks the calling thread.
    ///
    /// - Parameters:
    ///   - message: unpacked.
    ///   - header: of the request.
    ///   - client: the address of the client; empty for a unix socket.
    ///   - start: when the request had arrived.
    /// - Returns: the answer.
    /// - Throws: ``SpamdFault`` where the policy defers a message that is not judged.
    func answer(
        _ message: [UInt8], _ header: SpamdHeader, client: String,
        start: ContinuousClock.Instant
    ) throws(SpamdFault) -> SpamdAnswer {
        var log = log(header, client: client, bytes: message.count)
        guard let classifier = parts.classifier() else {
            return try answerFault(.noModel, message, header, log)
        }
        let policies = classifier.policy.applied(to: header.user.isEmpty ? [] : [header.user])
        if let policy = policies.first(where: { !$0.judges }) {
            log.policy = policy.name
            return answerSkipped(message, header, log, classifier.policy)
        }
        let deadline = classifier.timeLimit.map { DispatchTime.after($0) } ?? .distantFuture
        let reading = classifier.judge.read(.message(message))
        let judged: JudgedMessage
        switch classifier.judge.judge(reading, by: policies, deadline: deadline) {
        case .failure(let error): return try answerFault(error, message, header, log)
        case .success(let message): judged = message
        }
        log.fill(judged)
        log.totalTime = .now - start
        parts.judged(judged, message)
        for defect in reading.content.defects { parts.metrics.countLimit(defect) }
        parts.metrics.countWords(judged.evidence.words, known: judged.evidence.knownWords)
        let isMarked = header.command.marks && judged.judgement.verdict == .spam
        finish(log, judged.judgement.verdict, isMarked ? .addHeader : .accept)
        return .judged(
            SpamdFinding(judged.judgement),
            content: content(of: message, judged, header, classifier.policy))
    }

    /// What follows the fields of an answer.
    private func content(
        of message: [UInt8], _ judged: JudgedMessage, _ header: SpamdHeader,
        _ policy: PolicySettings
    ) -> [UInt8] {
        let judgement = judged.judgement
        // As in the milter's fields: naming reasons costs as much as reading the message again.
        func reasons() -> [ScoreExplanation.Reason] {
            policy.addsReasons && judgement.verdict != .ham
                ? judged.explanation(limit: SpamdServer.reasonLimit)
                    .strongest(SpamdServer.reasonLimit) : []
        }
        func report(_ reasons: [ScoreExplanation.Reason]) -> SpamdReport {
            SpamdReport(judged, version: parts.version, host: SpamdServer.host, reasons: reasons)
        }
        switch header.command {
        case .check, .ping, .skip, .tell: return []
        case .symbols: return symbols(report([]), header)
        case .report: return Array(report(reasons()).text.utf8)
        case .reportIfSpam:
            return judgement.verdict == .spam ? Array(report(reasons()).text.utf8) : []
        case .process, .headers:
            let fields = SpamHeaders.fields(
                for: judgement, templates: policy.headers, model: judged.model.id,
                version: parts.version,
                labels: judged.otherLabels,
                reasons: policy.headers.contains(where: \.namesReasons)
                    ? reasons().map { ($0.text, $0.share) } : [])
            let tag = judgement.verdict == .spam ? policy.subjectTag : ""
            return marked(message, header, policy, fields, subjectTag: tag)
        }
    }

    /// The names of tests; early clients want a line end.
    private func symbols(_ report: SpamdReport, _ header: SpamdHeader) -> [UInt8] {
        Array((report.symbols + (header.version < .withFields ? "\r\n" : "")).utf8)
    }

    /// The message with fields, or its header alone; as it came in monitor mode.
    private func marked(
        _ message: [UInt8], _ header: SpamdHeader, _ policy: PolicySettings,
        _ fields: [SpamHeaders.Field], subjectTag: String = ""
    ) -> [UInt8] {
        if policy.mode == .monitor, header.command == .process { return message }
        let isMonitoring = policy.mode == .monitor
        let marked = MarkedMessage(
            message, policy: isMonitoring ? PolicySettings.changingNothing : policy,
            adding: isMonitoring ? [] : fields, subjectTag: isMonitoring ? "" : subjectTag)
        if marked.removed > 0, !isMonitoring {
            parts.metrics.countRemovedHeaders(marked.removed)
        }
        return header.command == .headers ? marked.header : marked.bytes
    }

    // MARK: Messages that are not judged

    /// The policy of the recipient says that mail passes unjudged.
    private func answerSkipped(
        _ message: [UInt8], _ header: SpamdHeader, _ log: MessageLog, _ policy: PolicySettings
    ) -> SpamdAnswer {
        var log = log
        log.reason = "recipient"
        finish(log, .skipped, .accept)
        return unjudged(message, header, policy, reason: log.reason, test: "SKIPPED", fields: [])
    }

    /// As the policy for siftd's own faults says.
    ///
    /// - Throws: ``SpamdFault`` where it defers the message.
    func answerFault(
        _ error: ScoringError, _ message: [UInt8], _ header: SpamdHeader, _ log: MessageLog
    ) throws(SpamdFault) -> SpamdAnswer {
        var log = log
        log.reason = error.rawValue
        let policy = parts.policy()
        let action = policy.faults[error.fault]
        parts.metrics.countFault()
        parts.logger.record(
            .notScanned(queueID: "", reason: log.reason, action: action.rawValue))
        finish(log, .skipped, action.action)
        if action == .tempfail {
            throw error.fault == .timeout
                ? .timeout("(the message was not judged in time)")
                : .unavailable("not scored: \(log.reason)")
        }
        // A compressed body is no message to hand back.
        if header.isCompressed, header.command.marks {
            throw .unavailable("not scored: \(log.reason)")
        }
        return unjudged(
            message, header, policy, reason: log.reason, test: "UNSCANNED",
            fields: SpamHeaders.unscanned(reason: log.reason))
    }

    private func unjudged(
        _ message: [UInt8], _ header: SpamdHeader, _ policy: PolicySettings, reason: String,
        test: String, fields: [SpamHeaders.Field]
    ) -> SpamdAnswer {
        let report = SpamdReport(
            skipped: reason, test: test, version: parts.version, host: SpamdServer.host)
        let content: [UInt8] =
            switch header.command {
            case .check, .reportIfSpam, .ping, .skip, .tell: []
            case .symbols: symbols(report, header)
            case .report: Array(report.text.utf8)
            case .process, .headers: marked(message, header, policy, fields)
            }
        return .judged(report.finding, content: content)
    }

    // MARK: Log and metrics

    /// The line of a message before it is judged.
    func log(_ header: SpamdHeader, client: String, bytes: Int) -> MessageLog {
        var log = MessageLog(queueID: "")
        log.addresses = parts.logAddresses()
        log.client = client
        log.bytes = bytes
        log.command = header.command.rawValue
        log.user = header.user
        return log
    }

    private func finish(_ log: MessageLog, _ verdict: Verdict, _ action: Action) {
        var log = log
        log.verdict = verdict
        log.action = action
        parts.metrics.countMessage(
            verdict, action, source: .spamd, probability: log.probability, bytes: log.bytes)
        parts.logger.record(log.event)
    }

    /// Reasons named in a field or a report.
    private static let reasonLimit = 5

    /// The name of this machine.
    private static let host = ProcessInfo.processInfo.hostName
}

extension SpamdCommand {
    /// Whether the answer is a message that may be marked.
    fileprivate var marks: Bool { self == .process || self == .headers }
}

extension PolicySettings {
    /// For monitor mode.
    fileprivate static let changingNothing = PolicySettings()
}

extension MessageLog {
    /// Adds what is known of a judged message.
    fileprivate mutating func fill(_ message: JudgedMessage) {
        let content = message.reading.content
        points = message.judgement.points
        required = Judgement.requiredPoints
        probability = message.judgement.probability
        reason = message.judgement.reason
        policy = message.policy
        model = message.model.id
        messageID = content.header.messageID
        defects = content.defects
        view = content.view
        site = message.siteShare
        parseTime = message.asSeen.times.features - message.asSeen.times.start
        queueTime = message.score.queueTime
        inferTime = message.score.inferTime
        batch = message.score.batch
    }
}
