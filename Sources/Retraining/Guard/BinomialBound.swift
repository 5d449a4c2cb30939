import Glibc

/// Exact one-sided bounds of a share (Clopper and Pearson 1934), and the exact paired test (McNemar
/// 1947).
enum BinomialBound {
    /// The largest share for which so few hits still have the given probability.
    static func upper(_ hits: Int, of count: Int, error: Double) -> Double {
        guard count > 0, hits < count else { return 1 }
        return bisected { atMost(hits, of: count, share: $0) > error }
    }

    /// The smallest share for which so many hits still have the given probability.
    static func lower(_ hits: Int, of count: Int, error: Double) -> Double {
        guard count > 0, hits > 0 else { return 0 }
        return bisected { 1 - atMost(hits - 1, of: count, share: $0) < error }
    }

    /// The probability that of so many changed verdicts as many or more are for the worse, when
    /// better and worse are equally likely.
    static func pairedTest(worse: Int, better: Int) -> Double {
        worse == 0 ? 1 : 1 - atMost(worse - 1, of: worse + better, share: 0.5)
    }

    /// The share up to which a condition holds that ends at some share.
    private static func bisected(_ holds: (Double) -> Bool) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if holds(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The probability of at most so many hits.
    private static func atMost(_ hits: Int, of count: Int, share: Double) -> Double {
        guard share > 0 else { return 1 }
        guard share < 1 else { return hits >= count ? 1 : 0 }
        let odds = log(share) - log1p(-share)
        // The logarithm of the probability of each number of hits, from that of one less.
        var term = Double(count) * log1p(-share)
        var sum = exp(term)
        for hit in 0..<hits {
            term += log(Double(count - hit) / Double(hit + 1)) + odds
            sum += exp(term)
        }
        return min(sum, 1)
    }
}
