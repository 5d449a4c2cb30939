import Dispatch
import Feedback
import FilterPolicy
import Foundation
import MailText
import Models
import Scoring
import SiteLearning

/// Takes labels from people and says what they have changed.
///
/// Any thread may use it; a call blocks until the label is on disk and in force.
public struct Teacher: Sendable {
    /// The labels and the layer.
    public let memory: SiteMemory
    private let options: LearnOptions
    private let judge: @Sendable () -> Judge?
    private let policy: @Sendable () -> PolicySettings
    private let shadow: @Sendable () -> ShadowStatus?

    /// A teacher.
    ///
    /// - Parameters:
    ///   - memory: the labels and the layer.
    ///   - options: how the site learns.
    ///   - judge: asked for each judgement, with what is taught at that time; nil without a model.
    ///   - policy: in force.
    ///   - shadow: asked for the status; nil where no candidate has ever scored beside the model.
    public init(
        memory: SiteMemory, options: LearnOptions, judge: @escaping @Sendable () -> Judge?,
        policy: @escaping @Sendable () -> PolicySettings,
        shadow: @escaping @Sendable () -> ShadowStatus? = { nil }
    ) {
        self.memory = memory
        self.options = options
        self.judge = judge
        self.policy = policy
        self.shadow = shadow
    }

    /// One label as somebody gives it.
    public struct Statement: Sendable {
        /// The class that the message is given.
        public var labelClass: LabelClass
        /// Who says so.
        public var source: LabelSource
        /// How the label came.
        public var way: LabelWay
        /// A person's word counts 1.
        public var weight: Double
        /// The mailbox whose mail it is about; nil for the whole site.
        public var mailbox: String?
        /// What is known of the message's transfer.
        public var transfer: TransferFacts

        /// A label.
        public init(
            _ labelClass: LabelClass, by source: LabelSource, way: LabelWay, weight: Double = 1,
            mailbox: String? = nil, transfer: TransferFacts = TransferFacts()
        ) {
            self.labelClass = labelClass
            self.source = source
            self.way = way
            self.weight = weight
            self.mailbox = mailbox
            self.transfer = transfer
        }
    }

    /// Learns a message.
    ///
    /// - Parameters:
    ///   - input: as it is in the mailbox; what filters have written into it is removed.
    ///   - statement: the label.
    /// - Returns: what has become of it.
    /// - Throws: `FeedbackError`, ``TeachingError``.
    public func teach(_ input: MailInput, _ statement: Statement) throws -> Lesson {
        let input = withoutTraces(input)
        let digest = MessageDigest(of: input)
        try refresh()
        let message = try judged(input, statement.transfer)
        try check(statement.labelClass)
        let receipt = try memory.store.add(try label(of: message, digest, statement))
        try refresh()
        return lesson(
            receipt, digest: digest, before: Lesson.Opinion(message),
            after: (try? judged(input, statement.transfer)).map(Lesson.Opinion.init))
    }

    /// Learns a message of the history.
    ///
    /// - Returns: what has become of the label, without the verdicts: the content is not kept.
    /// - Throws: `FeedbackError`, ``TeachingError``.
    public func teach(historyEntry id: Int64, _ statement: Statement) throws -> Lesson {
        try check(statement.labelClass)
        let receipt = try memory.store.add(
            HistoryLabel(
                id: id, labelClass: statement.labelClass, source: statement.source,
                way: statement.way, time: Teacher.now, weight: statement.weight))
        try refresh()
        return lesson(receipt, digest: receipt.digest, before: nil, after: nil)
    }

    /// Takes back what a source has said about a message; an admin takes back what all have said.
    ///
    /// - Throws: `FeedbackError`, ``TeachingError``.
    public func forget(_ input: MailInput, by source: LabelSource) throws -> Lesson {
        let input = withoutTraces(input)
        let digest = MessageDigest(of: input)
        let before = (try? judged(input, TransferFacts())).map(Lesson.Opinion.init)
        let removal = try memory.store.forget(digest, by: source)
        try refresh()
        let after = (try? judged(input, TransferFacts())).map(Lesson.Opinion.init)
        return Lesson(
            stored: false, active: false,
            outcome: removal.isKept ? "kept" : removal.count > 0 ? "forgotten" : "unknown",
            why: removal.isKept
                ? LabelReceipt.Outcome.kept.words
                : removal.count > 0
                    ? "forgotten, as if it had never been said"
                    : "nothing is stored of \(source) about this message",
            digest: digest.description, before: before, after: after, newLabels: removal.newLabels,
            labelsUntilRetraining: untilRetraining(removal.newLabels),
            lastRetraining: lastRetraining)
    }

    /// Takes back, or lets count, many labels at once.
    ///
    /// - Throws: `FeedbackError`.
    public func remove(_ selection: LabelSelection) throws -> LabelRemoval {
        let removal = try memory.store.remove(selection)
        try refresh()
        return removal
    }

    /// Lets labels over their source's quota count.
    ///
    /// - Throws: `FeedbackError`.
    public func confirm(_ selection: LabelSelection) throws -> LabelRemoval {
        let removal = try memory.store.confirm(selection)
        try refresh()
        return removal
    }

    /// What the site has taught so far.
    ///
    /// - Throws: `FeedbackError`.
    public func status() throws -> LearningStatus {
        let status = try memory.store.status()
        return LearningStatus(
            status, labelsInForce: memory.labels,
            labelsUntilRetraining: untilRetraining(status.newLabels),
            nextRetraining: nextRetraining(status), shadow: shadow())
    }

    // MARK: Parts

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    /// Brings the layer up to date, unless a shared store is away: what is given then is kept.
    private func refresh() throws(FeedbackError) {
        do { try memory.refresh() } catch {
            guard memory.isShared, error.mayPass else { throw error }
        }
    }

