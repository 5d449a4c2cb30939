import Dispatch
import Foundation
import Models
import Synchronization
import Telemetry

/// A bounded queue in front of workers on Dispatch queues, one for each core.
///
/// An idle worker starts at once, on the thread of a caller that would only wait, so no message
/// waits for a batch to fill or a thread to wake. While all workers are busy the queue grows, and
/// the next free worker takes all of it up to the batch limit. A batch never mixes models. Results
/// do not depend on the batch a message rides in, because each message is scored by itself. All
/// methods may be called on any thread.
public final class ScoringPool: Sendable {
    /// The section `[scoring]` of the configuration, as far as it is the pool's.
    public struct Options: Sendable, Equatable {
        /// Threads that score; 0 stands for one for each core.
        public var workers = 0
        /// Messages that a worker takes at once; nil follows the model.
        ///
        /// Batches used to save a thread wake-up a message. Idle workers now run on the caller's
        /// thread, so larger batches only add waiting where tables serve: measured −3 to −7 % at 8
        /// and −10 % at 32 with a hundred connections, no difference with eight
        /// (`Benchmarks/batching`). An imported model that is computed layer by layer reads its
        /// weights once a batch (`Benchmarks/keras`).
        public var batchLimit: Int?
        /// Messages that may wait; one more is refused.
        public var queueLimit = 1_024

        /// The defaults.
        public init() {}
    }

    private final class Job: Sendable {
        let model: ScoringModel
        let ids: [Int32]
        let arrived = ContinuousClock.now
        let deadline: DispatchTime
        let complete: @Sendable (Result<Score, ScoringError>) -> Void

        init(
            _ model: ScoringModel, _ ids: [Int32], deadline: DispatchTime,
            complete: @escaping @Sendable (Result<Score, ScoringError>) -> Void
        ) {
            self.model = model
            self.ids = ids
            self.deadline = deadline
            self.complete = complete
        }
    }

    private struct State {
        var waiting: [Job] = []
        /// Jobs before this index of `waiting` are taken.
        var taken = 0
        var idleWorkers: [Int]
        var isStopped = false
        var depth: Int { waiting.count - taken }

        /// Counts the worker as idle, unless something waits.
        mutating func rest(_ worker: Int) -> Bool {
            guard depth == 0 else { return false }
            waiting.removeAll(keepingCapacity: true)
            taken = 0
            idleWorkers.append(worker)
            return true
        }
    }

    private let options: Options
    private let metrics: FilterMetrics?
    private let workers: [DispatchQueue]
    private let state: Mutex<State>
    private let batches = Atomic(0)

    /// Starts no thread before the first message.
    public init(options: Options = Options(), metrics: FilterMetrics? = nil) {
        self.options = options
        self.metrics = metrics
        let cores = ProcessInfo.processInfo.activeProcessorCount
        // Above the default quality of service Dispatch asks for a nice value below 0, and where
        // that is not permitted it writes to standard error for each thread that it starts.
        workers = (0..<(options.workers > 0 ? options.workers : cores)).map {
            DispatchQueue(label: "siftd.scoring.\($0)", qos: .default)
        }
        state = Mutex(State(idleWorkers: Array(workers.indices)))
    }

    /// Batches that workers have finished since the start; as long as it grows, messages move.
    public var batchesDone: Int { batches.load(ordering: .relaxed) }

    /// Messages that wait for a worker now.
    public var depth: Int { state.withLock { $0.depth } }

    /// True when less than nine tenths of the queue is in use.
    public var hasRoom: Bool { state.withLock { $0.depth * 10 < options.queueLimit * 9 } }

    /// Scores ids and blocks the calling thread until the result is there.
    ///
    /// - Parameters:
    ///   - ids: a message's tokens.
    ///   - model: the one the ids were made with.
    ///   - deadline: after which the answer is ``ScoringError/timeout``.
    ///   - interval: between two calls of `progress` while the message waits.
    ///   - progress: tells the caller's peer to be patient.
    /// - Returns: the score, or why there is none.
    public func scoreAndWait(
        _ ids: [Int32], with model: ScoringModel, deadline: DispatchTime,
        every interval: Duration = .seconds(5), progress: () -> Void = {}
    ) -> Result<Score, ScoringError> {
        let done = DispatchSemaphore(value: 0)
        let box = ResultBox()
        let job = Job(model, ids, deadline: deadline) { result in
            box.set(result)
            done.signal()
        }
        if let worker = submit(job) {
            // This thread has nothing else to do, and waking another one would cost as much as the
            // score: Dispatch runs the worker's queue right here. It scores this message only,
            // whose answer must not wait for those that arrive meanwhile.
            workers[worker].sync { workOnce(worker) }
        }
        while true {
            let next = min(deadline, .after(interval))
            if done.wait(timeout: next) == .success { return box.get() ?? .failure(.stopped) }
            if DispatchTime.now() >= deadline { return .failure(.timeout) }
            progress()
        }
    }

    /// Scores several messages and blocks the calling thread until all results are there.
    ///
    /// They wait together, so that a worker takes as many of them at once as its batch may have.
    ///
    /// - Parameters:
    ///   - messages: the tokens of each.
    ///   - model: the one the ids were made with.
    ///   - deadline: after which the answers are ``ScoringError/timeout``.
    /// - Returns: a score for each message, or why there is none.
    public func scoreAndWait(
        all messages: [[Int32]], with model: ScoringModel, deadline: DispatchTime
    ) -> [Result<Score, ScoringError>] {
        let done = DispatchGroup()
        let boxes = messages.map { ids in
            let box = ResultBox()
            done.enter()
            let job = Job(model, ids, deadline: deadline) { result in
                box.set(result)
                done.leave()
            }
            if let worker = submit(job) { workers[worker].async { [self] in work(worker) } }
            return box
        }
        // Workers answer each job, at the latest when they find its deadline passed.
        done.wait()
        return boxes.map { $0.get() ?? .failure(.stopped) }
    }

