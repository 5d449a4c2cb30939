import Dispatch
import Feedback
import Foundation
import Glibc
import HTTPServer
import Logging
import Retraining
import Scoring
import Settings
import SiteMemory
import Synchronization
import Telemetry

/// Starts a retraining when there are labels enough, and brings a model that passes the guard into
/// force.
///
/// Any thread may use it; the work is done in a child process.
final class RetrainingWatch: Sendable {
    private struct State {
        var process: RetrainingProcess?
        /// New labels when the last retraining ended without a promotion: it is tried again only
        /// when there are as many more as for a first one.
        var labelsAtLastTry = 0
        var isStopping = false
    }

    private let memory: SiteMemory
    private let settings: @Sendable () -> SiftdSettings
    private let logger: Logger
    private let metrics: FilterMetrics?
    private let judge: @Sendable () -> Judge?
    private let promoted: @Sendable () -> Void
    private let waits: @Sendable () -> Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - memory: the labels.
    ///   - settings: in force.
    ///   - judge: asked for one with what is taught at that time; nil without a model.
    ///   - logger: gets start and end of each retraining.
    ///   - metrics: where retrainings are counted; nil for nowhere.
    ///   - promoted: called on a thread of its own when another model has become active.
    ///   - waits: whether nothing may start by itself, as while a candidate scores beside the
    ///     model in force.
    init(
        _ memory: SiteMemory, settings: @escaping @Sendable () -> SiftdSettings,
        judge: @escaping @Sendable () -> Judge?, logger: Logger, metrics: FilterMetrics? = nil,
        promoted: @escaping @Sendable () -> Void, waits: @escaping @Sendable () -> Bool = { false }
    ) {
        self.memory = memory
        self.settings = settings
        self.judge = judge
        self.logger = logger
        self.metrics = metrics
        self.promoted = promoted
        self.waits = waits
        if let last = try? memory.store.retrainings(limit: 10).first(where: { $0.ended != nil }) {
            metrics?.show(last)
        }
    }

    /// Looks whether it is time, and starts a retraining then; called now and then.
    ///
    /// - Parameter now: the time.
    func look(now: Date = Date()) {
        let settings = settings()
        guard settings.fleet.mayTrain, let new = try? memory.store.newLabels(), !waits()
        else { return }
        if settings.store.isShared { noteOthers() }
        let reason = dueReason(settings.learn.schedule, newLabels: new, now)
        guard let reason, let task = RetrainingTask(settings) else { return }
        do { try start(task, reason: reason, labels: new) } catch {
            // Another host has found the same and was first.
            if settings.store.isShared, (error as? RetrainingError)?.kind == .busy { return }
            logger.record(.learningFailed(error))
        }
    }

    /// What another host has tried without success need not be tried here.
    private func noteOthers() {
        guard let jobs = try? memory.store.retrainings(limit: 1), let last = jobs.first,
            last.ended != nil
        else { return }
        // A process that was killed together with its daemon could not record it.
        guard let tried = last.state == .promoted ? 0 : last.result?.newLabels else { return }
        state.withLock { $0.labelsAtLastTry = tried }
    }

    /// Why it is time for a retraining; nil when it is not, or when one runs.
    func dueReason(
        _ schedule: RetrainingSchedule, newLabels: Int, _ now: Date
    ) -> String? {
        let tried: Int? = state.withLock { state in
            state.isStopping || state.process != nil ? nil : state.labelsAtLastTry
        }
        guard newLabels > 0, let tried else { return nil }
        return schedule.reason(
            newLabels: newLabels, tried: tried, last: schedule.needsTime ? lastTime : nil,
            now: now, calendar: .current)
    }

    /// When the last retraining of any kind started, else when the oldest label was given.
    private var lastTime: Date? {
        let started = (try? memory.store.retrainings(limit: 1))?.first?.started
        let time = started ?? (try? memory.store.status())?.oldest
        return time.map { Date(timeIntervalSince1970: Double($0)) }
    }