    /// What the history knows of a message; nothing while a shared store is away.
    private func known(_ digest: MessageDigest) throws(FeedbackError) -> HistoryEntry? {
        do {
            return try memory.store.history(HistoryQuery(limit: 1, digest: digest)).first
        } catch {
            guard memory.isShared, error.mayPass else { throw error }
            return nil
        }
    }

    private func withoutTraces(_ input: MailInput) -> MailInput {
        guard case .message(let bytes) = input else { return input }
        return .message(FilterTraces.removed(from: bytes, tag: policy().subjectTag))
    }

    private func judged(_ input: MailInput, _ transfer: TransferFacts) throws -> JudgedMessage {
        guard let judge = judge() else { throw TeachingError.noModel }
        guard judge.model.filtersSpam else { throw TeachingError.otherLabels }
        switch judge.judge(
            judge.read(input, transfer), by: policy().applied(to: []), deadline: .distantFuture)
        {
        case .success(let message): return message
        case .failure(let error): throw TeachingError.notScored(error)
        }
    }

    /// Refuses a label that the model in force does not have; without a model only spam and ham
    /// are known.
    private func check(_ labelClass: LabelClass) throws(TeachingError) {
        guard labelClass != .spam, labelClass != .ham else { return }
        let known = ["ham"] + (judge()?.model.bundle.labels ?? ["spam"])
        guard known.contains(labelClass.rawValue) else {
            throw .unknownLabel(labelClass.rawValue, known: known)
        }
    }

    /// The label of a message.
    ///
    /// A message of the history keeps score and features of its delivery: a copy from a mailbox no
    /// longer says who handed it over, and the model may have learnt from it since.
    private func label(
        of message: JudgedMessage, _ digest: MessageDigest, _ statement: Statement
    ) throws(FeedbackError) -> NewLabel {
        let content = message.asSeen.content
        var payload: LabelPayload?
        if options.keeping == .tokens {
            let kept = Reservoir.Message(
                set: "site", label: statement.labelClass.rawValue, date: Teacher.now,
                tokens: ScoringModel.standardTokens(of: content))
            payload = LabelPayload(.tokens, bytes: Reservoir([kept]).encoded)
        }
        if let known = try known(digest), known.features.version == SiteFeatures.version,
            !known.features.bytes.isEmpty
        {
            return NewLabel(
                digest: digest, labelClass: statement.labelClass, source: statement.source,
                way: statement.way, time: Teacher.now, weight: statement.weight,
                score: known.score, features: known.features, payload: payload,
                senderDomain: known.senderDomain, nearDuplicateKey: known.nearDuplicateKey,
                mailbox: statement.mailbox)
        }
        let features = message.asSeen.features
        return NewLabel(
            digest: digest, labelClass: statement.labelClass, source: statement.source,
            way: statement.way, time: Teacher.now, weight: statement.weight,
            score: MessageScore(message),
            features: LabelFeatures(
                version: SiteFeatures.version, bytes: features?.encoded ?? []),
            payload: payload, senderDomain: content.senderDomain,
            nearDuplicateKey: features?.nearDuplicateKey, mailbox: statement.mailbox)
    }

    private func lesson(
        _ receipt: LabelReceipt, digest: MessageDigest?, before: Lesson.Opinion?,
        after: Lesson.Opinion?
    ) -> Lesson {
        Lesson(
            stored: receipt.outcome.isStored, active: receipt.isActive,
            outcome: receipt.outcome.rawValue, why: receipt.outcome.words,
            digest: digest?.description ?? "", replaced: receipt.replaced?.rawValue,
            before: before, after: after, newLabels: receipt.newLabels,
            labelsUntilRetraining: untilRetraining(receipt.newLabels),
            lastRetraining: lastRetraining)
    }

    private func untilRetraining(_ newLabels: Int) -> Int? {
        options.retrainAfter > 0 ? max(0, options.retrainAfter - newLabels) : nil
    }

    private func nextRetraining(_ status: FeedbackStatus) -> Int64? {
        guard let last = status.lastRetraining?.started ?? status.oldest else { return nil }
        let date = Date(timeIntervalSince1970: Double(last))
        return options.schedule.due(after: date, .current).map {
            Int64($0.timeIntervalSince1970)
        }
    }

    private var lastRetraining: String? {
        (try? memory.store.retrainings(limit: 1))?.first.map(LearningStatus.words)
    }
}

/// Why a message can't be taught.
public enum TeachingError: Error, CustomStringConvertible, Sendable {
    /// There is no model.
    case noModel
    /// The model has no label spam.
    case otherLabels
    /// The model has no such label.
    case unknownLabel(String, known: [String])
    /// The message could not be scored.
    case notScored(ScoringError)

    /// One line that says what is wrong.
    public var description: String {
        switch self {
        case .noModel: "there is no model, so nothing can be learnt on top of it"
        case .otherLabels: "the model has no label \"spam\", which a site's labels are about"
        case .unknownLabel(let name, let known):
            "the model has no label \"\(name)\"; it knows \(known.joined(separator: ", "))"
        case .notScored(let error): "the message was not scored: \(error.rawValue)"
        }
    }
}

extension Lesson.Opinion {
    init(_ message: JudgedMessage) {
        self.init(
            verdict: message.judgement.verdict.rawValue, probability: message.probability)
    }
}

extension MessageScore {
    /// What the filter thinks of a message.
    public init(_ message: JudgedMessage) {
        self.init(
            verdict: message.judgement.verdict.rawValue, probability: message.probability,
            modelID: message.model.id, modelLogit: message.modelLogit)
    }
}
