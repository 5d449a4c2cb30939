import MailText
import TextCNN
import TextFeatures

/// Why a message has its probability: the stretches of text that moved the logit, as the message
/// writes them.
///
/// ``base``, all shares, ``others`` and the share of ``site`` add up to ``logit``, and the
/// probability is `1 / (1 + exp(-logit))`, or the softmax of all logits for labels that exclude
/// each other. For a network with a hidden layer the shares are those at this message: without one
/// of the stretches, others may have other shares.
public struct ScoreExplanation: Codable, Sendable {
    /// One stretch of text or fact, and its share.
    public struct Reason: Codable, Sendable {
        /// The text as written in the message, in one line; facts in words, in brackets.
        public var text: String
        /// The tokens that the network read there.
        public var tokens: [String]
        /// The part of the logit: above 0 for the label, below 0 against it.
        public var share: Double

        /// A reason with its share.
        public init(text: String, tokens: [String], share: Double) {
            self.text = text
            self.tokens = tokens
            self.share = share
        }
    }

    /// How the message was looked at.
    public var view: String
    /// The explained label: spam, or the most probable label of a model without it.
    public var label: String
    /// The calibrated probability of the label.
    public var probability: Double
    /// The calibrated logit of the label.
    public var logit: Double
    /// The logit of a message in which no stretch has a share.
    public var base: Double
    /// The largest shares, largest first whatever their sign.
    public var reasons: [Reason]
    /// The sum of all smaller shares.
    public var others: Double
    /// What the site's labels add; nil without labels.
    public var site: SiteShare?

    /// True when the shares are slopes of the logit at this message and not parts of it; else nil.
    ///
    /// So they are for imported models that don't end in a maximum or mean over positions.
    public var isApproximate: Bool?

    /// The strongest piece of a long message; nil when it is one piece.
    public var segment: Segment?

    /// A piece of the text, by its tokens.
    public struct Segment: Codable, Sendable, Equatable {
        /// The number of the first token of the body that counts, from 1.
        public var first: Int
        /// The number of the last one.
        public var last: Int
        /// Tokens of the body that were read.
        public var tokens: Int
    }

    enum CodingKeys: String, CodingKey {
        case view, label, probability, logit, base, reasons, others, site, segment
        case isApproximate = "approximate"
    }

    /// What the site's labels add to a logit.
    public struct SiteShare: Codable, Sendable {
        /// The share of all labels together, within its bounds.
        public var share: Double
        /// Labels that the site has learnt.
        public var labels: Int
        /// The largest parts of the share, before its bounds.
        public var reasons: [Reason]

        /// A share of the site's labels.
        public init(share: Double, labels: Int, reasons: [Reason]) {
            self.share = share
            self.labels = labels
            self.reasons = reasons
        }
    }

    /// The reasons of model and site together, largest first.
    public func strongest(_ limit: Int) -> [Reason] {
        let all = reasons + (site?.reasons ?? [])
        return Array(all.sorted { abs($0.share) > abs($1.share) }.prefix(limit))
    }
}

extension ScoringModel {
    /// Explains the probability of spam, or of the most probable label of a model without it.
    ///
    /// Reads and scores the message first; ``explain(_:view:_:limit:)`` does not.
    ///
    /// - Parameters:
    ///   - content: the message.
    ///   - limit: the largest number of reasons.
    /// - Returns: the probability that ``score(_:)`` gives, and its reasons.
    public func explain(_ content: MailContent, limit: Int = 20) -> ScoreExplanation {
        let tokens = tokens(of: content)
        return explain(tokens, view: content.view, score(tokens.ids).logits, limit: limit)
    }

    /// Explains a message that was scored.
    ///
    /// - Parameters:
    ///   - tokens: the message.
    ///   - view: how it was looked at.
    ///   - logits: its logits, `[labels]`, as ``score(_:)`` gives them.
    ///   - limit: the largest number of reasons.
    /// - Returns: the probability that belongs to the logits, and its reasons.
    public func explain(
        _ tokens: MessageTokens, view: MailView, _ logits: [Float], limit: Int = 20
    ) -> ScoreExplanation {
        let ids = tokens.ids
        let label = spamLabel ?? logits.indices.max { logits[$0] < logits[$1] } ?? 0
        let shares = self.shares(ids, label: label)
        var written = writtenText(of: tokens)
        let stretches = Stretch.merged(
            shares.windows.map {
                Stretch(words: $0.start..<($0.start + $0.width), share: $0.share)
            })
        let scale = bundle.calibration.scale
        let reasons = stretches.prefix(limit).map { stretch in
            ScoreExplanation.Reason(
                text: written.text(of: stretch.words),
                tokens: stretch.words.map { vocabulary.token(ids[$0]) },
                share: scale * stretch.share)
        }
        var explanation = ScoreExplanation(
            view: view.rawValue, label: bundle.labels[label],
            probability: judge.probabilities(logits)[label],
            logit: scale * shares.logit + bundle.calibration.offset,
            base: scale * shares.base + bundle.calibration.offset, reasons: reasons,
            others: scale * stretches.dropFirst(limit).reduce(0) { $0 + $1.share },
            isApproximate: shares.isExact ? nil : true)
        explanation.segment = shares.segment.flatMap { segment(at: $0, of: ids) }
        return explanation
    }

    private func segment(
        at ranges: [Range<Int>], of ids: [Int32]
    ) -> ScoreExplanation.Segment? {
        guard let body = bundle.segments?.parts(of: ids).subject.upperBound,
            let last = ranges.last, let first = ranges.first(where: { $0.lowerBound >= body })
        else { return nil }
        return ScoreExplanation.Segment(
            first: first.lowerBound - body + 1, last: last.upperBound - body,
            tokens: ids.count - body)
    }
}
