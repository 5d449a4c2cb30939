import Foundation
import Glibc
import Logging
import MailText
import ModelRegistry
import Models
import Retraining
import Scoring
import Settings
import SiteMemory
import SpamFilter
import Synchronization
import Telemetry

/// Lets a version that the registry names as shadow score a share of the mail beside the model in
/// force, and puts it in force when its time is over and it disagreed seldom enough.
///
/// What it was compared on is kept in the registry, so that a restart goes on where it was. Any
/// thread may use it; ``look(now:)`` and ``finish()`` one after the other.
final class ShadowWatch: Sendable {
    private struct Running {
        let scoring: ShadowScoring
        /// The labels with the candidate's anchors.
        let memory: SiteMemory
        /// Messages at the last time that the report was recorded.
        var recorded: Int
    }

    private let memory: SiteMemory
    private let live: LiveConfiguration
    private let logger: Logger
    private let promoted: @Sendable () -> Void
    private let state = Mutex<Running?>(nil)

    /// - Parameters:
    ///   - memory: the labels.
    ///   - live: the configuration in force.
    ///   - logger: gets beginning, disagreements and end.
    ///   - promoted: called when the candidate has become active.
    init(
        _ memory: SiteMemory, _ live: LiveConfiguration, logger: Logger,
        promoted: @escaping @Sendable () -> Void
    ) {
        self.memory = memory
        self.live = live
        self.logger = logger
        self.promoted = promoted
    }

    /// Whether a candidate scores now.
    var isRunning: Bool { state.withLock { $0 != nil } }

    /// Compares the candidate on a message, if there is one and it is the message's turn.
    ///
    /// Returns at once.
    func consider(
        _ name: String, _ input: MailInput, _ transfer: TransferFacts, recipients: [String],
        active: JudgedMessage
    ) {
        let scoring = state.withLock { $0?.scoring }
        guard let scoring, active.model.id == scoring.report.active else { return }
        scoring.consider(name, input, transfer, recipients: recipients, active: active)
    }

    /// Looks at the registry: begins, goes on, decides or ends; called now and then.
    ///
    /// - Parameter now: in seconds since 1970.
    func look(now: Int64 = Int64(Date().timeIntervalSince1970)) {
        let path = SiteAccess.registry(live.settings)
        guard access("\(path)/shadow", F_OK) == 0 else { return stop() }
        do {
            let registry = try ModelRegistry(path: path)
            guard let shadow = registry.shadow(), shadow.state == .running else {
                return stop()
            }
            guard try registry.active() != shadow.version else {
                return try end(registry, shadow, .activated, now, "an admin has activated it")
            }
            guard let active = live.snapshot.model else { return }
            let running = state.withLock { $0 }
            let report = running?.scoring.report
            if let running, let report, report.candidate == shadow.version,
                report.active == active.id
            {
                try running.memory.refresh()
                try decide(registry, shadow, report, now)
            } else {
                try begin(registry, shadow, active, now)
            }
        } catch { logger.record(.learningFailed(error)) }
    }

    /// Records what was compared; called once, when no message is in progress any more.
    func finish() {
        guard let running = state.withLock({ $0 }) else { return }
        _ = running.scoring.finish()
        do { try record(try ModelRegistry(path: SiteAccess.registry(live.settings))) } catch {
            logger.record(.learningFailed(error))
        }
    }

    /// The candidate that scores now, or the last one that did.
    var status: ShadowStatus? {
        let report = state.withLock { $0?.scoring }.map(\.report)
        return ShadowStatus(registry: SiteAccess.registry(live.settings), live: report)
    }

    // MARK: Parts

