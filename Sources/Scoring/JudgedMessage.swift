import FilterPolicy
import Glibc
import MailText
import Models
import SiteLearning
import Telemetry

/// When a message was read.
public struct ReadingTimes: Sendable {
    /// The message was there.
    public var start = ContinuousClock.now
    /// Its parts and texts were read.
    public var content: ContinuousClock.Instant
    /// Its tokens were made, those of other views and of the site layer too.
    public var features: ContinuousClock.Instant

    /// A reading that begins.
    init() {
        content = start
        features = start
    }
}

/// A message as a model reads it in one view.
public struct Reading: Sendable {
    /// Parts, texts, header and defects.
    public let content: MailContent
    /// The model's tokens.
    public let tokens: MessageTokens
    /// Who sent the message; without marks where the site can't teach.
    public let sender: SenderIdentity
    /// What the site layer knows of the message as a recipient sees it; nil where the site can't
    /// teach.
    public let features: SiteFeatures?
    /// When the message was read.
    public internal(set) var times = ReadingTimes()
    /// The message in the other views that give the model other tokens.
    public internal(set) var otherViews: [Reading] = []

    /// Of the model's tokens.
    public var ids: [Int32] { tokens.ids }

    init(
        content: MailContent, tokens: MessageTokens, sender: SenderIdentity = SenderIdentity(),
        features: SiteFeatures? = nil
    ) {
        self.content = content
        self.tokens = tokens
        self.sender = sender
        self.features = features
    }
}

/// A message with its score and judgement.
public struct JudgedMessage: Sendable {
    /// The model that scored it.
    public let model: ScoringModel
    /// The message as the model read it, in the view that decided.
    public let reading: Reading
    /// The message as a recipient sees it.
    public internal(set) var asSeen: Reading
    /// The model's probability and logits, and times.
    public let score: Score
    /// What the score rests on.
    public let evidence: TextEvidence
    /// The labels that hold, spam included.
    public let labels: [String]
    /// What the site had taught.
    public let site: SiteKnowledge?
    /// What the site's labels add; nil where the site can't teach.
    public let siteScore: SiteScore?
    /// Verdict, points and action.
    public internal(set) var judgement = Judgement.none
    /// Whose policy decided, as ``FilterPolicy/Judgement/mostLenient(of:_:)`` names it.
    public internal(set) var policy = ""

    /// The labels that hold beside spam; empty for a model that knows only spam.
    public var otherLabels: [String] { model.otherLabels(score.logits) }

    /// The model's calibrated logit of spam, without the site's labels.
    public var modelLogit: Double { model.spamLogit(score.logits) }

    /// What the site's labels add to the logit, and how many there are; nil without labels.
    public var siteShare: (sum: Double, labels: Int)? {
        siteScore.flatMap { $0.labels > 0 ? ($0.sum, $0.labels) : nil }
    }

    /// The stages up to the score, for traces; each with its begin and end.
    public var stages: [(stage: FilterMetrics.Stage, time: Range<ContinuousClock.Instant>)] {
        let times = asSeen.times
        let began = score.end - score.inferTime
        return [
            (.read, times.start..<times.content), (.features, times.content..<times.features),
            (.queue, began - score.queueTime..<began), (.infer, began..<score.end),
        ]
    }

    /// Of spam, by model and site together, 0 to 1; the model's own bits where the site has no
    /// labels.
    public var probability: Double { taught(score.probability) { modelLogit } }

    /// ``TextEvidence/knownProbability`` with the site's labels.
    var knownProbability: Double? {
        evidence.knownProbability.map { known in taught(known) { log(known) - log1p(-known) } }
    }

    private func taught(_ probability: Double, logit: () -> Double) -> Double {
        guard let siteScore, siteScore.labels > 0 else { return probability }
        return 1 / (1 + exp(-siteScore.applied(to: logit())))
    }

    /// What moved the score.
    ///
    /// - Parameter limit: reasons named at most, of the model and of the site each.
    /// - Returns: the reasons with the largest shares first.
    public func explanation(limit: Int = 20) -> ScoreExplanation {
        var explanation = model.explain(
            reading.tokens, view: reading.content.view, score.logits, limit: limit)
        guard let site, let siteScore, siteScore.labels > 0 else { return explanation }
        let named = NamedSiteFeatures(
            tokens: model.standardTokens(of: asSeen.content, asSeen.tokens), sender: asSeen.sender,
            secret: site.secret)
        let reasons = site.layer.reasons(named, limit: limit).map { reason in
            ScoreExplanation.Reason(text: "[\(reason.words)]", tokens: [], share: reason.sum)
        }
        explanation.site = .init(
            share: siteScore.sum, labels: siteScore.labels, reasons: reasons)
        explanation.logit = siteScore.applied(to: explanation.logit)
        explanation.probability = probability
        return explanation
    }
}
