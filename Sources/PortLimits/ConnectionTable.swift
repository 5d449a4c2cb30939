import NIOCore
import Synchronization

/// The open connections of a port, of which the one that has waited longest is closed when room
/// gets scarce.
///
/// Whoever opens all connections and sends half a request on each keeps nobody out: a request that
/// is sent as a whole is answered meanwhile, health checks among them. Any thread may use it.
public final class ConnectionTable: Sendable {
    /// What a connection waits for.
    public enum Phase: Sendable {
        /// For a request's header, or for the rest of it.
        case header
        /// For the rest of a request's body.
        case body
        /// For the daemon, or for the client to read the answer.
        case answer
    }

    private struct Entry {
        let channel: any Channel
        var phase = Phase.header
        var since = ContinuousClock.now
    }

    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])
    private let limit: Int

    /// One in so many connections, and one at least, is kept free for the next client.
    private static let shareOfRoom = 8

    /// An empty table.
    ///
    /// - Parameter connections: that the port accepts at once.
    public init(connections: Int) {
        limit = max(1, connections - max(1, connections / ConnectionTable.shareOfRoom))
    }

    /// Adds a connection; another one is closed if there are too many.
    public func add(_ channel: any Channel) {
        let victim: (any Channel)? = entries.withLock { entries in
            let victim = entries.count < limit ? nil : ConnectionTable.oldest(of: entries)
            if let victim { entries[victim.key] = nil }
            entries[ObjectIdentifier(channel)] = Entry(channel: channel)
            return victim?.channel
        }
        victim?.close(promise: nil)
    }

    /// Notes what a connection waits for from now on.
    public func enter(_ phase: Phase, _ channel: any Channel) {
        entries.withLock { entries in
            entries[ObjectIdentifier(channel)]?.phase = phase
            entries[ObjectIdentifier(channel)]?.since = .now
        }
    }

    /// Forgets a connection that has ended.
    public func remove(_ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)] = nil }
    }

    /// Closes the connections that wait for their client.
    ///
    /// - Returns: whether others are open, which get their answer.
    public func closeWaiting() -> Bool {
        let (waiting, others) = entries.withLock { entries in
            let waiting = entries.values.filter { $0.phase != .answer }.map(\.channel)
            return (waiting, entries.count > waiting.count)
        }
        for channel in waiting { channel.close(promise: nil) }
        return others
    }

    /// Of connections that wait for their client; those without a header first, for they have
    /// cost their client least.
    private static func oldest(
        of entries: [ObjectIdentifier: Entry]
    ) -> (key: ObjectIdentifier, channel: any Channel)? {
        for phase in [Phase.header, .body] {
            let waiting = entries.filter { $0.value.phase == phase }
            if let entry = waiting.min(by: { $0.value.since < $1.value.since }) {
                return (entry.key, entry.value.channel)
            }
        }
        return nil
    }
}
