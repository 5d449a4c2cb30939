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
    let sketches: LabelledSketches

    /// What is added for a message that is nearly the same as one that was marked as spam.
    static let copySum = 4.0
    /// How far beyond the upper bound such a message may go.
    static let copyBound = 2.0

    init(
        weights: SiteWeights, senders: SenderCounts, sketches: LabelledSketches, labels: Int,
        lastNumber: Int64?, bounds: ClosedRange<Double>
    ) {
        self.weights = weights
        self.senders = senders
        self.sketches = sketches
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
            return SiteScore(sum: 0, senderSum: 0, copySum: 0, isClipped: false, labels: 0)
        }
        let sums = weights.sums(features)
        let copy = copySum(features, sums)
        let total = sums.total + copy
        let upper = bounds.upperBound + (copy > 0 ? SiteLayer.copyBound : 0)
        let sum = min(max(total, bounds.lowerBound), upper)
        return SiteScore(
            sum: sum, senderSum: sums.sender, copySum: copy, isClipped: sum != total,
            labels: labels)
    }

    /// What is added because somebody has marked nearly the same message as spam, unless one that
    /// is as similar was wanted.
    ///
    /// What is nearly the same as marked spam has most of its words, whose weights the label has
    /// raised; so other messages need not be compared.
    func copySum(_ features: SiteFeatures, _ sums: SiteWeights.Sums) -> Double {
        guard sums.total > 0 else { return 0 }
        let likeness = sketches.likeness(of: features)
        return likeness.spam > likeness.ham ? SiteLayer.copySum : 0
    }
}

/// What the site layer says about one message.
public struct SiteScore: Sendable, Equatable {
    /// What is added to the model's logit: below 0 for wanted mail.
    public let sum: Double
    /// How much of the sum, before it was clipped, comes from the marks of the sender.
    public let senderSum: Double
    /// How much of it comes from a labelled message that is nearly the same.
    public let copySum: Double
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
