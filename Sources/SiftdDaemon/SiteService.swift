import Dispatch
import Feedback
import Foundation
import Glibc
import Logging
import MailText
import Milter
import Models
import Scoring
import Settings
import SiteLearning
import SiteMemory
import SpamFilter
import Synchronization
import Telemetry

/// Learning in the running daemon: the layer for each score, the history, traps and answers.
final class SiteService: MailObserver {
    /// The labels and the layer.
    let memory: SiteMemory
    let teacher: Teacher
    private let options: @Sendable () -> LearnOptions
    private let history: HistoryRecorder?
    private let logger: Logger
    private let queue = DispatchQueue(label: "siftd.learn", qos: .utility)
    // Dispatch's timer may be used on any thread but does not say so.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer
    let retraining: RetrainingWatch
    /// A candidate beside the model in force.
    let shadow: ShadowWatch
    /// Nil where labels are in a file of this host alone.
    private let shared: SharedStoreWatch?
    private let mustLook = Atomic(false)
    private let waiting = DispatchSemaphore(value: SiteService.longestQueue)

    /// Traps and answers that wait to be learnt at most; further ones are not learnt.
    private static let longestQueue = 200
    /// Between two looks for labels that other processes have stored.
    private static let interval = DispatchTimeInterval.seconds(1)
    /// Looks between two counts of the labels that are new to retraining.
    private static let looksBetweenCounts = 10
    /// Looks after which the layer is written to disk.
    private static let looksBetweenCaches = 600
    /// The same where labels are shared: a host that crashes and can't reach the database scores by
    /// what was written last.
    private static let looksBetweenSharedCaches = 30
    /// Looks after which a shared store forgets what is old.
    private static let looksBetweenCleanings = 600

    /// Opens what the site has taught and brings the layer up to date.
    ///
    /// - Parameters:
    ///   - settings: at the start.
    ///   - model: gives the anchors their logits.
    ///   - live: the configuration in force.
    ///   - pool: scores labelled messages.
    ///   - logger: gets errors of the store.
    ///   - metrics: where retrainings are counted; nil for nowhere.
    ///   - promoted: called when a retrained model has become active.
    /// - Returns: nil where nothing is learnt.
    /// - Throws: `FeedbackError`, `SiteFolder.OpenError`.
    static func open(
        _ settings: SiftdSettings, _ model: ScoringModel?, _ live: LiveConfiguration,
        pool: ScoringPool, _ logger: Logger, metrics: FilterMetrics? = nil,
        promoted: @escaping @Sendable () -> Void = {}
    ) throws -> SiteService? {
        let report = SharedStoreWatch.report(logger, metrics)
        return try memory(settings, model, report: report).map { memory in
            SiteService(memory, settings.learn, live, pool, logger, metrics, promoted)
        }
    }

    /// Opens the label store and brings the layer up to date.
    ///
    /// - Returns: nil where nothing is learnt.
    /// - Throws: `FeedbackError`, `SiteFolder.OpenError`.
    static func memory(
        _ settings: SiftdSettings, _ model: ScoringModel?,
        report: @escaping @Sendable (SpoolDelivery.Event) -> Void = { _ in }
    ) throws -> SiteMemory? {
        guard settings.learn.isOn else { return nil }
        guard let path = try directory(settings.learn) else {
            guard settings.store.isShared else { return nil }
            throw SiteFolder.OpenError(
                path: Paths.learning,
                reason: "store.url names a database, for which this host keeps what waits; create "
                    + "\(Paths.state) for siftd's user, or name learn.directory")
        }
        let folder = SiteFolder(path: path)
        if settings.store.isShared {
            return try sharedMemory(folder, settings, model, report)
        }
        let secret = try folder.secret()
        let memory = SiteMemory(
            store: try folder.store(settings.learn), secret: secret, options: settings.learn.layer,
            anchors: try anchors(settings, model, secret), cachePath: folder.cachePath)
        try memory.refresh()
        return memory
    }

    /// The same for labels in a database of several hosts, which may be away.
    private static func sharedMemory(
        _ folder: SiteFolder, _ settings: SiftdSettings, _ model: ScoringModel?,
        _ report: @escaping @Sendable (SpoolDelivery.Event) -> Void
    ) throws -> SiteMemory {
        let store = try folder.store(
            settings.store, settings.learn, host: settings.fleet.hostName, report: report)
        let secret = try folder.secret(of: store)
        let memory = SiteMemory(
            store: store, secret: secret, options: settings.learn.layer,
            anchors: try anchors(settings, model, secret), cachePath: folder.sharedCachePath,
            isShared: true)
        do { try memory.refresh() } catch { guard error.mayPass else { throw error } }
        return memory
    }

