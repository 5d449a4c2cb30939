import Foundation

/// A probability turned into a verdict, a score in points and an action.
public struct Judgement: Sendable, Equatable {
    /// The class of the message.
    public var verdict: Verdict
    /// What the policy does with the message.
    public var action: Action
    /// Score from 0 to 10.
    ///
    /// The tag threshold is always at 5 points, whatever probability it is, so that rules such as
    /// `X-Spam-Level: *****` mean "spam" with every model.
    public var points: Double
    /// Probability of spam, 0 to 1.
    public var probability: Double
    /// Why the verdict is unsure, or the deny entry that decided; empty otherwise.
    public var reason = ""

    /// The points from which on a message is spam.
    public static let requiredPoints = 5.0
    /// The largest number of points of a message that is not spam, one hundredth below.
    static let largestHarmlessPoints = 4.99
    /// The largest number of points.
    static let largestPoints = 10.0

    /// Of a message that nobody has judged.
    package static let none = Judgement()

    private init() {
        verdict = .skipped
        action = .accept
        points = 0
        probability = 0
    }

    /// Judges a message by its score.
    ///
    /// - Parameters:
    ///   - probability: of spam, 0 to 1.
    ///   - labels: those that apply, of a model with more labels than spam.
    ///   - evidence: number of words and links of the message that were read; below 0 when the
    ///     model has no number for it.
    ///   - knownProbability: the probability by the known words alone; nil when the model knows
    ///     most of the words.
    ///   - languageMargin: how far above all thresholds of spam the message must lie because of its
    ///     language, in units of the logit; infinite for a language that the model has learnt too
    ///     little of.
    ///   - thresholds: those in force.
    ///   - settings: the policy of the recipient.
    public init(
        probability: Double, labels: [String] = [], evidence: Int,
        knownProbability: Double? = nil, languageMargin: Double = 0,
        thresholds: PolicyThresholds, settings: PolicySettings
    ) {
        self.probability = probability
        let sure = Judgement.lowered(probability, by: languageMargin)
        points = Judgement.points(probability, tag: thresholds.tag)
        if evidence < settings.minimumEvidence {
            verdict = .unsure
            // An imported model has no number for some messages without words.
            reason = evidence < 0 ? "no-number" : "little-text"
            points = min(points, Judgement.largestHarmlessPoints)
        } else if let knownProbability,
            min(sure, Judgement.lowered(knownProbability, by: languageMargin)) < thresholds.tag
        {
            // The known words alone don't reach the threshold, and with so many unknown words the
            // model can't call it ham either.
            verdict = .unsure
            reason = "unknown-language"
            points = min(points, Judgement.largestHarmlessPoints)
        } else if sure >= thresholds.tag {
            verdict = .spam
            points = Judgement.points(sure, tag: thresholds.tag)
        } else if probability >= thresholds.tag {
            verdict = .unsure
            reason = "unknown-language"
            points = Judgement.largestHarmlessPoints
        } else if probability >= thresholds.unsure {
            verdict = .unsure
            reason = "between-thresholds"
        } else {
            verdict = .ham
        }
        var rules = settings.rules
        if settings.rejects { rules.append(ActionRule(.reject, .modelThreshold)) }
        var strictest = verdict == .spam ? Action.addHeader : .accept
        for rule in rules
        where rule.applies(
            verdict: verdict, probability: sure, modelThreshold: thresholds.reject,
            labels: labels)
        {
            strictest = max(strictest, rule.action)
        }
        action = strictest
    }

    /// Judges a message that an entry of the deny list matches: spam with probability 1.
    ///
    /// - Parameters:
    ///   - reason: names the entry, such as `denied-client`.
    ///   - settings: the policy of the recipient.
    public init(denied reason: String, settings: PolicySettings) {
        let thresholds = PolicyThresholds(settings, modelTag: nil, modelReject: nil)
        self.init(probability: 1, evidence: .max, thresholds: thresholds, settings: settings)
        self.reason = reason
    }

    /// Whether the action is more lenient, or the action is the same and the points are fewer.
    public func isMoreLenient(than other: Judgement) -> Bool {
        (action, points) < (other.action, other.points)
    }

    /// A probability whose logit is lower by a margin, 0 or more; 0 for an infinite one.
    public static func lowered(_ probability: Double, by margin: Double) -> Double {
        guard margin > 0 else { return probability }
        guard margin < .infinity, probability > 0 else { return 0 }
        return 1 / (1 + (1 - probability) / probability * exp(margin))
    }

    /// Points by two straight lines: probabilities from 0 to the tag threshold give 0 to 5 points,
    /// the others 5 to 10.
    ///
    /// In whole hundredths, rounded down, so that header, log and API show the same number.
    static func points(_ probability: Double, tag: Double) -> Double {
        // Adds a millionth, for a whole hundredth must not be lost to the last bit of a quotient.
        func hundredths(_ value: Double) -> Double { (500 * value + 1e-6).rounded(.down) / 100 }
        if probability < tag { return min(hundredths(probability / tag), largestHarmlessPoints) }
        guard tag < 1 else { return largestPoints }
        return min(requiredPoints + hundredths((probability - tag) / (1 - tag)), largestPoints)
    }
}
