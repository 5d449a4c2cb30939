import CoreMetrics
import FilterPolicy
import Foundation
import HTTPServer
import Hummingbird
import Logging
import MailText
import Milter
import Models
import Scoring
import Settings
import SpamFilter
import Synchronization
import Telemetry
import TextFeatures

/// The running parts, put together. Settings and model are snapshots that a reload replaces.
public final class Daemon: Sendable {
    private let logger: Logger
    private let version: String
    private let pool: ScoringPool
    private let registry = PrometheusRegistry()
    private let metrics: FilterMetrics
    private let filter: SpamFilter
    private let milter: MilterServer
    private let settings: Mutex<SiftdSettings>
    private let httpStarted = SharedFlag()
    private let manager = ServiceManager()
    /// Reloads, one after the other.
    private let reloads = DispatchQueue(label: "siftd.reload")
    private let lists: FileWatch

    /// Whether the HTTP port was opened.
    public var hasStartedHTTP: Bool { httpStarted.isSet }

    /// Loads the model and opens the milter's socket.
    ///
    /// - Throws: ``ModelBundle/LoadError``, ``MilterServer/StartError``.
    public init(_ settings: SiftdSettings, version: String, logger: Logger) throws {
        self.logger = logger
        self.version = version
        self.settings = Mutex(settings)
        MetricsSystem.bootstrap(registry)
        metrics = FilterMetrics(
            factory: registry, verdicts: Verdict.allCases.map(\.rawValue),
            actions: Action.allCases.map(\.rawValue),
            limits: Defect.allCases.filter(\.isLimit).map(\.rawValue))
        let marks = FileWatch.Marks(settings.accessFiles)
        let model = try Daemon.firstModel(settings, logger)
        var options = ScoringPool.Options.machine
        if settings.workers > 0 { options.workers = settings.workers }
        options.batchLimit = settings.batchLimit
        options.queueLimit = settings.queueLimit
        pool = ScoringPool(options: options, metrics: metrics)
        filter = SpamFilter(
            pool: pool, settings: try FilterSettings(settings, model: model), metrics: metrics,
            logger: logger, version: version, journal: try Daemon.journal(settings, logger))
        var limits = MilterLimits()
        limits.bodyBytes = settings.bodyLimit
        limits.messages = settings.messageLimit
        milter = try MilterServer(
            sockets: try settings.milterSockets.map(Daemon.address),
            access: MilterServer.SocketAccess(
                mode: UInt32(settings.milterMode), owner: settings.milterOwner,
                group: settings.milterGroup), limits: limits, filter: filter, logger: logger)
        lists = FileWatch(every: 2, on: reloads)
        metrics.showBuild(version: version)
        if let model { show(model) }
        warn(settings.policy, model)
        lists.watch(marks) { [weak self] in self?.readLists() }
    }

    private static func address(_ text: String) throws -> SocketAddress {
        guard let address = SocketAddress(text) else {
            throw MilterServer.StartError(reason: "milter.socket: \(text) is no socket")
        }
        return address
    }

    public func startMilter() {
        milter.start()
        logger.notice(
            "msg=started version=\(version) socket=\(milter.sockets.map(\.description).joined(separator: ","))"
        )
    }

    /// Returns when libmilter has ended, whatever the reason.
    public func milterEnded() async { await milter.ended() }

    /// Doesn't wait for messages in work: their connections break, and the MTA does with them what it
    /// does without a filter.
    public func stopAtOnce() {
        logger.warning("msg=stopped_at_once by a second signal")
        filter.abandonWork()
        milter.abandon()
        _exit(0)
    }

    public func stopMilter() {
        manager.stopping()
        milter.stop(limit: settings.withLock { $0.drainLimit })
        pool.stop()
        filter.abandonWork()
    }

    /// The HTTP port as a service.
    public func application() -> some ApplicationProtocol {
        let settings = self.settings.withLock { $0 }
        let server = StatusServer(
            registry: registry, metrics: metrics, version: version,
            classifier: { [self] in
                let current = filter.settings
                return Classifier(
                    pool: pool, model: current.model, policy: current.policy,
                    limits: current.mailLimits, deadline: current.deadline)
            },
            notReady: { [self] in
                if milter.activity.isDraining { return "shutting down" }
                if milter.hasEnded { return "libmilter ended" }
                if filter.settings.model == nil { return "there is no model" }
                return pool.hasRoom ? nil : "the scoring queue is full"
            })
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let address = settings.httpAddress
        return server.application(
            address: address, port: settings.httpPort, logger: quiet
        ) { [self] port in
            httpStarted.set()
            logger.notice("msg=http_started url=http://\(address):\(port)/")
            showReady()
        }
    }

    /// HUP and USR1 from now on read configuration, lists and model again, with `read`.
    public func reloadOnSignals(_ read: @escaping @Sendable () throws -> SiftdSettings)
        -> SignalSources
    {
        SignalSources([SIGHUP, SIGUSR1], isIgnoredBefore: true, on: reloads) { [self] in
            reload(read)
        }
    }

    /// All is read and checked first, then swapped in one go. Whatever is wrong with any of it, what
    /// runs stays. On the queue of reloads.
    private func reload(_ read: () throws -> SiftdSettings) {
        guard !milter.activity.isDraining else { return }
        manager.reloading()
        defer { showReady() }
        do {
            let new = try read()
            let marks = FileWatch.Marks(new.accessFiles)
            let model = try Daemon.model(new)
            let snapshot = try FilterSettings(new, model: model)
            let old = settings.withLock { settings in
                defer { settings = new }
                return settings
            }
            filter.settings = snapshot
            show(model)
            warn(new.policy, model)
            lists.watch(marks) { [weak self] in self?.readLists() }
            for key in Daemon.needingRestart(old, new) {
                logger.warning("msg=restart_needed key=\(key)")
            }
            logger.notice("msg=reloaded model=\(model.id)")
        } catch { refuse("reload_failed the running configuration stays", error) }
    }

