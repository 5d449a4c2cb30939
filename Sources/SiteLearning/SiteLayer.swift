/// The weights of a site as of one label: a linear layer whose sum is added to the model's logit.
///
/// It never changes, so any thread may score with it while a ``SiteLearner`` goes on.
public final class SiteLayer: Sendable {
    /// The number of buckets, as a power of two.
    public static let bits = 18

    /// Labels that the weights were learnt from.
    public let labels: Int
    /// The number of the last of them; nil without labels.
    public let lastNumber: Int64?
    /// Between these the sum is clipped.
    public let bounds: ClosedRange<Double>
    let weights: SiteWeights
    let senders: SenderCounts

    init(
        weights: SiteWeights, senders: SenderCounts, labels: Int, lastNumber: Int64?,
        bounds: ClosedRange<Double>
    ) {
        self.weights = weights
        self.senders = senders
        self.labels = labels
        self.lastNumber = lastNumber
        self.bounds = bounds
    }

    /// Scores a message.
    ///
    /// - Parameter features: of the message, by the site's secret.
    /// - Returns: 0 without labels.
    public func score(_ features: SiteFeatures) -> SiteScore {
        guard labels > 0 else {
            return SiteScore(sum: 0, senderSum: 0, isClipped: false, labels: 0)
        }
        let sums = weights.sums(features)
        let sum = min(max(sums.total, bounds.lowerBound), bounds.upperBound)
        return SiteScore(
            sum: sum, senderSum: sums.sender, isClipped: sum != sums.total, labels: labels)
    }
}

/// What the site layer says about one message.
public struct SiteScore: Sendable, Equatable {
    /// What is added to the model's logit: below 0 for wanted mail.
    public let sum: Double
    /// How much of the sum, before it was clipped, comes from the marks of the sender.
    public let senderSum: Double
    /// Whether the sum would be beyond the bounds.
    public let isClipped: Bool
    /// Labels that the layer was learnt from.
    public let labels: Int

    /// The logit of model and layer together, of which the probability is the logistic function.
    ///
    /// - Parameter logit: of the model, calibrated.
    /// - Returns: the same bits for a layer without labels.
    public func applied(to logit: Double) -> Double { labels == 0 ? logit : logit + sum }
}
