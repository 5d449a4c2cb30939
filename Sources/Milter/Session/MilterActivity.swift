import Synchronization

/// How much one message may bring.
public struct MilterLimits: Sendable, Equatable {
    /// Bytes of body read; the rest is skipped.
    public var bodyBytes = 1_024 * 1_024
    public var headerFields = 10_000
    public var headerBytes = 1_024 * 1_024
    public var recipients = 10_000
    /// Messages between MAIL and their end; the text of one more is not kept.
    public var messages = 1_000
    public init() {}
}

/// The messages in work, for an orderly stop. May be used on any thread.
public final class MilterActivity: Sendable {
    /// One message between MAIL and its end.
    struct Ticket: Sendable {
        fileprivate var beganWhileDraining: Bool
        /// Beyond the number that may be in work at once.
        var isOverload: Bool
    }

    private struct State {
        var isDraining = false
        /// Messages that began before the drain and are not at their end yet.
        var early = 0
        var all = 0
    }

    private let state = Mutex(State())

    private let limit: Int

    /// - Parameter limit: messages that may be in work at once.
    public init(limit: Int = .max) { self.limit = limit }

    /// From now on new messages are answered with 421 at their end.
    public func drain() { state.withLock { $0.isDraining = true } }

    public var isDraining: Bool { state.withLock { $0.isDraining } }

    /// True when no message that began before the drain is left.
    public var isQuiet: Bool { state.withLock { $0.early == 0 } }

    /// True when no message is left at all.
    var isEmpty: Bool { state.withLock { $0.all == 0 } }

    func begin() -> Ticket {
        state.withLock { state in
            if !state.isDraining { state.early += 1 }
            state.all += 1
            return Ticket(
                beganWhileDraining: state.isDraining, isOverload: state.all > limit)
        }
    }

    func admits(_ ticket: Ticket) -> Bool { !ticket.beganWhileDraining }

    func end(_ ticket: inout Ticket?) {
        guard let ended = ticket else { return }
        ticket = nil
        state.withLock { state in
            state.all -= 1
            if !ended.beganWhileDraining { state.early -= 1 }
        }
    }
}
