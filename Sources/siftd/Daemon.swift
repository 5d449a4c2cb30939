import CoreMetrics
import FilterPolicy
import Foundation
import Hummingbird
import Logging
import MailText
import Milter
import Scoring
import Settings
import SpamFilter
import StatusServer
import Synchronization
import Telemetry
import TextCNN
import TextFeatures

/// The running parts, put together. Settings and model are snapshots that a reload replaces.
final class Daemon: Sendable {
    private let logger: Logger
    private let pool: ScoringPool
    private let registry = PrometheusRegistry()
    private let metrics: FilterMetrics
    private let filter: SpamFilter
    private let milter: MilterServer
    private let settings: Mutex<SiftdSettings>
    private let httpStarted = SharedFlag()

    /// Whether the HTTP port was opened.
    var hasStartedHTTP: Bool { httpStarted.isSet }

    /// Loads the model and opens the milter's socket.
    ///
    /// - Throws: ``ModelBundle/LoadError``, ``MilterServer/StartError``.
    init(_ settings: SiftdSettings, logger: Logger) throws {
        self.logger = logger
        self.settings = Mutex(settings)
        MetricsSystem.bootstrap(registry)
        metrics = FilterMetrics(
            factory: registry, verdicts: Verdict.allCases.map(\.rawValue),
            actions: Action.allCases.map(\.rawValue),
            limits: Defect.allCases.filter(\.isLimit).map(\.rawValue))
        let filterSettings = Daemon.filterSettings(settings)
        let model = try Daemon.model(settings)
        var options = ScoringPool.Options.machine
        if settings.workers > 0 { options.workers = settings.workers }
        options.batchLimit = settings.batchLimit
        options.queueLimit = settings.queueLimit
        pool = ScoringPool(model: model, options: options, metrics: metrics)
        filter = SpamFilter(
            pool: pool, settings: filterSettings, metrics: metrics, logger: logger,
            version: Siftd.version)
        var limits = MilterLimits()
        limits.bodyBytes = settings.bodyLimit
        milter = try MilterServer(
            socket: settings.milterSocket, mode: UInt32(settings.milterMode),
            group: settings.milterGroup.isEmpty ? nil : settings.milterGroup, limits: limits,
            filter: filter, logger: logger)
        metrics.showBuild(version: Siftd.version)
        show(model)
    }

    /// Must come before the main thread touches signals.
    func startMilter() {
        milter.start()
        logger.notice("msg=started version=\(Siftd.version) socket=\(milter.socket)")
    }

    /// Returns when libmilter has ended, whatever the reason.
    func milterEnded() async { await milter.ended() }

    func stopMilter() {
        milter.stop(limit: settings.withLock { $0.drainLimit })
        pool.stop()
    }

    /// The HTTP port as a service.
    func application() -> some ApplicationProtocol {
        let settings = self.settings.withLock { $0 }
        let server = StatusServer(
            registry: registry, metrics: metrics, version: Siftd.version,
            classifier: { [self] in
                let current = self.settings.withLock { $0 }
                return Classifier(
                    pool: pool, policy: current.policy, limits: Daemon.limits(current),
                    deadline: current.deadline)
            },
            notReady: { [self] in
                if milter.activity.isDraining { return "shutting down" }
                if milter.hasEnded { return "libmilter ended" }
                return pool.hasRoom ? nil : "the scoring queue is full"
            })
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let address = settings.httpAddress
        return server.application(
            address: address, port: settings.httpPort, logger: quiet
        ) { [logger, httpStarted] port in
            httpStarted.set()
            logger.notice("msg=http_started url=http://\(address):\(port)/")
        }
    }

    /// Reads configuration and model again. Whatever is wrong with them, the running ones stay.
    func reload(_ read: () throws -> SiftdSettings) {
        do {
            let new = try read()
            let filterSettings = Daemon.filterSettings(new)
            let model = try Daemon.model(new)
            let old = settings.withLock { settings in
                defer { settings = new }
                return settings
            }
            filter.replaceSettings(filterSettings)
            pool.replaceModel(model)
            show(model)
            for key in Daemon.needingRestart(old, new) {
                logger.warning("msg=restart_needed key=\(key)")
            }
            logger.notice("msg=reloaded model=\(model.id)")
        } catch {
            for line in "\(error)".split(separator: "\n") {
                logger.error("msg=reload_failed the running configuration stays: \(line)")
            }
        }
    }

    private static func needingRestart(_ old: SiftdSettings, _ new: SiftdSettings) -> [String] {
        let pairs: [(String, Bool)] = [
            (
                "milter",
                old.milterSocket != new.milterSocket || old.milterMode != new.milterMode
                    || old.milterGroup != new.milterGroup
            ),
            ("http", old.httpAddress != new.httpAddress || old.httpPort != new.httpPort),
            ("scan.body_limit", old.bodyLimit != new.bodyLimit),
            ("scoring.workers", old.workers != new.workers),
            ("scoring.batch_limit", old.batchLimit != new.batchLimit),
            ("scoring.queue_limit", old.queueLimit != new.queueLimit),
            ("log", old.logTarget != new.logTarget || old.logLevel != new.logLevel),
        ]
        return pairs.filter(\.1).map(\.0)
    }

    private static func model(_ settings: SiftdSettings) throws -> ScoringModel {
        let directory = ModelLocation.directory(settings.modelDirectory)
        let model = try ScoringModel(directory: directory, tableLimit: settings.tableLimit)
        guard model.filtersSpam else {
            throw ModelBundle.LoadError(
                path: directory,
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

    // MARK: Settings

    private static func limits(_ settings: SiftdSettings) -> MailLimits {
        var limits = MailLimits()
        limits.bodyBytes = settings.bodyLimit
        limits.headerFields = settings.headerFieldLimit
        limits.headerBytes = settings.headerLimit
        limits.decodedBytes = settings.decodedLimit
        limits.parts = settings.partLimit
        limits.depth = settings.depthLimit
        limits.textBytes = settings.textLimit
        limits.links = settings.linkLimit
        limits.tokens = settings.tokenLimit
        limits.seconds = settings.timeLimit
        return limits
    }

    private static func filterSettings(_ settings: SiftdSettings) -> SpamFilter.Settings {
        var result = SpamFilter.Settings()
        result.policy = settings.policy
        result.mailLimits = limits(settings)
        result.exemptNetworks = settings.exemptNetworks
        result.exemptsAuthenticated = settings.exemptAuthenticated
        result.deadline = settings.deadline
        return result
    }
}

/// A flag that is set on one thread and read on another.
final class SharedFlag: Sendable {
    private let value = Atomic(false)
    func set() { value.store(true, ordering: .relaxed) }
    var isSet: Bool { value.load(ordering: .relaxed) }
}
