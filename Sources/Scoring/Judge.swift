import Dispatch
import FilterPolicy
import MailText
import Models
import SiteLearning

/// The one way from a message to its judgement: read, score, judge.
///
/// Milter, HTTP, command line and evaluation all take it, so the same text, model and labels give
/// the same bits everywhere.
///
/// A value that any thread may use; its calls block for some milliseconds.
public struct Judge: Sendable {
    /// Scores the messages.
    public let model: ScoringModel
    /// How much of a message is read.
    public let limits: MailLimits
    /// What the site has taught; nil where it can't teach.
    public let site: SiteKnowledge?
    private let pool: ScoringPool

    /// Units of the logit by which a site's labels must speak for spam to count in a language that
    /// the model has not learnt.
    private static let leastSiteShare = 1.0

    /// A judge that scores with one model; ``limits`` bound how much of a message is read.
    public init(
        model: ScoringModel, pool: ScoringPool, limits: MailLimits = MailLimits(),
        site: SiteKnowledge? = nil
    ) {
        self.model = model
        self.pool = pool
        self.limits = limits
        self.site = site
    }

    /// Reads a message as the model sees it, in all views that it needs.
    ///
    /// - Parameters:
    ///   - input: the message.
    ///   - transfer: what is known of its sender beside its header.
    ///   - isBodyCut: whether some of the body was left out before; named among the defects.
    /// - Returns: the content and its tokens.
    public func read(
        _ input: MailInput, _ transfer: TransferFacts = TransferFacts(), isBodyCut: Bool = false
    ) -> Reading {
        var times = ReadingTimes()
        var content = input.read(limits)
        if isBodyCut { content.add(.limitBody) }
        times.content = .now
        // Only spam has an interest in being misread, and only spam is taught.
        guard model.filtersSpam else {
            let tokens = model.tokens(of: &content)
            var reading = Reading(content: content, tokens: tokens)
            times.features = .now
            reading.times = times
            return reading
        }
        let tokens = model.tokens(of: &content)
        var reading: Reading
        if let site {
            let sender = SenderIdentity(content.header, transfer, authservID: site.authservID)
            let features = SiteFeatures(
                tokens: model.standardTokens(of: content, tokens), sender: sender,
                secret: site.secret)
            reading = Reading(content: content, tokens: tokens, sender: sender, features: features)
        } else {
            reading = Reading(content: content, tokens: tokens)
        }
        for content in content.otherViews {
            let tokens = model.tokens(of: content)
            guard tokens.ids != reading.ids else { continue }
            reading.otherViews.append(
                Reading(
                    content: content, tokens: tokens, sender: reading.sender,
                    features: reading.features))
        }
        times.features = .now
        reading.times = times
        return reading
    }

    /// Scores a message and judges it by the policies of its recipients, of which the most lenient
    /// counts.
    ///
    /// Of the views of a message the strictest judgement holds, so that a mistake in what is hidden
    /// from a recipient hides nothing from the filter. That of attached documents, which are often
    /// tables or logs, only counts when it is spam.
    ///
    /// - Parameters:
    ///   - reading: made by ``read(_:_:isBodyCut:)`` of this judge.
    ///   - policies: one at least.
    ///   - deadline: after which the answer is ``ScoringError/timeout``.
    ///   - progress: called now and then while the message waits.
    /// - Returns: score and judgement, or why there are none.
    public func judge(
        _ reading: Reading, by policies: [PolicySettings.Applied], deadline: DispatchTime,
        progress: () -> Void = {}
    ) -> Result<JudgedMessage, ScoringError> {
        let score = pool.scoreAndWait(
            reading.ids, with: model, deadline: deadline, progress: progress)
        return judge(reading, score, policies, deadline, progress)
    }

    /// Scores and judges several messages, whose scores ride together.
    ///
    /// - Parameters:
    ///   - readings: made by ``read(_:_:isBodyCut:)`` of this judge.
    ///   - policies: one at least.
    ///   - deadline: after which the answers are ``ScoringError/timeout``.
    /// - Returns: for each message score and judgement, or why there are none.
    public func judge(
        _ readings: [Reading], by policies: [PolicySettings.Applied], deadline: DispatchTime
    ) -> [Result<JudgedMessage, ScoringError>] {
        let scores = pool.scoreAndWait(all: readings.map(\.ids), with: model, deadline: deadline)
        return zip(readings, scores).map { judge($0, $1, policies, deadline) {} }
    }

    private func judge(
        _ reading: Reading, _ score: Result<Score, ScoringError>,
        _ policies: [PolicySettings.Applied], _ deadline: DispatchTime, _ progress: () -> Void
    ) -> Result<JudgedMessage, ScoringError> {
        var judged = judgement(of: reading, score, policies)
        for view in reading.otherViews {
            guard case .success(let strictest) = judged else { break }
            let score = pool.scoreAndWait(
                view.ids, with: model, deadline: deadline, progress: progress)
            let other = judgement(of: view, score, policies)
            if case .success(let message) = other,
                !strictest.judgement.isMoreLenient(than: message.judgement)
                    || view.content.view == .attached && message.judgement.verdict != .spam
            {
                continue
            }
            judged = other
        }
        return judged.map { message in
            var message = message
            message.asSeen = reading
            return message
        }
    }

    private func judgement(
        of reading: Reading, _ score: Result<Score, ScoringError>,
        _ policies: [PolicySettings.Applied]
    ) -> Result<JudgedMessage, ScoringError> {
        score.map { score in
            let evidence = model.evidence(of: reading.ids)
            let siteScore = site.flatMap { site in reading.features.map(site.layer.score) }
            var message = JudgedMessage(
                model: model, reading: reading, asSeen: reading, score: score,
                evidence: evidence, labels: model.holding(score.logits), site: site,
                siteScore: siteScore)
            let others = model.otherLabels(score.logits)
            let margin = languageMargin(message, policies)
            (message.judgement, message.policy) = Judgement.mostLenient(of: policies) { policy in
                Judgement(
                    probability: message.probability, labels: others,
                    evidence: evidence.tokens, knownProbability: message.knownProbability,
                    languageMargin: margin, thresholds: thresholds(policy), settings: policy)
            }
            return message
        }
    }

    private func thresholds(_ policy: PolicySettings) -> PolicyThresholds {
        PolicyThresholds(
            policy, modelTag: model.tagThreshold, modelReject: model.rejectThreshold)
    }

    /// How far above the thresholds a message that would be spam must lie because of its language.
    ///
    /// Where the site's own labels speak for spam, they know the language.
    private func languageMargin(
        _ message: JudgedMessage, _ policies: [PolicySettings.Applied]
    ) -> Double {
        guard policies.contains(where: { message.probability >= thresholds($0.settings).tag }),
            (message.siteShare?.sum ?? 0) < Judge.leastSiteShare
        else { return 0 }
        return model.languageMargin(message.reading.content, message.reading.tokens)
    }
}
