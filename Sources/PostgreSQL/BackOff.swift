/// How long to wait before the next attempt: twice as long each time, up to a limit.
struct BackOff: Sendable {
    private static let shortest = 0.1
    /// Hosts agree again within seconds once the server is back; asking costs it next to nothing.
    private static let longest = 2.0
    private var next = BackOff.shortest

    init() {}

    /// The wait before the next attempt, in seconds.
    ///
    /// A random part keeps many hosts from asking a server that comes back all at once.
    mutating func wait() -> Double {
        defer { next = min(2 * next, BackOff.longest) }
        return next * Double.random(in: 0.75...1.25)
    }
}
