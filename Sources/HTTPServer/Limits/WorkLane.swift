import HTTPTypes
import Synchronization

/// Runs work that blocks on patient threads, off the event loop: a few at once, a few more waiting,
/// the rest refused.
///
/// So requests never take all workers from the milter's messages, and little time of theirs.
final class WorkLane: Sendable {
    private typealias Turn = CheckedContinuation<Bool, Never>

    private struct State {
        var running = 0
        var waiting: [Turn] = []
    }

    private let width: Int
    private let threads: PatientThreads
    private let longestQueue: Int
    private let state = Mutex(State())

    /// A lane for this many at once; `queue` more may wait.
    init(width: Int, queue: Int) {
        self.width = width
        threads = PatientThreads(width, name: "siftd.http.work")
        longestQueue = queue
    }

    /// Runs a body when its turn comes.
    ///
    /// - Throws: ``Problem`` with 503 when too many wait, and what the body throws.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        guard await withCheckedContinuation({ enter($0) }) else {
            throw Problem(.serviceUnavailable, "too many requests are in progress", retryAfter: 1)
        }
        defer { leave() }
        return try await withCheckedThrowingContinuation { continuation in
            threads.run { continuation.resume(with: Result { try body() }) }
        }
    }

    private func enter(_ turn: Turn) {
        let isAdmitted: Bool? = state.withLock { state in
            if state.running < width {
                state.running += 1
                return true
            }
            guard state.waiting.count < longestQueue else { return false }
            state.waiting.append(turn)
            return nil
        }
        if let isAdmitted { turn.resume(returning: isAdmitted) }
    }

    /// Gives the turn to the one that has waited longest.
    private func leave() {
        let next: Turn? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: true)
    }
}
