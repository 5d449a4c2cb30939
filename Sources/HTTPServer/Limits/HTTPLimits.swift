/// What one client, and all together, may take of the daemon.
public struct HTTPLimits: Sendable, Equatable {
    /// Bytes of a request's body.
    public var bodyBytes = 64 << 20
    /// Bytes of bodies that are in memory at once, over all requests.
    public var memoryBytes = 256 << 20
    /// Bytes of a table that is uploaded for retraining; it is never in memory as a whole.
    public var tableBytes = 4 << 30
    /// Time for a header, for a body, and for an answer to be read.
    public var time = Duration.seconds(30)
    /// Requests of one address in a second; 0 for no limit.
    public var requestsPerSecond = 1_000
    /// Messages scored at once; 0 for half of the cores, one at least.
    public var concurrency = 0
    /// Requests that wait for that.
    public var queue = 64
    /// Connections at once; further ones wait until others end.
    public var connections = 48

    /// Bytes of all header fields; browsers send 2 KiB.
    static let headerBytes = 16 << 10
    /// Header fields of a request.
    static let headerFields = 100

    /// The defaults.
    public init() {}
}