    /// Scores ids without blocking a thread.
    public func score(
        _ ids: [Int32], with model: ScoringModel, deadline: DispatchTime
    ) async -> Result<Score, ScoringError> {
        await withCheckedContinuation { continuation in
            let job = Job(model, ids, deadline: deadline) { continuation.resume(returning: $0) }
            if let worker = submit(job) { workers[worker].async { [self] in work(worker) } }
        }
    }

    /// Answers all waiting messages with ``ScoringError/stopped`` and takes no more.
    public func stop() {
        let left = state.withLock { state in
            state.isStopped = true
            let left = Array(state.waiting[state.taken...])
            state.waiting = []
            state.taken = 0
            return left
        }
        for job in left { job.complete(.failure(.stopped)) }
    }

    /// Queues a job, or answers it at once.
    ///
    /// - Returns: the worker that was idle and must be started now, by the caller.
    private func submit(_ job: Job) -> Int? {
        enum Admission { case refused(ScoringError), queued, start(Int) }
        let admission: Admission = state.withLock { state in
            if state.isStopped { return .refused(.stopped) }
            guard state.depth < options.queueLimit else { return .refused(.overloaded) }
            state.waiting.append(job)
            guard let worker = state.idleWorkers.popLast() else { return .queued }
            return .start(worker)
        }
        switch admission {
        case .queued: break
        case .refused(let error):
            metrics?.countQueueRejection()
            job.complete(.failure(error))
        case .start(let worker): return worker
        }
        return nil
    }

    /// Scores batches until nothing waits; runs on the worker's queue.
    private func work(_ worker: Int) {
        while let batch = nextBatch(worker, limit: nil) { score(batch) }
    }

    /// Scores one message; then the worker is idle, or goes on elsewhere.
    ///
    /// Runs on the worker's queue.
    private func workOnce(_ worker: Int) {
        guard let batch = nextBatch(worker, limit: 1) else { return }
        score(batch)
        let isIdle = state.withLock { $0.rest(worker) }
        if !isIdle { workers[worker].async { [self] in work(worker) } }
    }

    private func score(_ batch: [Job]) {
        let start = ContinuousClock.now
        metrics?.recordBatch(batch.count)
        if batch.count > 1, batch[0].model.scoresTogether {
            scoreTogether(batch, start)
            batches.add(1, ordering: .relaxed)
            return
        }
        for job in batch {
            let began = ContinuousClock.now
            guard DispatchTime.now() < job.deadline else {
                metrics?.countQueueRejection()
                job.complete(.failure(.timeout))
                continue
            }
            let (probability, logits) = job.model.score(job.ids)
            guard probability.isFinite else {
                job.complete(.failure(.notANumber))
                continue
            }
            let end = ContinuousClock.now
            job.complete(
                .success(
                    Score(
                        probability: probability, logits: logits,
                        queueTime: start - job.arrived, inferTime: end - began,
                        batch: batch.count, end: end)))
        }
        batches.add(1, ordering: .relaxed)
    }

    /// Scores messages in one pass over the layers of their model.
    private func scoreTogether(_ batch: [Job], _ start: ContinuousClock.Instant) {
        let began = ContinuousClock.now
        var live: [Job] = []
        for job in batch {
            if DispatchTime.now() < job.deadline {
                live.append(job)
            } else {
                metrics?.countQueueRejection()
                job.complete(.failure(.timeout))
            }
        }
        guard let model = live.first?.model else { return }
        let scores = model.score(live.map(\.ids))
        let end = ContinuousClock.now
        let time = end - began
        for (job, score) in zip(live, scores) {
            job.complete(
                score.probability.isFinite
                    ? .success(
                        Score(
                            probability: score.probability, logits: score.logits,
                            queueTime: start - job.arrived, inferTime: time, batch: batch.count,
                            end: end))
                    : .failure(.notANumber))
        }
    }

    /// The next jobs of one model, or nil, and then the worker counts as idle.
    ///
    /// As many as the limit, the configured one, or the model's, whichever is the first there.
    private func nextBatch(_ worker: Int, limit: Int?) -> [Job]? {
        let (batch, depth): ([Job]?, Int) = state.withLock { state in
            if state.rest(worker) { return (nil, 0) }
            let model = state.waiting[state.taken].model
            let limit = limit ?? options.batchLimit ?? model.batchLimit
            let batch = state.waiting[state.taken...].prefix(limit)
                .prefix { $0.model === model }
            state.taken += batch.count
            if state.taken * 2 > state.waiting.count + 1_024 {
                state.waiting.removeFirst(state.taken)
                state.taken = 0
            }
            return (Array(batch), state.depth)
        }
        metrics?.showQueueDepth(depth)
        return batch
    }
}

/// A result handed from a worker to the thread that waits for it.
private final class ResultBox: Sendable {
    private let value = Mutex<Result<Score, ScoringError>?>(nil)
    func set(_ result: Result<Score, ScoringError>) { value.withLock { $0 = result } }
    func get() -> Result<Score, ScoringError>? { value.withLock { $0 } }
}
