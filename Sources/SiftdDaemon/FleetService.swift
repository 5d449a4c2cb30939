import Feedback
import Fleet
import Foundation
import Glibc
import HTTPServer
import Logging
import ModelRegistry
import Models
import PostgreSQL
import Scoring
import Settings
import SiteMemory
import SpamFilter
import Synchronization
import Telemetry

/// The daemon as one of several hosts with the same model.
final class FleetService: Sendable {
    /// Why a host that shares labels with others can't share its model with them.
    struct StartError: Error, CustomStringConvertible {
        /// What is wrong, and what to do about it.
        var description: String
    }

    let member: FleetMember
    /// The registry's folder.
    let path: String
    private let host: String

    /// Nil where the model is not shared.
    ///
    /// - Parameters:
    ///   - settings: at the start.
    ///   - version: of siftd.
    ///   - live: the configuration in force, whose model the service replaces.
    ///   - notices: shows the models that come into force.
    ///   - pool: its queue is reported.
    ///   - site: its labels are reported; nil where nothing is learnt.
    /// - Throws: ``StartError``, `FleetError`, `FeedbackError`, `RegistryError`.
    init?(
        _ settings: SiftdSettings, version: String, _ live: LiveConfiguration, _ notices: Notices,
        _ pool: ScoringPool, _ site: SiteService?
    ) throws {
        guard settings.store.isShared, settings.fleetModels.isShared else { return nil }
        let registry = try FleetService.registry(settings)
        path = registry.path
        let trust = try ModelTrust(
            trusted: settings.fleetModels.trustedKeys,
            signingKeyFile: settings.fleetModels.signingKey)
        host = settings.fleet.hostName
        var host = FleetMember.Host(
            name: settings.fleet.hostName, version: version,
            load: { directory in
                try ScoringModel.load(live.settings, directory: directory)
            },
            use: { model in
                guard let model = model as? ScoringModel else { return }
                live.replace(model: model)
                notices.show(model)
            },
            serving: { live.snapshot.model?.id })
        host.figures = { report in FleetService.report(pool, site, &report) }
        host.report = { event in notices.logger.record(MailLogEvent(event)) }
        let metrics = notices.metrics
        let name = settings.fleet.hostName
        host.looked = { status in
            if let status { metrics.showFleet(FleetMeasures(status, host: name)) }
        }
        // The labels' connections serve for both.
        let labels = site?.memory.store as? SpooledFeedbackStore
        let connections = try labels?.shared.pool ?? settings.store.connections()
        member = FleetMember(
            FleetStore(connections), registry: registry, trust: trust, host: host)
    }

    /// The registry, which is created where there is none: models of other hosts go there.
    private static func registry(_ settings: SiftdSettings) throws -> ModelRegistry {
        let path = SiteAccess.registry(settings)
        let directory = settings.modelDirectory
        let link = URL(fileURLWithPath: path).appendingPathComponent("active").path
        let isFollowed =
            directory.isEmpty
            ? path == Paths.registry : URL(fileURLWithPath: directory).path == link
        guard isFollowed else {
            throw StartError(
                description: "model.directory is not the model of the registry, which all hosts "
                    + "share; name \(link), or set fleet.share_models = false")
        }
        if FolderOwner.makeDirectory(path, 0o755) != 0, errno != EEXIST {
            throw StartError(
                description: "the folder \(path) for models of all hosts can't be created: "
                    + String(cString: strerror(errno)))
        }
        return try ModelRegistry(path: path)
    }

    private static func report(
        _ pool: ScoringPool, _ site: SiteService?, _ report: inout FleetReport
    ) {
        report.queue = Int64(pool.depth)
        guard let memory = site?.memory else { return }
        report.labels = memory.revision ?? 0
        guard let store = memory.store as? SpooledFeedbackStore,
            let waiting = try? store.spool.status()
        else { return }
        report.spool = Int64(waiting.entries)
        report.spoolAge =
            waiting.oldest.map {
                max(0, Date().timeIntervalSince1970 - Double($0))
            } ?? 0
    }

    /// How it is with all hosts; what is known is empty until the database has answered.
    var status: FleetStatus {
        if let status = member.status { return status }
        var unknown = FleetStatus(time: Date().timeIntervalSince1970)
        unknown.databaseIsUp = false
        return unknown
    }

    // MARK: Requests

    /// How long a request waits for all hosts.
    private static let patience = 60.0
    private static let pause: UInt32 = 100_000

