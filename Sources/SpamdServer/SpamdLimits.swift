import FilterPolicy

/// What one client, and all together, may take of the daemon through the spamd port.
public struct SpamdLimits: Sendable, Equatable {
    /// Bytes of a message, compressed or not.
    public var bodyBytes = 64 << 20
    /// Bytes of messages that are in memory at once, over all connections.
    public var memoryBytes = 256 << 20
    /// Time for a request to arrive, and for its answer to be read.
    public var time = Duration.seconds(30)
    /// Messages that are judged at once; 0 for one a core.
    public var concurrency = 0
    /// Messages that wait for that.
    public var queue = 64
    /// Connections at once; further ones wait until others end.
    public var connections = 48
    /// Networks whose clients are answered, besides those of unix sockets.
    public var clients = SpamdLimits.loopback
    /// Whether TELL may teach.
    public var allowsTell = false

    /// This machine.
    public static let loopback = ["127.0.0.0/8", "::1"].compactMap(NetworkRange.init)

    /// The defaults.
    public init() {}
}