    /// Waits for a reload in work: OpenBLAS does not bear an exit while it computes.
    public func finishReloads() { reloads.sync {} }

    private func refuse(_ what: String, _ error: any Error) {
        for line in "\(error)".split(separator: "\n") { logger.error("msg=\(what): \(line)") }
    }

    /// What the admin should not overlook.
    private func warn(_ policy: PolicySettings, _ model: ScoringModel?) {
        let rules = policy.rules + policy.recipients.values.flatMap { $0.rules ?? [] }
        if rules.contains(where: { $0.action == .discard }) {
            logger.warning(
                """
                msg=discard_configured policy.actions throws mail away: neither sender nor recipient \
                will know of a false positive; quarantine loses nothing
                """)
        }
        guard let model else { return }
        for case .label(let label) in rules.map(\.condition)
        where !model.bundle.labels.contains(label) {
            logger.warning("msg=unknown_label policy.actions names \(label), which the model lacks")
        }
    }

    /// Allow and deny files changed. On the queue of reloads.
    private func readLists() {
        do {
            filter.settings = try FilterSettings(
                settings.withLock { $0 }, model: filter.settings.model)
            logger.notice("msg=lists_reloaded")
        } catch { refuse("lists_refused the running lists stay", error) }
    }

    // MARK: Service manager

    private func showReady() {
        let model = filter.settings.model.map { "model \($0.id)" } ?? "no model"
        manager.ready("judging mail with \(model)")
    }

    /// Gives signs of life while messages can be scored; a daemon whose workers hang is restarted.
    public func feedWatchdog() async {
        guard let interval = manager.watchdogInterval else { return }
        while !Task.isCancelled {
            let before = pool.batchesDone
            if await isScoring(within: interval) || pool.batchesDone != before {
                manager.isAlive()
            }
            try? await Task.sleep(for: .seconds(interval))
        }
    }

    /// Whether an empty message gets its score. On a full queue it does not, and then only batches
    /// that workers finish meanwhile tell load from a fault.
    private func isScoring(within seconds: Double) async -> Bool {
        guard let model = filter.settings.model else { return true }
        let result = await pool.score([], with: model, deadline: .now() + seconds)
        if case .success = result { return true }
        try? await Task.sleep(for: .seconds(seconds / 4))
        return false
    }

    // MARK: Restart

    private static func needingRestart(_ old: SiftdSettings, _ new: SiftdSettings) -> [String] {
        let pairs: [(String, Bool)] = [
            (
                "milter",
                old.milterSockets != new.milterSockets || old.milterMode != new.milterMode
                    || old.milterGroup != new.milterGroup || old.milterOwner != new.milterOwner
                    || old.messageLimit != new.messageLimit
            ),
            ("http", old.httpAddress != new.httpAddress || old.httpPort != new.httpPort),
            ("scan.body_limit", old.bodyLimit != new.bodyLimit),
            ("scoring.workers", old.workers != new.workers),
            ("scoring.batch_limit", old.batchLimit != new.batchLimit),
            ("scoring.queue_limit", old.queueLimit != new.queueLimit),
            ("scan.crash_journal", old.crashJournal != new.crashJournal),
            (
                "log",
                old.logTarget != new.logTarget || old.logLevel != new.logLevel
                    || old.logFormat != new.logFormat
            ),
        ]
        return pairs.filter(\.1).map(\.0)
    }

    private static func model(_ settings: SiftdSettings) throws -> ScoringModel {
        let directory = ModelLocation.directory(settings.modelDirectory)
        let model = try ScoringModel(directory: directory, tableLimit: settings.tableLimit)
        guard model.filtersSpam else {
            throw ModelError(
                .unfit, path: directory,
                reason: "has no label \"spam\", so it can't filter mail; name another in "
                    + "model.directory")
        }
        return model
    }

    private func show(_ model: ScoringModel) {
        logger.notice("msg=model_ready model=\(model.id) served_by=\"\(model.serving)\"")
        let trained = try? Date(model.bundle.trained, strategy: .iso8601)
        metrics.showModel(
            id: model.id, normalizer: model.pipeline.spec.profile.rawValue,
            trained: trained?.timeIntervalSince1970 ?? 0)
    }

    /// The model to start with; nil when there is none and the admin wants to start even so.
    private static func firstModel(
        _ settings: SiftdSettings, _ logger: Logger
    ) throws -> ScoringModel? {
        do { return try model(settings) } catch {
            guard !settings.stopsWithoutModel else { throw error }
            logger.error("msg=no_model mail is answered by policy.on_no_model: \(error)")
            return nil
        }
    }

    /// The journal that is configured, or the usual one where its folder is there.
    private static func journal(
        _ settings: SiftdSettings, _ logger: Logger
    ) throws -> CrashJournal? {
        let usual = "/var/lib/siftd"
        let isChosen = !settings.crashJournal.isEmpty
        guard isChosen || access(usual, W_OK) == 0 else { return nil }
        let journal = try CrashJournal(
            path: isChosen ? settings.crashJournal : "\(usual)/crash-journal")
        if journal.remembered > 0 {
            logger.warning(
                """
                msg=crash_journal \(journal.remembered) messages that were in work when siftd died \
                will pass unjudged
                """)
        }
        return journal
    }
}

/// A flag that is set on one thread and read on another.
final class SharedFlag: Sendable {
    private let value = Atomic(false)
    func set() { value.store(true, ordering: .relaxed) }
    var isSet: Bool { value.load(ordering: .relaxed) }
}