    /// Proposes a version to all hosts and waits until this one has changed to it.
    ///
    /// - Throws: `FleetError`, `RegistryError` when they have not within a minute, or do not.
    func activate(_ id: String, reason: String) throws {
        try wait(try member.propose(id, reason: reason), id)
    }

    /// Proposes the model before to all hosts and waits until this one has changed to it.
    ///
    /// - Returns: its id.
    /// - Throws: as ``activate(_:reason:)``.
    func rollback(reason: String) throws -> String {
        let (revision, id) = try member.proposeRollback(reason: reason)
        try wait(revision, id)
        return id
    }

    private func wait(_ revision: Int64, _ id: String) throws {
        func failure(_ kind: RegistryError.Kind, _ reason: String) -> RegistryError {
            RegistryError(kind, registry: "of all hosts", version: id, reason: reason)
        }
        let end = ContinuousClock.now + .seconds(FleetService.patience)
        while ContinuousClock.now < end {
            let activation = try member.store.activation(revision)
            if member.isAt(activation) { return }
            if let active = member.status?.active, active.revision > revision, member.isAt(active) {
                return
            }
            if activation.state == .withdrawn {
                throw failure(.unfit, "was withdrawn: \(activation.outcome)")
            }
            let own = member.status?.hosts.first { $0.report.host == host }
            if activation.state == .active, own?.state == .refused {
                throw failure(
                    .unfit,
                    "is active on other hosts, and this one refuses it: "
                        + (own?.report.reason ?? ""))
            }
            usleep(FleetService.pause)
        }
        throw failure(
            .busy,
            "is proposed as \(revision), and not all hosts have answered yet; siftd status --fleet "
                + "shows who has")
    }
}

/// What a retrained model is reported to, once there is a fleet.
final class FleetLink: Sendable {
    private let service = Mutex<FleetService?>(nil)

    /// The hosts that share the model; nil for none.
    var fleet: FleetService? { service.withLock { $0 } }

    func connect(_ fleet: FleetService?) { service.withLock { $0 = fleet } }
}

/// The versions of a host that shares its model: all hosts change it together.
struct FleetModels: ModelShelf {
    let own: SiteModels
    let fleet: FleetService

    func models() throws -> [RegisteredModel] { try own.models() }

    func details(_ id: String) throws -> ModelDetails { try own.details(id) }

    func activate(_ id: String, reason: String) throws {
        do { try fleet.activate(id, reason: reason) } catch { throw FleetModels.shown(error) }
    }

    func rollback(reason: String) throws -> String {
        do { return try fleet.rollback(reason: reason) } catch { throw FleetModels.shown(error) }
    }

    /// An error as the HTTP port knows it.
    private static func shown(_ error: any Error) -> any Error {
        guard let error = error as? FleetError else { return error }
        let kind: RegistryError.Kind =
            switch error.kind {
            case .unavailable: .busy
            case .unknown: .unknownVersion
            case .damaged, .untrusted: .damaged
            case .key, .newerVersion, .failed: .failed
            }
        return RegistryError(kind, registry: "of all hosts", reason: error.reason)
    }
}

extension MailLogEvent {
    /// What happens on a host that shares its model.
    init(_ event: FleetMember.Event) {
        self =
            switch event {
            case .proposed(let activation):
                .modelProposed(id: activation.model, activation: activation.revision)
            case .ready(let activation):
                .modelPrepared(id: activation.model, activation: activation.revision)
            case .refused(let activation, let reason):
                .modelRefused(
                    id: activation.model, activation: activation.revision, reason: reason)
            case .followed(let activation):
                .modelFollowed(
                    id: activation.model, activation: activation.revision, host: activation.host)
            case .failed(let error): .fleetLost(error)
            case .recovered: .fleetFound
            case .nameTaken(let host): .fleetNameTaken(host: host)
            }
    }
}

extension FleetMeasures {
    /// Of a status, for the host of this name.
    init(_ status: FleetStatus, host: String) {
        var counts: [String: Int] = [:]
        for state in FleetHost.State.allCases { counts[state.rawValue] = status.count(state) }
        let own = status.hosts.first { $0.report.host == host }
        let isBehind = own.map { $0.state == .behind || $0.state == .refused } ?? false
        let since = status.active?.decided ?? status.time
        self.init(
            hosts: counts, activation: own?.report.revision ?? 0,
            agreed: status.active?.revision, lag: isBehind ? max(0, status.time - since) : 0)
    }
}