    private init(
        _ memory: SiteMemory, _ options: LearnOptions, _ live: LiveConfiguration,
        _ pool: ScoringPool, _ logger: Logger, _ metrics: FilterMetrics?,
        _ promoted: @escaping @Sendable () -> Void
    ) {
        self.memory = memory
        self.logger = logger
        self.options = { live.settings.learn }
        let judge: @Sendable () -> Judge? = {
            let snapshot = live.snapshot
            return snapshot.model.map { model in
                Judge(
                    model: model, pool: pool, limits: snapshot.mailLimits,
                    site: memory.knowledge(authservID: snapshot.lists.authservID))
            }
        }
        let shadow = ShadowWatch(memory, live, logger: logger, promoted: promoted)
        self.shadow = shadow
        teacher = Teacher(
            memory: memory, options: options, judge: judge, policy: { live.snapshot.policy },
            shadow: { shadow.status })
        history =
            options.historyLimit > 0
            ? HistoryRecorder(
                memory.store, secret: memory.secret,
                report: { logger.record(.learningFailed($0)) },
                dropped: { metrics?.countDroppedHistory($0) }) : nil
        retraining = RetrainingWatch(
            memory, settings: { live.settings }, judge: judge, logger: logger,
            metrics: metrics, promoted: promoted, waits: { shadow.isRunning })
        shared = SharedStoreWatch(memory, logger, metrics)
        timer = DispatchSource.makeTimerSource(queue: queue)
        live.beforeModel { [weak self] model in self?.follow(model, live.settings) }
        start()
    }

    /// The layer's anchors are the base mail as the model in force scores it.
    private func follow(_ model: ScoringModel, _ settings: SiftdSettings) {
        do {
            try memory.use(try SiteService.anchors(settings, model, memory.secret))
        } catch {
            if let error = error as? FeedbackError, shared?.noteAnswer(error) == true { return }
            logger.record(.learningFailed(error))
        }
    }

    private func start() {
        timer.schedule(
            deadline: .now() + SiteService.interval, repeating: SiteService.interval)
        // Used on the queue alone.
        nonisolated(unsafe) var looks = 0
        timer.setEventHandler(
            handler: DispatchWorkItem { [weak self] in
                guard let self else { return }
                looks += 1
                look(looks)
                // The first look takes up a candidate that scored before a restart.
                if looks % SiteService.looksBetweenCounts == 1 { shadow.look() }
                if looks % SiteService.looksBetweenCounts == 0 { retraining.look() }
                if looks % SiteService.looksBetweenCaches == 0 { memory.writeCache() }
            })
        timer.resume()
        shared?.start { [weak self] in self?.lookSoon() }
    }

    /// Looks for labels that others have stored: in a file each time, in a database now and then,
    /// because the database tells of them.
    private func look(_ looks: Int) {
        guard let shared else { return refresh() }
        // A call fails at once while the database is away.
        if shared.isAway || looks % SharedStoreWatch.pollSeconds == 0 { refresh() }
        shared.show()
        if looks % SiteService.looksBetweenSharedCaches == 1 { shared.keepLayer() }
        if looks % SiteService.looksBetweenCleanings == 1 { shared.forgetOldOperations() }
    }

    /// Looks at once, or after the look in progress.
    private func lookSoon() {
        guard !mustLook.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.async { [weak self] in
            guard let self else { return }
            mustLook.store(false, ordering: .releasing)
            refresh()
            shared?.show()
        }
    }

    /// Writes what waits to disk; called once, when no message is in progress any more.
    func finish() {
        timer.cancel()
        shared?.stop()
        retraining.stop()
        queue.sync {}
        shadow.finish()
        history?.finish()
        memory.writeCache()
    }

    private func refresh() {
        do {
            try memory.refresh()
            _ = shared?.noteAnswer(nil)
        } catch {
            if shared?.noteAnswer(error) != true { logger.record(.learningFailed(error)) }
        }
    }

    // MARK: Mail

