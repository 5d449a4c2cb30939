import Dispatch
import Feedback
import Foundation
import Logging
import Retraining
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
    private let promoted: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - memory: the labels.
    ///   - settings: in force.
    ///   - logger: gets start and end of each retraining.
    ///   - promoted: called on a thread of its own when another model has become active.
    init(
        _ memory: SiteMemory, settings: @escaping @Sendable () -> SiftdSettings, logger: Logger,
        promoted: @escaping @Sendable () -> Void
    ) {
        self.memory = memory
        self.settings = settings
        self.logger = logger
        self.promoted = promoted
    }

    /// Looks whether it is time, and starts a retraining then; called now and then.
    func look() {
        let settings = settings()
        let wanted = settings.learn.retrainAfter
        guard wanted > 0, let new = try? memory.store.newLabels() else { return }
        let mayStart = state.withLock { state in
            !state.isStopping && state.process == nil && new >= state.labelsAtLastTry + wanted
        }
        guard mayStart, let task = RetrainingTask(settings) else { return }
        do {
            let process = try RetrainingProcess.start(
                task, store: memory.store, reason: "\(new) new labels")
            state.withLock { $0.process = process }
            logger.record(.retrainingStarted(labels: new))
            let thread = Thread { [self] in wait(for: process, labels: new) }
            thread.name = "siftd.retraining"
            thread.start()
        } catch { logger.record(.learningFailed(error)) }
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
            if case .promoted = outcome { promoted() }
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
