/// A probability turned into a verdict, a score in points and an action. Pure.
public struct Judgement: Sendable, Equatable {
    public var verdict: Verdict
    public var action: Action
    /// 0 to 10. The tag threshold is always at 5 points, whatever probability it stands for, so that
    /// rules such as `X-Spam-Level: *****` mean "spam" with every model.
    public var points: Double
    public var probability: Double
    /// Why the verdict is unsure; empty otherwise.
    public var reason = ""

    /// The points from which on a message is spam.
    public static let requiredPoints = 5.0

    /// - Parameters:
    ///   - probability: of spam, 0 to 1.
    ///   - evidence: words and links of the message that were read.
    ///   - knownProbability: the probability that the words the model knows give alone; nil when it
    ///     knows most of them.
    public init(
        probability: Double, evidence: Int, knownProbability: Double? = nil,
        thresholds: PolicyThresholds, settings: PolicySettings
    ) {
        self.probability = probability
        points = Judgement.points(probability, tag: thresholds.tag)
        if evidence < settings.minimumEvidence {
            verdict = .unsure
            reason = "little-text"
            points = min(points, Judgement.requiredPoints - 0.01)
        } else if let knownProbability, min(probability, knownProbability) < thresholds.tag {
            // What the model can read of it does not make it spam, and ham it can't vouch for.
            verdict = .unsure
            reason = "unknown-language"
            points = min(points, Judgement.requiredPoints - 0.01)
        } else if probability >= thresholds.tag {
            verdict = .spam
        } else if probability >= thresholds.unsure {
            verdict = .unsure
            reason = "between-thresholds"
        } else {
            verdict = .ham
        }
        if verdict == .spam {
            action =
                settings.rejects && probability >= thresholds.reject ? .reject : .addHeader
        } else {
            action = .accept
        }
    }

    /// Two straight lines: 0 to the tag threshold is 0 to 5 points, the rest 5 to 10. In whole
    /// hundredths, rounded down, so that header, log and API show the same number.
    static func points(_ probability: Double, tag: Double) -> Double {
        if probability < tag { return min((500 * probability / tag).rounded(.down) / 100, 4.99) }
        return tag >= 1 ? 10 : 5 + (500 * (probability - tag) / (1 - tag)).rounded(.down) / 100
    }
}
