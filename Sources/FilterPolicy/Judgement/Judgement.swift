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
    ///   - labels: of a model that knows more than spam, those that hold.
    ///   - knownProbability: the probability that the words the model knows give alone; nil when it
    ///     knows most of them.
    public init(
        probability: Double, labels: [String] = [], evidence: Int,
        knownProbability: Double? = nil,
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
        var rules = settings.rules
        if settings.rejects { rules.append(ActionRule(.reject, .modelThreshold)) }
        let verdict = self.verdict
        action = rules.reduce(verdict == .spam ? .addHeader : .accept) { strictest, rule in
            let applies = rule.applies(
                verdict: verdict, probability: probability, modelThreshold: thresholds.reject,
                labels: labels)
            return applies ? max(strictest, rule.action) : strictest
        }
    }

    /// Spam by an entry of the deny list, as sure as can be.
    public init(denied reason: String, settings: PolicySettings) {
        let thresholds = PolicyThresholds(settings, modelTag: nil, modelReject: nil)
        self.init(probability: 1, evidence: .max, thresholds: thresholds, settings: settings)
        self.reason = reason
    }

    /// Where several recipients have different policies, the more lenient judgement holds.
    public func isMoreLenient(than other: Judgement) -> Bool {
        (action, points) < (other.action, other.points)
    }

    /// Two straight lines: 0 to the tag threshold is 0 to 5 points, the rest 5 to 10. In whole
    /// hundredths, rounded down, so that header, log and API show the same number.
    static func points(_ probability: Double, tag: Double) -> Double {
        // A whole hundredth must not be lost to the last bit of a quotient.
        func hundredths(_ value: Double) -> Double { (500 * value + 1e-6).rounded(.down) / 100 }
        if probability < tag { return min(hundredths(probability / tag), 4.99) }
        return tag >= 1 ? 10 : min(5 + hundredths((probability - tag) / (1 - tag)), 10)
    }
}
