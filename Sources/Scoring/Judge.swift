import Dispatch
import FilterPolicy
import MailText
import Models

/// The one way from a message to its judgement: read, score, judge.
///
/// Milter, HTTP, command line and evaluation all take it, so the same text and model give the same
/// bits everywhere.
///
/// A value that any thread may use; its calls block for some milliseconds.
public struct Judge: Sendable {
    /// Scores the messages.
    public let model: ScoringModel
    /// How much of a message is read.
    public let limits: MailLimits
    private let pool: ScoringPool

    /// A judge that scores with one model; ``limits`` bound how much of a message is read.
    public init(model: ScoringModel, pool: ScoringPool, limits: MailLimits = MailLimits()) {
        self.model = model
        self.pool = pool
        self.limits = limits
    }

    /// Reads a message as the model sees it, in all views that it needs.
    ///
    /// - Parameters:
    ///   - input: the message.
    ///   - isBodyCut: whether some of the body was left out before; named among the defects.
    /// - Returns: the content and its ids.
    public func read(_ input: MailInput, isBodyCut: Bool = false) -> Reading {
        var content = input.read(limits)
        if isBodyCut { content.add(.limitBody) }
        let ids = model.ids(of: &content)
        var reading = Reading(content: content, ids: ids)
        // Only spam has an interest in being misread.
        guard model.filtersSpam else { return reading }
        for content in content.otherViews {
            let ids = model.ids(of: content)
            guard ids != reading.ids else { continue }
            reading.otherViews.append(Reading(content: content, ids: ids))
        }
        return reading
    }

    /// Scores a message and judges it by the policies of its recipients, of which the most lenient
    /// counts.
    ///
    /// Of the views of a message the strictest judgement holds, so that a mistake in what is hidden
    /// from a recipient hides nothing from the filter.
    ///
    /// - Parameters:
    ///   - reading: made by ``read(_:isBodyCut:)`` of this judge.
    ///   - policies: one at least.
    ///   - deadline: after which the answer is ``ScoringError/timeout``.
    ///   - progress: called now and then while the message waits.
    /// - Returns: score and judgement, or why there are none.
    public func judge(
        _ reading: Reading, by policies: [PolicySettings.Applied], deadline: DispatchTime,
        progress: () -> Void = {}
    ) -> Result<JudgedMessage, ScoringError> {
        var judged = judgeView(reading, policies, deadline, progress)
        for view in reading.otherViews {
            guard case .success(let strictest) = judged else { break }
            let other = judgeView(view, policies, deadline, progress)
            if case .success(let message) = other,
                !strictest.judgement.isMoreLenient(than: message.judgement)
            {
                continue
            }
            judged = other
        }
        return judged
    }

    private func judgeView(
        _ reading: Reading, _ policies: [PolicySettings.Applied], _ deadline: DispatchTime,
        _ progress: () -> Void
    ) -> Result<JudgedMessage, ScoringError> {
        pool.scoreAndWait(reading.ids, with: model, deadline: deadline, progress: progress)
            .map { score in
                let evidence = model.evidence(of: reading.ids)
                let labels = model.holding(score.logits)
                let others = model.otherLabels(score.logits)
                let (judgement, policy) = Judgement.mostLenient(of: policies) { policy in
                    Judgement(
                        probability: score.probability, labels: others, evidence: evidence.tokens,
                        knownProbability: evidence.knownProbability,
                        thresholds: PolicyThresholds(
                            policy, modelTag: model.tagThreshold,
                            modelReject: model.rejectThreshold),
                        settings: policy)
                }
                return JudgedMessage(
                    model: model, reading: reading, score: score, evidence: evidence,
                    labels: labels, judgement: judgement, policy: policy)
            }
    }
}

/// A message as a model reads it in one view.
public struct Reading: Sendable {
    /// Parts, texts, header and defects.
    public let content: MailContent
    /// Of the model's tokens.
    public let ids: [Int32]
    /// The message in the other views that give the model other tokens.
    public internal(set) var otherViews: [Reading] = []
}

/// A message with its score and judgement.
public struct JudgedMessage: Sendable {
    /// The model that scored it.
    public let model: ScoringModel
    /// The message as the model read it, in the view that decided.
    public let reading: Reading
    /// Probability, logits and times.
    public let score: Score
    /// What the score rests on.
    public let evidence: TextEvidence
    /// The labels that hold, spam included.
    public let labels: [String]
    /// Verdict, points and action.
    public let judgement: Judgement
    /// Whose policy decided, as ``FilterPolicy/Judgement/mostLenient(of:_:)`` names it.
    public let policy: String

    /// The labels that hold beside spam; empty for a model that knows only spam.
    public var otherLabels: [String] { model.otherLabels(score.logits) }

    /// What moved the score.
    ///
    /// - Parameter limit: reasons named at most.
    /// - Returns: the reasons with the largest shares first.
    public func explanation(limit: Int = 20) -> ScoreExplanation {
        model.explain(reading.content, limit: limit)
    }
}
