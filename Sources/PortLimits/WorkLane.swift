import Synchronization

/// Runs work that blocks on threads of its own, off the event loop: a few at once, a few more
/// waiting, the rest refused.
///
/// So requests never take all workers from the milter's messages. Any thread may use it.
public final class WorkLane: Sendable {
    /// Too many wait already.
    public struct Full: Error {}

    private typealias Turn = CheckedContinuation<Bool, Never>

    private struct State {
        var running = 0
        var waiting: [Turn] = []
    }

    private let width: Int
    private let threads: LaneThreads
    private let longestQueue: Int
    private let state = Mutex(State())

    /// A lane.
    ///
    /// - Parameters:
    ///   - width: bodies that run at once.
    ///   - queue: bodies that may wait besides.
    ///   - name: of each thread, for ps(1).
    ///   - isPatient: whether the threads give way to the rest of the process.
    public init(width: Int, queue: Int, name: String, isPatient: Bool) {
        self.width = width
        threads = LaneThreads(width, name: name, isPatient: isPatient)
        longestQueue = queue
    }

    /// Runs a body when its turn comes.
    ///
    /// - Throws: ``Full`` when too many wait, and what the body throws.
    public func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        guard await withCheckedContinuation({ enter($0) }) else { throw Full() }
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
