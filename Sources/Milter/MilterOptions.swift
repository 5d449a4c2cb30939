/// What the admin chooses of the milter; the section `[milter]` of the configuration.
public struct MilterOptions: Sendable, Equatable {
    /// Where the MTA finds the filter; one at least.
    public var sockets: [SocketAddress] = [.unix(path: "/run/siftd/milter.sock")]
    /// Who may use the unix sockets.
    public var access = MilterServer.SocketAccess()
    /// How much one message may bring, and how many there may be at once.
    public var limits = MilterLimits()

    /// The defaults.
    public init() {}
}
