import CoreMetrics
import Feedback
import Fleet
import Foundation
import HTTPServer
import Hummingbird
import Logging
import MailText
import Milter
import Models
import Scoring
import ServiceLifecycle
import Settings
import SiteMemory
import SpamFilter
import SpamdServer
import Synchronization
import Telemetry
import Traces
import Tracing

/// The running parts, put together.
///
/// What is filtered by is in a ``LiveConfiguration``.
public final class Daemon: Sendable {
    private let logger: Logger
    private let version: String
    private let registry: PrometheusRegistry
    private let metrics: FilterMetrics
    private let live: LiveConfiguration
    private let pool: ScoringPool
    private let filter: SpamFilter
    private let milter: MilterServer
    private let spamdListeners: [Listener]
    private let reloader: Reloader
    private let manager = ServiceManager()
    private let hasStartedHTTP = Atomic(false)
    private let httpAccess: HTTPAccess
    /// Nil without traces.
    private let tracer: SpanRecorder?
    /// Nil where nothing is learnt.
    private let site: SiteService?
    /// Nil where the model is this host's alone.
    private let fleet: FleetService?

    /// Runs the daemon until it is stopped by a signal; once in a process, for logging, metrics and
    /// libmilter are global.
    ///
    /// - Parameters:
    ///   - version: of siftd.
    ///   - read: reads the configuration, now and for each reload; throws `SettingsErrors`.
    /// - Throws: `SettingsErrors`, `ModelError`, `CrashJournal.OpenError`,
    ///   `MilterServer.StartError`, ``SpamdStartError``, ``HTTPStartError``, ``ControlStartError``.
    public static func run(
        version: String, read: @escaping @Sendable () throws -> SiftdSettings
    ) async throws {
        DescriptorLimit.raise()
        let settings = try read()
        let logger = Logger.bootstrap(settings.log)
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let daemon = try Daemon(
            settings, version: version, logger: logger, registry: registry, read: read)
        try await daemon.serve()
        logger.record(.stopped)
    }

    /// Loads the model and opens the milter's socket.
    private init(
        _ settings: SiftdSettings, version: String, logger: Logger, registry: PrometheusRegistry,
        read: @escaping @Sendable () throws -> SiftdSettings
    ) throws {
        self.version = version
        self.logger = logger
        self.registry = registry
        httpAccess = try HTTPAccess(settings.http)
        try settings.http.prepare()
        metrics = FilterMetrics(factory: registry)
        metrics.showBuild(version: version)
        tracer =
            settings.traces.endpoint.isEmpty
            ? nil : SpanRecorder(sample: settings.traces.sample, metrics: metrics)
        let notices = Notices(
            logger: logger, metrics: metrics,
            reservoir: { try? SiteService.reservoir(settings.learn) })
        let stamps = FileStamps(settings.lists.paths)
        let model = try Daemon.firstModel(settings, logger)
        let live = try LiveConfiguration(settings, model: model)
        self.live = live
        pool = ScoringPool(options: settings.scoring, metrics: metrics)
        let link = FleetLink()
        let site = try Daemon.openSite(settings, model, live, pool, notices, link)
        self.site = site
        fleet = Daemon.openFleet(settings, version, live, notices, pool, site)
        link.connect(fleet)
        filter = SpamFilter(
            pool: pool, metrics: metrics, logger: logger, version: version,
            journal: try CrashJournal.open(settings, logger), observer: site,
            tracer: tracer
        ) { Daemon.snapshot(live, site) }
        let milter = try Daemon.milter(settings, filter, metrics, logger)
        self.milter = milter
        do throws(SpamdStartError) {
            spamdListeners = try SpamdPort.listeners(settings.spamd)
        } catch {
            milter.abandon()
            throw error
        }
        if let model { notices.show(model) }
        notices.warn(of: settings, model)
        reloader = Reloader(
            live, stamps: stamps, notices: notices, manager: manager,
            isStopping: { milter.activity.isDraining }, read: read)
    }

