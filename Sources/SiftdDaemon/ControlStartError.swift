/// The socket of `siftd learn` could not be opened.
public struct ControlStartError: Error, CustomStringConvertible {
    /// As configured, or the default one.
    public var path: String
    /// What is wrong, and what to do.
    public var reason: String

    /// Path, key and reason.
    public var description: String { "learn: can't listen on \(path) (learn.socket): \(reason)" }
}
