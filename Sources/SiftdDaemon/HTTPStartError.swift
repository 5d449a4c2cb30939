/// The HTTP port could not be opened.
public struct HTTPStartError: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public var reason: String
    /// The keys that say where the port is.
    public var keys: String

    /// Reason and keys.
    public var description: String { "http: \(reason) (\(keys))" }
}
