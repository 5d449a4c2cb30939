/// What a human said about one message, with what the layer needs to learn it again at any time.
public struct SiteLabel: Sendable, Equatable {
    /// The two classes of a spam filter.
    public enum Class: UInt8, Sendable, CaseIterable {
        /// Wanted.
        case ham = 0
        /// Unwanted.
        case spam = 1

        /// The target of learning: −1 or 1.
        var sign: Double { self == .spam ? 1 : -1 }
    }

    /// Ascending in the order of arrival; also the seed of the anchors that are learnt with it.
    public let number: Int64
    /// What the human said.
    public let label: Class
    /// 1 for a human's word; less for a weaker sign, such as a reply; 0 to ``mostWeight``.
    public let weight: Double
    /// The model's calibrated logit when the message was first scored: the tag threshold of 0.90
    /// is 2.2.
    ///
    /// A later model's logit flatters when that model was trained on this message.
    public let logit: Float
    /// Of the message.
    public let features: SiteFeatures

    /// No label counts more.
    public static let mostWeight = 10.0

    /// A label; a weight out of bounds becomes the nearest one within.
    public init(
        number: Int64, label: Class, weight: Double = 1, logit: Float, features: SiteFeatures
    ) {
        self.number = number
        self.label = label
        self.weight = weight >= 0 ? min(weight, SiteLabel.mostWeight) : 0
        self.logit = logit
        self.features = features
    }
}
