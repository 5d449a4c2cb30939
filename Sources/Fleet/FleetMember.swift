import Dispatch
import Foundation
import ModelRegistry
import PostgreSQL
import Synchronization

/// One host of several that score with the same model.
///
/// It reports itself to the database every few seconds, whenever something is notified, and soon
/// after what it reports has changed;
/// prepares and answers what is proposed, proposes what has been activated on this host, and
/// follows what all have agreed on. While the database is away the host scores on with the model
/// that it has; then it catches up.
///
/// `@unchecked Sendable`: what changes is used on `queue` only, or is behind a lock.
public final class FleetMember: @unchecked Sendable {
    /// Hosts, models and activations.
    public let store: FleetStore
    let registry: ModelRegistry
    let trust: ModelTrust
    let host: Host
    private let listener: PostgreSQLListener
    private let queue = DispatchQueue(label: "siftd.fleet", qos: .utility)
    private let isPoked: Poke
    let known = Mutex<FleetStatus?>(nil)
    private let followed = Mutex(MemberMemory())

    /// Nil before the member takes part: Dispatch does not let go of a timer that has not begun.
    private var timer: (any DispatchSourceTimer)?
    var memory = MemberMemory()
    var prepared: (digest: String, model: any Sendable)?
    var refusal: (revision: Int64, since: ContinuousClock.Instant, reason: String)?
    private var digests: [String: String] = [:]
    private var looks = 0
    private var lastLook: ContinuousClock.Instant?
    private var lastReport: FleetReport?
    private let instance = UUID().uuidString
    /// Whether another daemon reports itself under this host's name.
    private var isNameTaken = false
    private var lastFailure: FleetError.Kind?

    /// Seconds between two reports.
    public static let interval = 5.0
    /// Seconds between two reports when labels or what waits have changed.
    private static let shortInterval = 2.0
    /// Seconds between two looks whether a report is due.
    private static let tick = 1.0
    /// After this time a host tries again to follow what it could not.
    private static let retry = Duration.seconds(300)
    /// Reports between two looks for hosts that are no more.
    private static let looksBetweenCleaning = 720
    /// More steps than can follow one another without a change by another host.
    private static let mostSteps = 10

    /// A member that does nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - store: of the database.
    ///   - registry: of this host; a file `fleet` in it remembers what the host has followed.
    ///   - trust: whose models are taken.
    ///   - host: what the daemon does.
    public init(
        _ store: FleetStore, registry: ModelRegistry, trust: ModelTrust, host: Host
    ) {
        self.store = store
        self.registry = registry
        self.trust = trust
        self.host = host
        let poke = Poke()
        isPoked = poke
        listener = PostgreSQLListener(
            store.pool.address, channels: [FleetStore.channel], limits: store.pool.limits
        ) { event in
            if case .disconnected = event { return }
            if case .connected = event { store.pool.retry() }
            poke.fire()
        }
        memory = MemberMemory.read(memoryPath) ?? MemberMemory()
        followed.withLock { $0 = memory }
    }

    private var memoryPath: String { "\(registry.path)/fleet" }
    var downloadPath: String { "\(registry.path)/fleet-download" }

    /// Begins to take part.
    public func start() {
        isPoked.action.withLock { action in
            action = { [weak self] in self?.poke() }
        }
        queue.sync {
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(
                deadline: .now(), repeating: FleetMember.tick, leeway: .milliseconds(200))
            timer.setEventHandler(
                handler: DispatchWorkItem { [weak self] in self?.lookIfDue() })
            timer.resume()
            self.timer = timer
        }
        listener.start()
    }

    /// Looks at once, such as after a version was activated on this host.
    public func poke() {
        guard isPoked.begin() else { return }
        queue.async { [weak self] in
            self?.isPoked.end()
            self?.look()
        }
    }

    /// Stops taking part; the host is no longer listed.
    public func stop() {
        isPoked.action.withLock { $0 = nil }
        listener.stop()
        queue.sync {
            timer?.cancel()
            timer = nil
            prepared = nil
            // A database that is away lists the host as away, which it is.
            _ = try? store.forget(host: host.name)
        }
    }

    /// How it was with all hosts at the last look; nil before the first that the database answered.
    public var status: FleetStatus? { known.withLock { $0 } }

    /// Whether an activation is the one that this host has followed last.
    public func isAt(_ activation: FleetActivation) -> Bool {
        followed.withLock { $0.isAt(activation) }
    }

    // MARK: Requests

