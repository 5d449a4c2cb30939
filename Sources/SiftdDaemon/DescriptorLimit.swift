import Glibc

/// How many files and connections the process may have open (setrlimit(2)).
enum DescriptorLimit {
    /// More than any mail server needs; tables of this size still cost little.
    private static let most = rlim_t(1 << 20)
    /// The share of the descriptors that HTTP connections may take, so that they never take those
    /// of the MTA.
    private static let shareForHTTP = 8
    /// HTTP connections at once: these are enough for metrics, health checks and a busy client.
    ///
    /// The milter leaves as many descriptors unused (accept.c).
    private static let httpConnections = 4...48

    /// Raises the soft limit, which is often 1,024 for the sake of select(2), to the hard one.
    static func raise() {
        var limit = current
        guard limit.rlim_cur < min(limit.rlim_max, most) else { return }
        limit.rlim_cur = min(limit.rlim_max, most)
        setrlimit(resource, &limit)
    }

    /// HTTP connections that may be open at once.
    static var forHTTP: Int {
        let count = Int(clamping: current.rlim_cur) / shareForHTTP
        return min(max(count, httpConnections.lowerBound), httpConnections.upperBound)
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static var current: rlimit {
        var limit = rlimit()
        getrlimit(resource, &limit)
        return limit
    }
}
