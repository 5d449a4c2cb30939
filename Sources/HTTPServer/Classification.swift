import Dispatch
import FilterPolicy
import MailText
import Models
import Scoring

/// The answer to "what is this message?", as the command line and the HTTP port give it.
public struct Classification: Codable, Sendable {
    public var path: String?
    public var verdict: String
    public var spamProbability: Double
    /// Points as in X-Spam-Score; 5 is the tag threshold.
    public var score: Double
    public var labels: [String: Double]
    public var model: String
    /// Tokens the network read.
    public var tokens: Int
    public var defects: [String]
    /// Why the verdict is unsure.
    public var reason: String?
    public var milliseconds: Double
    /// Given when asked for.
    public var explanation: ScoreExplanation?

    /// False for a model of other labels, whose verdict names those that hold.
    public var judgesSpam: Bool { labels["spam"] != nil }
    /// Of the most probable label.
    public var topProbability: Double { labels.values.max() ?? 0 }

    enum CodingKeys: String, CodingKey {
        case path, verdict, score, labels, model, tokens, defects, reason, milliseconds, explanation
        case spamProbability = "spam_probability"
    }
}

/// Judges messages outside the MTA, by the same steps as the milter. Any thread may use it.
public struct Classifier: Sendable {
    /// A message, or text that never was one.
    public enum Input: Sendable {
        case message([UInt8])
        case text(String)
    }

    public let pool: ScoringPool
    /// Nil while there is none; then nothing can be judged.
    public let model: ScoringModel?
    public let policy: PolicySettings
    public let limits: MailLimits
    /// Seconds.
    public let deadline: Double

    public init(
        pool: ScoringPool, model: ScoringModel?, policy: PolicySettings, limits: MailLimits,
        deadline: Double
    ) {
        self.pool = pool
        self.model = model
        self.policy = policy
        self.limits = limits
        self.deadline = deadline
    }

    /// Judges one message; blocks the calling thread for a few milliseconds.
    ///
    /// - Parameter explains: whether to say what made the score, too.
    public func classify(
        _ input: Input, path: String? = nil, explains: Bool = false
    ) -> Result<Classification, ScoringError> {
        let start = DispatchTime.now()
        guard let model else { return .failure(.noModel) }
        var content: MailContent
        switch input {
        case .message(let bytes): content = MailContent(message: bytes, limits: limits)
        case .text(let text): content = MailContent(plainText: text, limits: limits)
        }
        let ids = model.ids(of: &content)
        return pool.scoreAndWait(ids, with: model, deadline: start + deadline).map { score in
            let evidence = model.evidence(of: ids)
            var labels = model.labels(score.logits)
            if labels.count == 1, let spam = labels["spam"] { labels["ham"] = 1 - spam }
            let judgement = Judgement(
                probability: score.probability, evidence: evidence.tokens,
                knownProbability: evidence.knownProbability,
                thresholds: PolicyThresholds(
                    policy, modelTag: model.tagThreshold, modelReject: model.rejectThreshold),
                settings: policy)
            return Classification(
                path: path,
                verdict: model.filtersSpam
                    ? judgement.verdict.rawValue
                    : model.holding(score.logits).joined(separator: "|"),
                spamProbability: score.probability, score: judgement.points,
                labels: labels,
                model: model.id, tokens: ids.count, defects: content.defects.map(\.rawValue),
                reason: judgement.reason.isEmpty || !model.filtersSpam ? nil : judgement.reason,
                milliseconds: DispatchTime.now().seconds(since: start) * 1_000,
                explanation: explains ? model.explain(content) : nil)
        }
    }
}
