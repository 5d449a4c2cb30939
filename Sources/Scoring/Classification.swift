import FilterPolicy
import MailText
import Models

/// The answer to "what is this message?" as the command line and the HTTP port give it: a view of a
/// ``JudgedMessage``.
public struct Classification: Encodable, Sendable {
    /// What the message is found to be; one text in JSON.
    public enum Finding: Sendable, Equatable {
        /// By a model that knows spam.
        case verdict(Verdict)
        /// By a model of other labels: those that hold, joined by `|` in JSON.
        case labels([String])
    }

    /// The file that the message came from, `-` for standard input; nil when it came in none.
    public var path: String?
    /// The path in an archive, the number in a mailbox, or the id or line of a table's row; nil
    /// when the message is the whole file.
    public var member: String?
    /// The verdict, or the labels that hold.
    public var finding: Finding
    /// What the policy would do with the message if it came by mail.
    public var action: Action
    /// From 0 to 1; 0 for a model without the label spam.
    public var spamProbability: Double
    /// Points as in X-Spam-Score; 5 is the tag threshold.
    public var score: Double
    /// Probability of each label, and of `ham` where spam is the only one.
    public var labels: [String: Double]
    /// The model's id.
    public var model: String
    /// Tokens the network read.
    public var tokens: Int
    /// How the message was looked at when it was judged so.
    public var view: MailView
    /// Names of the message's defects.
    public var defects: [String]
    /// Why the verdict is unsure; nil otherwise.
    public var reason: String?
    /// From the message's bytes to the judgement.
    public var time: Duration
    /// What the site's labels added to the logit; nil without labels.
    public var site: Double?
    /// Labels that the site has learnt.
    public var siteLabels: Int
    /// Given when asked for.
    public var explanation: ScoreExplanation?

    /// The view of a judged message.
    ///
    /// - Parameters:
    ///   - message: judged.
    ///   - path: the file that the message came from.
    ///   - member: what of the file it is.
    ///   - time: from the message's bytes to the judgement.
    ///   - explains: whether to say what moved the score, which takes as long again.
    public init(
        _ message: JudgedMessage, path: String? = nil, member: String? = nil, time: Duration,
        explains: Bool = false
    ) {
        let model = message.model
        let judgement = message.judgement
        labels = model.labels(message.score.logits)
        if labels.count == 1, model.filtersSpam {
            labels = ["spam": message.probability, "ham": 1 - message.probability]
        }
        finding =
            model.filtersSpam ? .verdict(judgement.verdict) : .labels(message.labels)
        self.path = path
        self.member = member
        action = judgement.action
        spamProbability = message.probability
        score = judgement.points
        self.model = model.id
        tokens = model.tokenCount(message.reading.ids)
        view = message.reading.content.view
        defects = message.reading.content.defects.map(\.rawValue)
        reason = judgement.reason.isEmpty || !model.filtersSpam ? nil : judgement.reason
        self.time = time
        site = message.siteShare?.sum
        siteLabels = message.siteShare?.labels ?? 0
        explanation = explains ? message.explanation() : nil
    }

    /// Path and member, human-readable; `-` when the message came in no file.
    public var name: String {
        guard let path else { return "-" }
        return member.map { "\(path): \($0)" } ?? path
    }

    /// Nil for a model of other labels than spam.
    public var verdict: Verdict? {
        if case .verdict(let verdict) = finding { verdict } else { nil }
    }

    /// The finding as one text.
    public var word: String {
        switch finding {
        case .verdict(let verdict): verdict.rawValue
        case .labels(let labels): labels.joined(separator: "|")
        }
    }

    /// Probability of the most probable label.
    public var topProbability: Double { labels.values.max() ?? 0 }

    enum CodingKeys: String, CodingKey {
        case path, member, verdict, action, score, labels, model, tokens, view, defects, reason,
            milliseconds
        case explanation, site
        case siteLabels = "site_labels"
        case spamProbability = "spam_probability"
    }

    /// One JSON object; its keys never change.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(path, forKey: .path)
        try container.encodeIfPresent(member, forKey: .member)
        try container.encode(word, forKey: .verdict)
        try container.encode(action.rawValue, forKey: .action)
        try container.encode(spamProbability, forKey: .spamProbability)
        try container.encode(score, forKey: .score)
        try container.encode(labels, forKey: .labels)
        try container.encode(model, forKey: .model)
        try container.encode(tokens, forKey: .tokens)
        try container.encode(view.rawValue, forKey: .view)
        try container.encode(defects, forKey: .defects)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encode(time / .milliseconds(1), forKey: .milliseconds)
        try container.encodeIfPresent(site, forKey: .site)
        if site != nil { try container.encode(siteLabels, forKey: .siteLabels) }
        try container.encodeIfPresent(explanation, forKey: .explanation)
    }
}
