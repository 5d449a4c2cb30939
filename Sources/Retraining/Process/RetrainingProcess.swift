import Feedback
import Foundation
import Glibc
import Models
import Synchronization

/// A retraining in a child process of the same binary.
///
/// Any thread may use it. Whatever becomes of the child, store and registry stay valid: one that is
/// killed is recorded as abandoned, and the next retraining begins anew.
public final class RetrainingProcess: Sendable {
    /// How a retraining ended.
    public enum Outcome: Sendable, Equatable {
        /// The candidate is in the registry, and active if that was asked for.
        case promoted(RetrainingJob)
        /// The guard refused it, or could not decide.
        case refused(RetrainingJob)
        /// The process ended with an error, which the record and the log have.
        case failed(RetrainingJob)
        /// The process was killed, by ``RetrainingProcess/cancel()`` or by somebody else.
        case killed(RetrainingJob, signal: Int32)

        /// The retraining's record.
        public var job: RetrainingJob {
            switch self {
            case .promoted(let job), .refused(let job), .failed(let job), .killed(let job, _): job
            }
        }
    }

    /// The store's id of the retraining.
    public let job: Int64
    /// The child.
    public let processID: Int32
    private let newLabels: Int?
    private let store: any FeedbackStore
    private let isOver = Mutex(false)

    private init(job: Int64, processID: Int32, newLabels: Int?, store: any FeedbackStore) {
        self.job = job
        self.processID = processID
        self.newLabels = newLabels
        self.store = store
    }

    /// Starts a retraining unless one runs.
    ///
    /// - Parameters:
    ///   - task: what to train from; its job is set here.
    ///   - store: the labels of `task.site`.
    ///   - reason: why, for people.
    ///   - executable: siftd.
    /// - Returns: the running child.
    /// - Throws: ``RetrainingError`` of the kinds `busy` and `notStarted`, `FeedbackError`.
    public static func start(
        _ task: RetrainingTask, store: any FeedbackStore, reason: String,
        executable: String = "/proc/self/exe"
    ) throws -> RetrainingProcess {
        let now = try store.time()
        switch try store.startRetraining(
            reason: reason, owner: .current, time: now, lease: RetrainingLease.seconds)
        {
        case .busy(let job):
            throw RetrainingError(
                .busy, "retraining \(job.id) runs already, in process \(job.owner.processID)")
        case .started(let job):
            var task = task
            task.job = job.id
            do {
                let child = try ChildProcess.start(
                    executable, ["retrain", "--run"],
                    input: JSONEncoder.siftd(pretty: false).encode(task))
                return RetrainingProcess(
                    job: job.id, processID: child, newLabels: task.newLabels, store: store)
            } catch {
                try? store.finishRetraining(job.id, failure("\(error)", task.newLabels))
                throw error
            }
        }
    }

    /// An end that says with how many labels it was tried, so that no host tries the same again.
    private static func failure(_ reason: String, _ newLabels: Int?) -> RetrainingEnd {
        var figures = RetrainingFigures()
        figures.newLabels = newLabels
        figures.failure = reason
        return RetrainingEnd(
            state: .failed, candidate: "", figures: figures.json, time: RetrainingWorker.now)
    }

    /// Ends the child; ``wait()`` then returns soon.
    public func cancel() {
        isOver.withLock { isOver in if !isOver { kill(processID, SIGTERM) } }
    }

    /// Waits for the child's end; call it once, on a thread that may block for minutes.
    ///
    /// - Returns: how it ended.
    /// - Throws: `FeedbackError` when the store can't be read.
    public func wait() throws -> Outcome {
        var status: Int32 = 0
        // Waited for without being reaped first, so that `cancel` can't meet another process.
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {
        }
        isOver.withLock { isOver in
            isOver = true
            while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        }
        let signal = status & 0x7F
        var record = try record()
        if record.state == .running {
            let reason =
                signal != 0
                ? "the process was ended by signal \(signal)"
                : "the process ended with code \(status >> 8 & 0xFF); see its messages in the log"
            var end = RetrainingProcess.failure(reason, newLabels)
            if signal != 0 { end.state = .abandoned }
            try? store.finishRetraining(job, end)
            record = try self.record()
        }
        if signal != 0 { return .killed(record, signal: signal) }
        switch record.state {
        case .promoted: return .promoted(record)
        case .refused: return .refused(record)
        case .running, .failed, .abandoned: return .failed(record)
        }
    }

    /// How far the child is; nil when it has ended.
    public func progress() -> RetrainingProgress? {
        guard let record = try? record(), record.state == .running else { return nil }
        return try? JSONDecoder().decode(
            RetrainingProgress.self, from: Data(record.figures.utf8))
    }

    private func record() throws(FeedbackError) -> RetrainingJob {
        guard let record = try store.retrainings(limit: 10).first(where: { $0.id == job }) else {
            throw FeedbackError(
                .failed, store: "labels", reason: "retraining \(job) is not recorded any more")
        }
        return record
    }
}

extension RetrainingJob {
    /// What the retraining left; nil while it runs.
    public var result: RetrainingFigures? {
        state == .running
            ? nil : try? JSONDecoder().decode(RetrainingFigures.self, from: Data(figures.utf8))
    }

    /// How the retraining ended and why, in one line.
    public var outcome: String {
        switch state {
        case .running: return "retraining \(id) runs"
        case .promoted, .refused:
            let model = candidate.isEmpty ? "" : ", model \(candidate)"
            let next =
                result?.isShadow == true ? "; it scores beside the current model first" : ""
            return "retraining \(id)\(model): \(result?.report?.line ?? state.rawValue)\(next)"
        case .failed, .abandoned:
            return "retraining \(id) \(state.rawValue): \(result?.failure ?? reason)"
        }
    }
}
