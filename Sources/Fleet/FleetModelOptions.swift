/// How hosts share their model; keys of the section `[fleet]` of the configuration.
public struct FleetModelOptions: Sendable, Equatable {
    /// Whether this host takes part; otherwise it shares labels only.
    public var isShared = true
    /// Public keys in base64; none takes every model that the database has.
    public var trustedKeys: [String] = []
    /// The file of the private key that signs what this host proposes; empty for none.
    public var signingKey = ""

    /// The defaults.
    public init() {}
}
