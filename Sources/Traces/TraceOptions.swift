/// What the admin chooses of traces; the section `[traces]` of the configuration.
public struct TraceOptions: Sendable, Equatable {
    /// The collector, such as `http://127.0.0.1:4318`; empty for no traces.
    public var endpoint = ""
    /// The share of messages and requests that are traced, 0 to 1.
    ///
    /// A request that says whether its trace is sampled is taken at its word.
    public var sample = 0.01

    /// The defaults: no traces.
    public init() {}
}