    /// Proposes a version of this host's registry to all.
    ///
    /// - Returns: the revision of the proposal.
    /// - Throws: ``FleetError``, `RegistryError`.
    public func propose(_ id: String, reason: String) throws -> Int64 {
        let bundle = try LocalBundle(id, of: registry)
        try store.publish(bundle, trust: trust, host: host.name)
        let revision = try store.propose(
            bundle.manifest.digest, host: host.name, reason: reason)
        poke()
        return revision
    }

    /// Proposes the model that was active on all hosts before.
    ///
    /// - Returns: the revision of the proposal, and the model's id.
    /// - Throws: ``FleetError``.
    public func proposeRollback(reason: String) throws -> (revision: Int64, model: String) {
        let proposal = try store.proposeRollback(host: host.name, reason: reason)
        poke()
        return proposal
    }

    // MARK: Looks

    private func lookIfDue() {
        guard let lastLook, lastFailure == nil else { return look() }
        let seconds = (ContinuousClock.now - lastLook) / .seconds(1)
        if seconds >= FleetMember.interval - FleetMember.tick / 2 { return look() }
        guard seconds >= FleetMember.shortInterval else { return }
        let report = currentReport()
        if report.labels != lastReport?.labels || report.spool != lastReport?.spool { look() }
    }

    private func look() {
        dispatchPrecondition(condition: .onQueue(queue))
        lastLook = ContinuousClock.now
        do {
            try advance()
            looks += 1
            if looks % FleetMember.looksBetweenCleaning == 0 { try store.forgetLostHosts() }
            if lastFailure != nil { host.report(.recovered) }
            lastFailure = nil
        } catch {
            let failure = FleetError(error)
            known.withLock { $0?.databaseIsUp = failure.kind != .unavailable }
            // One line for a failure that lasts.
            if lastFailure != failure.kind { host.report(.failed(failure)) }
            lastFailure = failure.kind
        }
        host.looked(status)
    }

    private func advance() throws {
        for _ in 0..<FleetMember.mostSteps {
            let report = currentReport()
            let (status, former) = try store.report(report, instance: instance)
            noteInstance(former)
            lastReport = report
            known.withLock { $0 = status }
            // The database was replaced by an empty one.
            if status.active == nil, memory.revision > 0 { try remember { $0 = MemberMemory() } }
            let linked = try registry.active()
            if linked == memory.version, memory.proposed != nil {
                try remember { $0.proposed = nil }
            }
            let steps = MemberStep.next(
                status, host: host.name, memory: memory, linked: linked,
                serving: host.serving(), refused: refused)
            // Waiting for others needs no further look.
            var isDone = true
            for step in steps where try perform(step) { isDone = false }
            if isDone { return }
        }
    }

    /// Reports a second daemon of this host's name, once: two would answer for each other.
    private func noteInstance(_ former: String?) {
        // What this process has replaced first was there before it.
        let wasTaken = isNameTaken
        isNameTaken = lastReport != nil && former != nil && former != instance
        if isNameTaken && !wasTaken { host.report(.nameTaken(host: host.name)) }
    }

    /// The activation that is not tried again yet.
    private var refused: Int64? {
        refusal.flatMap {
            ContinuousClock.now - $0.since < FleetMember.retry ? $0.revision : nil
        }
    }

    private func currentReport() -> FleetReport {
        var report = FleetReport(host: host.name, version: host.version)
        report.model = host.serving() ?? ""
        report.digest = digest(report.model) ?? ""
        report.revision = memory.revision
        if let refusal {
            report.refused = refusal.revision
            report.reason = refusal.reason
        }
        host.figures(&report)
        return report
    }

    /// The digest of a version; nil for one that is not in the registry.
    func digest(_ id: String) -> String? {
        if let known = digests[id] {
            if FileManager.default.fileExists(atPath: registry.bundlePath(of: id)) { return known }
            digests[id] = nil
        }
        guard !id.isEmpty, let bundle = try? LocalBundle(id, of: registry) else { return nil }
        digests[id] = bundle.manifest.digest
        return bundle.manifest.digest
    }

    // MARK: Memory

    func remember(_ change: (inout MemberMemory) -> Void) throws {
        var next = memory
        change(&next)
        guard next != memory else { return }
        try next.write(memoryPath)
        memory = next
        followed.withLock { $0 = next }
    }
}

/// Lets many ask for a look while one is waited for.
private final class Poke: Sendable {
    private let isWaiting = Atomic(false)
    /// What a notification starts; nil while the member does not take part.
    let action = Mutex<(@Sendable () -> Void)?>(nil)

    /// Whether nobody else has asked already.
    func begin() -> Bool { !isWaiting.exchange(true, ordering: .acquiringAndReleasing) }

    func end() { isWaiting.store(false, ordering: .releasing) }

    func fire() { action.withLock { $0 }?() }
}
