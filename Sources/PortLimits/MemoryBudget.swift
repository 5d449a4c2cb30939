import Synchronization

/// Bytes of requests that are in memory at once, over all connections of a port.
///
/// Any thread may use it.
public final class MemoryBudget: Sendable {
    private let held = Mutex(0)
    private let limit: Int

    /// A budget of so many bytes.
    public init(_ limit: Int) { self.limit = limit }

    /// Takes bytes; false, and nothing is taken, when there are not as many left.
    public func take(_ bytes: Int) -> Bool {
        held.withLock { held in
            guard bytes <= limit - held else { return false }
            held += bytes
            return true
        }
    }

    /// Gives back bytes that were taken.
    public func giveBack(_ bytes: Int) { held.withLock { $0 -= bytes } }
}