    /// What the site has taught.
    ///
    /// A damaged label store does not keep mail from being filtered. But a host that has never
    /// reached the database it shares with others would judge otherwise than they do, so it does
    /// not start.
    private static func openSite(
        _ settings: SiftdSettings, _ model: ScoringModel?, _ live: LiveConfiguration,
        _ pool: ScoringPool, _ notices: Notices, _ link: FleetLink
    ) throws -> SiteService? {
        let logger = notices.logger
        do {
            let site = try SiteService.open(
                settings, model, live, pool: pool, logger, metrics: notices.metrics
            ) {
                // All hosts change to it together.
                if let fleet = link.fleet { return fleet.member.poke() }
                // Messages in progress finish on the model that they began with.
                do {
                    let model = try ScoringModel.load(live.settings)
                    live.replace(model: model)
                    notices.show(model)
                } catch { logger.record(.learningFailed(error)) }
            }
            if let site { logger.record(.learningStarted(labels: site.memory.labels)) }
            return site
        } catch {
            if settings.store.isShared, (error as? FeedbackError)?.mayPass == true { throw error }
            logger.record(.learningFailed(error))
            return nil
        }
    }

    /// The other hosts with the same model; a mistake there does not keep mail from being filtered.
    private static func openFleet(
        _ settings: SiftdSettings, _ version: String, _ live: LiveConfiguration,
        _ notices: Notices, _ pool: ScoringPool, _ site: SiteService?
    ) -> FleetService? {
        do {
            return try FleetService(settings, version: version, live, notices, pool, site)
        } catch {
            notices.logger.record(.fleetLost(error))
            return nil
        }
    }

    private static func snapshot(_ live: LiveConfiguration, _ site: SiteService?) -> FilterSnapshot
    {
        var snapshot = live.snapshot
        snapshot.site = site?.memory.knowledge(authservID: snapshot.lists.authservID)
        return snapshot
    }

    /// The model to start with; nil when there is none and the admin wants to start even so.
    private static func firstModel(
        _ settings: SiftdSettings, _ logger: Logger
    ) throws(ModelError) -> ScoringModel? {
        do { return try ScoringModel.load(settings) } catch {
            guard !settings.stopsWithoutModel else { throw error }
            logger.record(.noModel(error))
            return nil
        }
    }

    private static func milter(
        _ settings: SiftdSettings, _ filter: SpamFilter, _ metrics: FilterMetrics, _ logger: Logger
    ) throws -> MilterServer {
        var limits = settings.milter.limits
        limits.bodyBytes = settings.scan.bodyBytes
        return try MilterServer(
            sockets: settings.milter.sockets, access: settings.milter.access, limits: limits,
            filter: filter, metrics: metrics, logger: logger)
    }

    // MARK: Service

    private func serve() async throws {
        let stop = StopSignals { [self] in stopAtOnce() }
        milter.start()
        fleet?.member.start()
        logger.record(
            .started(version: version, sockets: milter.sockets.map(\.description)))
        if !spamdListeners.isEmpty {
            logger.record(.spamdStarted(sockets: spamdListeners.map(\.address.description)))
        }
        let signals = reloader.reloadOnSignals()
        defer {
            signals.cancel()
            reloader.finish()
            // The group releases it after the first signal.
            withExtendedLifetime(stop) {}
        }
        let settings = live.settings
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let exporter = exporter(settings.traces) { services.append(.init(service: exporter)) }
        let group = ServiceGroup(
            configuration: .init(
                services: services + [
                    .init(service: HTTPServer.patient(application(settings.http))),
                    .init(service: ControlService(control(settings.learn), logger: quiet)),
                    .init(service: SpamdPort(spamdListeners, spamdParts, settings.spamd)),
                    .init(service: MilterService(milter: milter) { [self] in stopMilter() }),
                    .init(service: Watchdog(manager: manager, pool: pool, live: live)),
                    .init(
                        service: stop,
                        successTerminationBehavior: .gracefullyShutdownGroup),
                ], logger: logger))
        do { try await group.run() } catch {
            guard !hasStartedHTTP.load(ordering: .relaxed), !(error is ControlStartError) else {
                throw error
            }
            throw settings.http.startError(
                "can't listen on \(settings.http.place): \(HTTPServer.reason(of: error))")
        }
    }