    func judged(_ message: JudgedMessage, _ transaction: Transaction, bytes: [UInt8]) {
        // In the history it would count as wanted mail of this site.
        guard !transaction.isTrial else { return }
        history?.record(.message(bytes), message, queueID: transaction.queueID)
        let transfer = TransferFacts(
            envelopeSender: transaction.envelopeSender,
            clientHostName: transaction.client.verifiedName)
        shadow.consider(
            transaction.queueID, .message(bytes), transfer, recipients: transaction.recipients,
            active: message)
        let traps = options().traps
        guard !traps.isEmpty, !transaction.recipients.isEmpty,
            let address = transaction.recipients.first,
            transaction.recipients.allSatisfy({ traps.contains($0.lowercased()) }),
            let source = try? LabelSource(.trap, address)
        else { return }
        later { [self] in
            _ = try teacher.teach(
                .message(bytes),
                .init(.spam, by: source, way: .trap, transfer: transfer))
        }
    }

    /// A message of the spamd port was judged; it may be corrected like the milter's.
    func remember(_ message: JudgedMessage, bytes: [UInt8]) {
        history?.record(.message(bytes), message, queueID: "")
    }

    func sent(_ transaction: Transaction) {
        let options = options()
        guard options.learnsFromReplies,
            let source = try? LabelSource(.reply, transaction.authenticated)
        else { return }
        let ids = transaction.answeredMessages
        guard !ids.isEmpty else { return }
        later { [self] in
            for id in ids {
                let query = HistoryQuery(limit: 1, messageKey: memory.secret.key(of: id))
                guard let entry = try memory.store.history(query).first?.id else { continue }
                _ = try teacher.teach(
                    historyEntry: entry,
                    .init(.ham, by: source, way: .reply, weight: options.replyWeight))
            }
        }
    }

    /// Learns behind the message, unless too much waits already.
    private func later(_ body: @escaping @Sendable () throws -> Void) {
        guard waiting.wait(timeout: .now()) == .success else { return }
        queue.async { [self] in
            defer { waiting.signal() }
            do { try body() } catch { logger.record(.learningFailed(error)) }
        }
    }

    // MARK: Files

    /// The directory of the labels; nil where there is none and none is configured.
    static func directory(_ options: LearnOptions) throws -> String? {
        if !options.directory.isEmpty { return options.directory }
        guard access(Paths.state, W_OK) == 0 else { return nil }
        guard FolderOwner.makeDirectory(Paths.learning, 0o700) == 0 || errno == EEXIST else {
            throw SiteFolder.OpenError(
                path: Paths.learning, reason: String(cString: strerror(errno)))
        }
        return Paths.learning
    }

    /// Base mail with the logits of a model.
    static func anchors(
        _ settings: SiftdSettings, _ model: ScoringModel?, _ secret: SiteSecret
    ) throws -> AnchorReservoir {
        guard let model, let reservoir = try reservoir(settings.learn) else {
            return AnchorReservoir()
        }
        return AnchorReservoir(reservoir, model: model, secret: secret)
    }

    /// The sample of base mail that is configured, or that came with siftd; nil for none.
    ///
    /// - Throws: `SiteFolder.OpenError`.
    static func reservoir(_ options: LearnOptions) throws -> Reservoir? {
        let chosen = options.reservoir
        guard let path = chosen.isEmpty ? Paths.reservoir : chosen else { return nil }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw SiteFolder.OpenError(
                path: path, reason: "can't be read; make it with siftd train --keep-reservoir",
                isMissing: access(path, F_OK) != 0)
        }
        do { return try Reservoir(encoded: Array(bytes)) } catch {
            throw SiteFolder.OpenError(path: path, reason: "\(error)")
        }
    }
}

extension Transaction {
    /// References that are followed: threads are long, and the newest stand at the end.
    private static let mostAnswered = 5
    private static let longestID = 256

    /// The Message-IDs that the message answers, with their angle brackets.
    var answeredMessages: [String] {
        var ids: [String] = []
        for field in header
        where ["in-reply-to", "references"].contains(field.name.lowercased()) {
            let text = String(decoding: field.value.suffix(4_096), as: UTF8.self)
            for word in text.split(whereSeparator: \.isWhitespace)
            where word.hasPrefix("<") && word.hasSuffix(">") && !ids.contains(String(word)) {
                ids.append(String(word.prefix(Transaction.longestID)))
            }
        }
        return ids.suffix(Transaction.mostAnswered)
    }
}