    @discardableResult
    private func start(
        _ task: RetrainingTask, reason: String, labels: Int
    ) throws -> RetrainingProcess {
        var task = task
        task.newLabels = labels
        let process = try RetrainingProcess.start(
            task, store: memory.store,
            reason: task.host.map { "\(reason), on \($0)" } ?? reason)
        state.withLock { $0.process = process }
        logger.record(.retrainingStarted(labels: labels))
        let thread = Thread { [self] in wait(for: process, labels: labels) }
        thread.name = "siftd.retraining"
        thread.start()
        return process
    }

    private func wait(for process: RetrainingProcess, labels: Int) {
        do {
            let outcome = try process.wait()
            state.withLock { state in
                state.process = nil
                if case .promoted = outcome {
                    state.labelsAtLastTry = 0
                } else {
                    state.labelsAtLastTry = labels
                }
            }
            logger.record(.retrainingEnded(outcome.job.outcome))
            metrics?.countRetraining(outcome.result)
            metrics?.show(outcome.job)
            if case .promoted(let job) = outcome, job.result?.isActive == true { promoted() }
        } catch {
            state.withLock { $0.process = nil }
            logger.record(.learningFailed(error))
        }
    }

    /// Ends a retraining that runs; its labels are used by the next one.
    func stop() {
        let process = state.withLock { state in
            state.isStopping = true
            return state.process
        }
        process?.cancel()
    }
}

extension RetrainingProcess.Outcome {
    fileprivate var result: FilterMetrics.RetrainResult {
        switch self {
        case .promoted: .promoted
        case .refused: .refused
        case .failed, .killed: .failed
        }
    }
}

extension FilterMetrics {
    /// Shows a retraining that has ended.
    fileprivate func show(_ job: RetrainingJob) {
        let report = try? JSONDecoder().decode(GuardReport.self, from: Data(job.figures.utf8))
        showRetraining(
            started: job.started, ended: job.ended ?? job.started,
            accuracyDrop: report?.site.accuracyDrop.change,
            falsePositiveRise: report?.site.falsePositiveRise.change)
    }
}

/// Retrainings that somebody asks for over HTTP.
extension RetrainingWatch: RetrainingDesk {
    var spoolFolder: String {
        let chosen = settings().learn.directory
        return chosen.isEmpty ? Paths.learning : chosen
    }

    func retrain(table: String?, by source: LabelSource) throws -> RetrainingStart {
        defer { if let table { unlink(table) } }
        if let job = state.withLock({ $0.process?.job }), let running = try record(job) {
            return .busy(running)
        }
        let fleet = settings().fleet
        guard fleet.mayTrain else {
            throw refusal(
                "this host, \(fleet.hostName), does not retrain: fleet.trainer is "
                    + "\"\(fleet.trainer)\"")
        }
        guard let task = RetrainingTask(settings()) else {
            throw refusal(
                "there is no base mail, or no directory for the versions of the model; see "
                    + "learn.reservoir and learn.registry")
        }
        guard let judge = judge() else { throw TeachingError.noModel }
        do {
            if let table {
                _ = try TableImport.run(table, into: memory.store, judge: judge, source: source)
                try memory.refresh()
            }
            let new = try memory.store.newLabels()
            let process = try start(
                task, reason: table == nil ? "asked for by \(source)" : "a table of \(source)",
                labels: new)
            guard let job = try record(process.job) else {
                throw refusal("retraining \(process.job) is not recorded")
            }
            return .started(job)
        } catch let error as RetrainingError { throw refusal(error.reason) }
    }

    private func record(_ job: Int64) throws -> RetrainingJob? {
        try memory.store.retrainings(limit: 10).first { $0.id == job }
    }

    private func refusal(_ reason: String) -> FeedbackError {
        FeedbackError(.invalid, store: spoolFolder, reason: reason)
    }
}
