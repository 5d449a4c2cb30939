/// The probability from which on an action is taken, and what held-out mail says of it.
public struct Threshold: Codable, Sendable, Equatable {
    /// A message with this probability of spam or a higher one is above the threshold.
    public var probability: Double
    /// The share of held-out ham that the threshold was chosen for.
    public var targetFalsePositiveRate: Double
    /// Held-out ham above the threshold.
    public var falsePositives: Int
    /// Held-out ham in all.
    public var ham: Int
    /// The lower end of the 95 % confidence interval of the false-positive rate (Wilson 1927).
    public var falsePositiveRateLow: Double
    /// The upper end of that interval.
    public var falsePositiveRateHigh: Double
    /// The share of held-out spam above the threshold.
    public var recall: Double

    enum CodingKeys: String, CodingKey {
        case probability, ham, recall
        case targetFalsePositiveRate = "target_false_positive_rate"
        case falsePositives = "false_positives"
        case falsePositiveRateLow = "false_positive_rate_low"
        case falsePositiveRateHigh = "false_positive_rate_high"
    }

    /// The share of ham that may be tagged as spam.
    public static let tagFalsePositiveRate = 0.005
    /// The lowest threshold for tagging, however well the held-out mail is separated.
    public static let leastTagProbability = 0.9
    /// The share of ham that may be rejected.
    public static let rejectFalsePositiveRate = 0.001
    /// The lowest threshold for rejecting, however well the held-out mail is separated.
    public static let leastRejectProbability = 0.99

    /// Two-sided 95 % of a normal distribution, in standard deviations.
    private static let deviations95 = 1.96

    /// Chooses the threshold on held-out messages.
    ///
    /// - Parameters:
    ///   - falsePositiveRate: the share of ham that may be above the threshold.
    ///   - minimum: the threshold is not below this, whatever the held-out mail says.
    ///   - scored: the probability of spam of each message, and whether it is spam.
    public init(
        falsePositiveRate: Double, minimum: Double,
        scored: [(probability: Double, isSpam: Bool)]
    ) {
        let hamScores = scored.filter { !$0.isSpam }.map(\.probability)
        let cut = Measures.threshold(forFalsePositiveRate: falsePositiveRate, ham: hamScores)
        // The next number above that ham's, so that the ham itself is below.
        let chosen = max(minimum, min(cut.nextUp, 1))
        probability = chosen
        targetFalsePositiveRate = falsePositiveRate
        ham = hamScores.count
        falsePositives = hamScores.count { $0 >= chosen }
        let spamScores = scored.filter(\.isSpam).map(\.probability)
        recall =
            spamScores.isEmpty
            ? 0 : Double(spamScores.count { $0 >= chosen }) / Double(spamScores.count)
        (falsePositiveRateLow, falsePositiveRateHigh) = Threshold.interval(falsePositives, of: ham)
    }

    /// The 95 % confidence interval of a share (Wilson 1927); 0 to 1 when nothing was counted.
    package static func interval(_ hits: Int, of total: Int) -> (low: Double, high: Double) {
        guard total > 0 else { return (0, 1) }
        let z = deviations95
        let n = Double(total)
        let share = Double(hits) / n
        let center = share + z * z / (2 * n)
        let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        // For 0 hits the formula gives 0 but for rounding.
        let low = hits == 0 ? 0 : (center - spread) / scale
        return (max(0, low), min(1, (center + spread) / scale))
    }
}
