import Feedback
import Foundation
import Glibc
import Models
import Synchronization

/// Keeps the lease of a retraining from a thread of its own, and notices when it is lost.
final class RetrainingLease: Sendable {
    private struct State {
        /// When the lease was last renewed.
        var renewed = ContinuousClock.now
        var progress = RetrainingProgress("starting")
        var failure: (any Error)?
        var isOver = false
    }

    /// Seconds that a lease lasts unless it is renewed: a process that only takes what others leave
    /// may have to wait long on a busy host, and one that is dead is noticed at once.
    static let seconds: Int64 = 900
    /// Seconds between two renewals.
    private static let interval: UInt32 = 5

    private let store: any FeedbackStore
    private let job: Int64
    private let parent = getppid()
    private let state = Mutex(State())

    init(_ store: any FeedbackStore, job: Int64) {
        self.store = store
        self.job = job
    }

    /// Takes the lease over from the process that started the retraining.
    func begin() throws {
        try renew()
        Thread.detachNewThread { [self] in
            while true {
                sleep(RetrainingLease.interval)
                if state.withLock({ $0.isOver }) { return }
                do { try renew() } catch {
                    if mayWait(error) { continue }
                    state.withLock { $0.failure = error }
                    return
                }
            }
        }
    }

    /// Whether a database that is away may come back before others take the lease for lost.
    private func mayWait(_ error: any Error) -> Bool {
        guard (error as? FeedbackError)?.mayPass == true else { return false }
        let since = state.withLock { ContinuousClock.now - $0.renewed }
        return since < .seconds(RetrainingLease.seconds)
    }

    /// Does what needs the store, again and again while a shared one is away and the lease lasts.
    func patiently<Value>(_ body: () throws -> Value) throws -> Value {
        while true {
            do { return try body() } catch {
                guard mayWait(error) else { throw error }
                sleep(1)
            }
        }
    }

    func end() { state.withLock { $0.isOver = true } }

    func show(_ progress: RetrainingProgress) { state.withLock { $0.progress = progress } }

    /// Throws when somebody else has the lease, or nobody waits for the result any more.
    func check() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        guard getppid() == parent else {
            throw RetrainingError(.cancelled, "the process that started it has ended")
        }
    }

    func renew() throws {
        let progress = state.withLock { $0.progress }
        let text = try JSONEncoder.siftd(pretty: false).encode(progress)
        try store.renewRetraining(
            job, owner: .current, progress: String(decoding: text, as: UTF8.self),
            until: try store.time() + RetrainingLease.seconds)
        state.withLock { $0.renewed = .now }
    }
}
