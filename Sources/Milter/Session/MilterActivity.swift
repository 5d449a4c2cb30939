import Dispatch
import Synchronization

/// The messages in progress: how many there are, and when they are finished at an orderly stop.
///
/// May be used on any thread.
public final class MilterActivity: Sendable {
    /// The entry of one message, from MAIL to its end.
    struct Admission: Sendable {
        /// Whether the message began after the drain did.
        let isLate: Bool
        /// Whether there were as many messages in progress as allowed already.
        let isOverload: Bool
    }

    private struct State {
        var isDraining = false
        /// All messages in progress.
        var count = 0
    }

    private let limit: Int
    private let state = Mutex(State())
    /// Entered by the messages that are not late.
    ///
    /// Like `all`, entered with the lock on `state` held, so that none enters once the drain has
    /// begun.
    private let early = DispatchGroup()
    /// Entered by all messages.
    private let all = DispatchGroup()

    /// No messages yet.
    ///
    /// - Parameter limit: messages that may be in progress at once.
    public init(limit: Int = .max) { self.limit = limit }

    /// Begins the drain: from now on new messages are late.
    public func drain() { state.withLock { $0.isDraining = true } }

    /// Whether the drain has begun.
    public var isDraining: Bool { state.withLock { $0.isDraining } }

    /// Whether all messages that began before the drain are finished.
    public var isQuiet: Bool { waitUntilQuiet(deadline: .now()) }

    /// Waits until all messages that began before the drain are finished; false when the deadline
    /// passes first.
    func waitUntilQuiet(deadline: DispatchTime) -> Bool {
        early.wait(timeout: deadline) == .success
    }

    /// Waits until no message at all is in progress; false when the deadline passes first.
    @discardableResult
    func waitUntilEmpty(deadline: DispatchTime) -> Bool {
        all.wait(timeout: deadline) == .success
    }

    /// Records the beginning of a message.
    func begin() -> Admission {
        state.withLock { state in
            state.count += 1
            all.enter()
            if !state.isDraining { early.enter() }
            return Admission(isLate: state.isDraining, isOverload: state.count > limit)
        }
    }

    /// Records the end of a message, if there is one; the admission is nil afterwards.
    func end(_ admission: inout Admission?) {
        guard let ended = admission else { return }
        admission = nil
        state.withLock { $0.count -= 1 }
        if !ended.isLate { early.leave() }
        all.leave()
    }
}
