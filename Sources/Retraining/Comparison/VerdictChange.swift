import ASCIIText
import FilterPolicy
import MailText
import Models
import Scoring

/// A message of which two judges think differently.
public struct VerdictChange: Codable, Sendable, Equatable {
    /// What one of them thinks.
    public struct Opinion: Codable, Sendable, Equatable {
        /// The model's id.
        public var model: String
        /// As in the log.
        public var verdict: String
        /// Of spam, 0 to 1.
        public var probability: Double
        /// Labels of the site that the score rests on.
        public var labels: Int
        /// What moved the score most, with its share of the log-odds.
        public var reasons: [String]

        init(_ message: JudgedMessage, reasons limit: Int) {
            model = message.model.id
            verdict = message.judgement.verdict.rawValue
            probability = message.probability
            labels = message.siteShare?.labels ?? 0
            guard limit > 0 else {
                reasons = []
                return
            }
            let explanation = message.explanation(limit: limit)
            let all =
                explanation.reasons.map { ($0.share, $0.text) }
                + (explanation.site?.reasons ?? []).map { ($0.share, $0.text) }
            reasons = all.sorted { abs($0.0) > abs($1.0) }.prefix(limit).map { share, text in
                "\(share < 0 ? "−" : "+")\(abs(share).fixed(2)) \(text)"
            }
        }
    }

    /// What the message is called: its file, or its queue id.
    public var name: String
    /// What the first thinks.
    public var before: Opinion
    /// What the second thinks.
    public var after: Opinion

    /// Compares two judgements of a message; nil when the verdicts are the same.
    ///
    /// - Parameters:
    ///   - name: of the message.
    ///   - before: by the first judge.
    ///   - after: by the second.
    ///   - reasons: that are given at most for each, which takes as long again.
    public init?(_ name: String, _ before: JudgedMessage, _ after: JudgedMessage, reasons: Int) {
        guard before.judgement.verdict != after.judgement.verdict else { return nil }
        self.name = name
        self.before = Opinion(before, reasons: reasons)
        self.after = Opinion(after, reasons: reasons)
    }

    /// The same in one line, for the log.
    public var line: String { text.replacing("\n    ", with: "; ") }

    /// Human-readable: one line, and one for the reasons of each.
    public var text: String {
        func shown(_ opinion: Opinion) -> String {
            "\(opinion.verdict) \(opinion.probability.fixed(4))"
        }
        func why(_ opinion: Opinion) -> String {
            let labels = opinion.labels > 0 ? ", \(opinion.labels) labels" : ""
            return "    \(opinion.model)\(labels): " + opinion.reasons.joined(separator: ", ")
        }
        return ["\(name): \(shown(before)) → \(shown(after))", why(before), why(after)]
            .joined(separator: "\n")
    }
}
