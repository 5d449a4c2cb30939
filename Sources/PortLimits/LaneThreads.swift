import Dispatch
import Foundation
import Glibc
import ServiceLifecycle
import Synchronization

/// Threads for the work of a port; patient ones get what mail leaves.
///
/// Linux gives patient threads a tenth of a core's time while others of the process want it, and
/// all of it otherwise. Dispatch's qualities of service change no priority on Linux, so these are
/// threads of our own. Any thread may give them work.
public final class LaneThreads: TaskExecutor {
    private enum Work: Sendable {
        case body(@Sendable () -> Void)
        case job(UnownedJob)
        case end
    }

    private final class Queue: Sendable {
        let work = Mutex<[Work]>([])
        let ready = DispatchSemaphore(value: 0)

        func add(_ item: Work) {
            work.withLock { $0.append(item) }
            ready.signal()
        }

        func next() -> Work {
            ready.wait()
            return work.withLock { $0.isEmpty ? .end : $0.removeFirst() }
        }
    }

    private let queue = Queue()
    private let count: Int

    /// The weight of a thread falls by a tenth of itself with each step (sched(7)).
    private static let niceValue: Int32 = 10

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - count: of threads.
    ///   - name: of each thread, for ps(1).
    ///   - isPatient: whether they give way to the rest of the process.
    public init(_ count: Int, name: String, isPatient: Bool) {
        self.count = count
        for _ in 0..<count {
            let queue = queue
            // The executor is known here only as long as somebody uses it.
            let thread = Thread { [weak self] in
                if isPatient { LaneThreads.lowerPriority() }
                while true {
                    switch queue.next() {
                    case .body(let body): body()
                    case .job(let job):
                        // Whoever has enqueued it holds the executor.
                        guard let self else { return }
                        job.runSynchronously(on: self.asUnownedTaskExecutor())
                    case .end: return
                    }
                }
            }
            thread.name = name
            thread.start()
        }
    }

    deinit { for _ in 0..<count { queue.add(.end) } }

    /// Runs a body on one of the threads.
    public func run(_ body: @escaping @Sendable () -> Void) { queue.add(.body(body)) }

    /// Runs a part of a task on one of the threads.
    public func enqueue(_ job: consuming ExecutorJob) { queue.add(.job(UnownedJob(job))) }

    /// Makes the calling thread give way to others; only it, for on Linux each thread has a nice
    /// value of its own.
    public static func lowerPriority() {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceValue)
    }
}

/// A service whose tasks run on threads of a lane.
public struct PatientService<Wrapped: Service>: Service {
    private let service: Wrapped
    private let threads: LaneThreads

    /// A service on these threads.
    public init(service: Wrapped, threads: LaneThreads) {
        self.service = service
        self.threads = threads
    }

    /// Runs the service until it ends.
    public func run() async throws {
        try await withTaskExecutorPreference(threads) { try await service.run() }
    }
}