    private func begin(
        _ registry: ModelRegistry, _ shadow: ModelShadow, _ active: ScoringModel, _ now: Int64
    ) throws {
        stop()
        let settings = live.settings
        let model: ScoringModel
        let anchored: SiteMemory
        do {
            model = try ScoringModel(
                directory: registry.bundlePath(of: shadow.version),
                tableLimit: settings.model.tableLimit)
            anchored = SiteMemory(
                store: memory.store, secret: memory.secret, options: settings.learn.layer,
                anchors: try SiteService.anchors(settings, model, memory.secret))
            try anchored.refresh()
        } catch {
            return try end(registry, shadow, .discarded, now, "it can't be used: \(error)")
        }
        var report = shadow.scoringReport
        // Another model in force is another comparison, whose time begins now.
        if report?.active != active.id {
            report = .init(
                candidate: shadow.version, active: active.id,
                since: report == nil ? shadow.since : now)
        }
        guard let report else { return }
        // A pool of its own, so that no message waits for the candidate.
        var options = ScoringPool.Options()
        options.workers = 1
        let pool = ScoringPool(options: options)
        let (live, logger) = (live, logger)
        let scoring = ShadowScoring(
            resuming: report, share: settings.learn.shadowShare,
            policy: { live.snapshot.policy },
            judge: {
                let snapshot = live.snapshot
                return Judge(
                    model: model, pool: pool, limits: snapshot.mailLimits,
                    site: anchored.knowledge(authservID: snapshot.lists.authservID))
            },
            changed: { change in
                logger.record(.shadowDisagreed(queueID: change.name, change: change.line))
            })
        state.withLock {
            $0 = Running(scoring: scoring, memory: anchored, recorded: report.messages)
        }
        logger.record(.shadowStarted(model: shadow.version, hours: shadow.hours))
    }

    private func decide(
        _ registry: ModelRegistry, _ shadow: ModelShadow, _ report: ShadowScoring.Report,
        _ now: Int64
    ) throws {
        let options = live.settings.learn
        var limits = ShadowLimits(hours: shadow.hours)
        limits.maxChanges = options.shadowMaxChanges
        limits.maxNewSpam = options.shadowMaxNewSpam
        switch limits.decision(report, now: now) {
        case .goesOn: try record(registry)
        case .promote(let figures):
            try record(registry)
            try registry.activate(
                shadow.version, time: now,
                reason: "\(shadow.hours.formatted()) hours in the shadow: \(figures)")
            try end(registry, shadow, .promoted, now, "in force: \(figures)")
            promoted()
        case .discard(let reason):
            try record(registry)
            try end(registry, shadow, .discarded, now, "not put in force: \(reason)")
        }
    }

    private func end(
        _ registry: ModelRegistry, _ shadow: ModelShadow, _ outcome: ModelShadow.State,
        _ now: Int64, _ reason: String
    ) throws {
        stop()
        guard try registry.endShadow(shadow.version, outcome, time: now, reason: reason) else {
            return
        }
        logger.record(.shadowEnded(model: shadow.version, outcome: reason))
    }

    private func stop() { state.withLock { $0 = nil } }

    /// Records the report if it has grown since the last time.
    private func record(_ registry: ModelRegistry) throws {
        guard let running = state.withLock({ $0 }) else { return }
        let report = running.scoring.report
        guard report.messages > running.recorded else { return }
        try registry.recordShadow(try JSONValue(report), of: report.candidate)
        state.withLock { state in
            if state?.scoring === running.scoring { state?.recorded = report.messages }
        }
    }
}

extension ModelShadow {
    /// What the candidate was compared on; nil before the first message.
    var scoringReport: ShadowScoring.Report? {
        guard let report, let bytes = try? JSONEncoder.siftd(pretty: false).encode(report) else {
            return nil
        }
        return try? JSONDecoder().decode(ShadowScoring.Report.self, from: bytes)
    }
}

extension JSONValue {
    /// The value's own JSON.
    fileprivate init(_ value: some Encodable) throws {
        self = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder.siftd(pretty: false).encode(value))
    }
}

extension ShadowStatus {
    /// Changed verdicts that a status lists.
    private static let mostChanges = 20

    /// What a registry says; nil where no version has ever scored beside the active one.
    ///
    /// - Parameters:
    ///   - registry: its directory.
    ///   - live: what the running candidate was compared on, if it is this one; nil takes what was
    ///     recorded last.
    init?(registry: String, live: ShadowScoring.Report? = nil) {
        guard access("\(registry)/shadow", F_OK) == 0,
            let shadow = (try? ModelRegistry(path: registry))?.shadow()
        else { return nil }
        let report = live?.candidate == shadow.version ? live : shadow.scoringReport
        self.init(
            model: shadow.version, state: shadow.state.rawValue, since: shadow.since,
            hours: shadow.hours, reason: shadow.reason, messages: report?.messages ?? 0,
            changed: report?.changeCount ?? 0, newSpam: report?.newSpamCount ?? 0,
            changes: report?.changes.suffix(ShadowStatus.mostChanges).map(\.text) ?? [])
    }
}
