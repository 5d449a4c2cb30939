import Synchronization

/// Counts what each client takes, by a bucket that fills with time.
///
/// Any thread may use it. It remembers a bounded number of clients; further ones share a bucket.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var time: ContinuousClock.Instant
    }

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Clients that have a bucket of their own.
    private static let mostClients = 4_096

    /// A limiter.
    ///
    /// - Parameters:
    ///   - perSecond: what a client may take in the long run.
    ///   - burst: what it may take at once.
    ///   - now: the clock.
    init(
        perSecond: Double, burst: Double,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.perSecond = perSecond
        self.burst = burst
        self.now = now
    }

    /// Takes from a client's bucket.
    ///
    /// - Parameters:
    ///   - client: its address.
    ///   - amount: what it takes; 0 only looks.
    /// - Returns: nil when there was enough, else after how many seconds there is.
    func wait(_ client: String, taking amount: Double = 1) -> Int? {
        let time = now()
        return buckets.withLock { buckets in
            var name = client
            if buckets[name] == nil, buckets.count >= RateLimiter.mostClients {
                buckets = buckets.filter { refilled($0.value, time) < burst }
                if buckets.count >= RateLimiter.mostClients { name = "" }
            }
            var bucket = buckets[name] ?? Bucket(tokens: burst, time: time)
            bucket.tokens = refilled(bucket, time)
            bucket.time = time
            defer { buckets[name] = bucket }
            guard bucket.tokens >= max(amount, 1) else {
                return Int(((max(amount, 1) - bucket.tokens) / perSecond).rounded(.up))
            }
            bucket.tokens -= amount
            return nil
        }
    }

    private func refilled(_ bucket: Bucket, _ time: ContinuousClock.Instant) -> Double {
        min(burst, bucket.tokens + (time - bucket.time) / .seconds(1) * perSecond)
    }
}
