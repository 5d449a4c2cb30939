import MailText
import TextCNN
import TextFeatures

/// Why a message has its probability: the stretches of it that moved the logit, as they are written
/// in the mail.
///
/// `base`, all `share`s and `others` add up to `logit`, and the probability is
/// `1 / (1 + exp(-logit))`, but for labels that exclude each other, where it is the logit's part among
/// all. For a network with a hidden layer that holds at this message as it is:
/// without one of the stretches, the others may count differently.
public struct ScoreExplanation: Codable, Sendable {
    /// One stretch of words, or fact.
    public struct Reason: Codable, Sendable {
        /// As written; facts in words.
        public var text: String
        /// What the network read there.
        public var tokens: [String]
        /// Above 0 for spam, below 0 for ham.
        public var share: Double
    }

    /// What is explained: spam, or the most probable label of a model without it.
    public var label: String
    public var probability: Double
    public var logit: Double
    /// What is left when no stretch adds anything.
    public var base: Double
    /// The largest shares first, whatever their sign.
    public var reasons: [Reason]
    /// The sum of all smaller shares.
    public var others: Double
}

extension ScoringModel {
    /// Explains the probability of spam, or of the most probable label of a model without that.
    ///
    /// - Parameter limit: reasons named at most.
    public func explain(_ content: MailContent, limit: Int = 20) -> ScoreExplanation {
        let document = Document(content)
        let stream = pipeline.tokens(of: document, traced: true)
        let ids = pipeline.ids(of: stream, in: vocabulary)
        let logits = score(ids).logits
        let label = spamLabel ?? logits.indices.max { logits[$0] < logits[$1] } ?? 0
        let shares = self.shares(ids, label: label)
        let written = WrittenText(document, stream, pipeline.origins(of: stream, in: vocabulary))
        let stretches = Stretch.merged(shares.windows)
        let scale = bundle.calibration.scale
        let reasons = stretches.prefix(limit).map { stretch in
            ScoreExplanation.Reason(
                text: written.text(of: stretch.words),
                tokens: stretch.words.map { vocabulary.token(ids[$0]) },
                share: scale * stretch.share)
        }
        return ScoreExplanation(
            label: bundle.labels[label], probability: judge.probabilities(logits)[label],
            logit: scale * shares.logit + bundle.calibration.offset,
            base: scale * shares.base + bundle.calibration.offset, reasons: reasons,
            others: scale * stretches.dropFirst(limit).reduce(0) { $0 + $1.share })
    }
}

/// Words that are told as one, with all that their windows add.
struct Stretch {
    var words: Range<Int>
    var share: Double

    /// Windows that lie mostly in a stronger one are told with it: filters of several widths look at
    /// the same words.
    ///
    /// - Returns: the largest shares first.
    static func merged(_ windows: [LogitShares.Window]) -> [Stretch] {
        let sorted = windows.sorted {
            (abs($0.share), -$0.start, -$0.width) > (abs($1.share), -$1.start, -$1.width)
        }
        var stretches: [Stretch] = []
        /// The stretch that each word belongs to, or -1.
        var owners = [Int](repeating: -1, count: windows.map { $0.start + $0.width }.max() ?? 0)
        for window in sorted {
            let words = window.start..<(window.start + window.width)
            // At most one stretch can have more than half of the words.
            let owner = words.map { owners[$0] }.first { owner in
                owner >= 0 && words.count { owners[$0] == owner } * 2 > window.width
            }
            if let owner {
                stretches[owner].share += window.share
                continue
            }
            for word in words where owners[word] < 0 { owners[word] = stretches.count }
            stretches.append(Stretch(words: words, share: window.share))
        }
        return stretches.sorted {
            (abs($0.share), -$0.words.lowerBound) > (abs($1.share), -$1.words.lowerBound)
        }
    }
}