    /// What sends spans; nil without traces.
    private func exporter(_ options: TraceOptions) -> TraceExporter? {
        tracer.map { tracer in
            InstrumentationSystem.bootstrap(tracer)
            return TraceExporter(
                tracer, endpoint: options.endpoint, version: version, metrics: metrics
            ) { [logger] reason in logger.record(.tracesFailed(reason)) }
        }
    }

    /// The HTTP port as a service.
    private func application(_ options: SiftdSettings.HTTP) -> some ApplicationProtocol {
        var parts = HTTPServer.Parts(
            registry: registry, metrics: metrics, version: version,
            classifier: { [self] in classifier },
            notReady: { [self] in notReady })
        parts.teacher = site?.teacher
        parts.tracer = tracer
        parts.shelf = shelf
        if let fleet { parts.fleet = { fleet.status } }
        parts.retraining = site?.retraining
        return HTTPServer(
            parts, access: httpAccess, limits: HTTPLimits(options),
            isContainer: options.platform != .none
        ).application(
            options.binding, logger: quiet
        ) { [self] port in
            hasStartedHTTP.store(true, ordering: .relaxed)
            logger.record(.httpStarted(url: options.url(port: port)))
            manager.ready(serving: live.snapshot.model)
        }
    }

    /// The versions of the model; nil where it is from no registry.
    private var shelf: (any ModelShelf)? {
        guard let fleet else { return SiteModels(live, reloader) }
        return FleetModels(own: SiteModels(registry: fleet.path, live, reloader), fleet: fleet)
    }

    /// What the spamd port answers by.
    private var spamdParts: SpamdServer.Parts {
        var parts = SpamdServer.Parts(
            metrics: metrics, logger: logger, version: version,
            classifier: { [self] in classifier }, policy: { [live] in live.snapshot.policy },
            logAddresses: { [live] in live.snapshot.logAddresses })
        parts.teacher = site?.teacher
        parts.judged = { [site] message, bytes in site?.remember(message, bytes: bytes) }
        return parts
    }

    /// The logger of libraries, which say too much.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    /// The socket of `siftd learn`; nil where nothing is learnt or no directory is for it.
    private func control(_ options: LearnOptions) -> ControlService.Socket? {
        guard let site else { return nil }
        let path = options.socket.isEmpty ? Paths.control : options.socket
        guard !options.socket.isEmpty || access(Paths.run, W_OK) == 0 else { return nil }
        return .init(
            path: path,
            server: LearningServer(teacher: site.teacher, version: version, metrics: metrics),
            isRequired: !options.socket.isEmpty)
    }

    /// By what requests are judged now; nil without a model.
    private var classifier: Classifier? {
        let snapshot = Daemon.snapshot(live, site)
        return snapshot.model.map { model in
            Classifier(
                judge: Judge(
                    model: model, pool: pool, limits: snapshot.mailLimits, site: snapshot.site),
                policy: snapshot.policy, timeLimit: snapshot.timeLimit)
        }
    }

    /// Why mail can't be judged now; nil when it can.
    private var notReady: String? {
        if milter.activity.isDraining { return "shutting down" }
        if milter.hasEnded { return "libmilter ended" }
        if live.snapshot.model == nil { return "there is no model" }
        return pool.hasRoom ? nil : "the scoring queue is full"
    }

    // MARK: Stop

    /// Finishes the messages in progress; blocks up to the drain limit.
    private func stopMilter() {
        manager.stopping()
        milter.stop(limit: live.settings.drainLimit)
        fleet?.member.stop()
        site?.finish()
        pool.stop()
        filter.abandonMessages()
    }

    /// Does not wait for messages in progress: their connections are dropped and the MTA applies
    /// its `default_action`.
    private func stopAtOnce() {
        logger.record(.stoppedAtOnce)
        filter.abandonMessages()
        milter.abandon()
        for listener in spamdListeners { listener.removeFile() }
        _exit(0)
    }
}
