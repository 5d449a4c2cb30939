import ASCIIText
import Corpora
import TextCNN

/// The measures of a spam model on labelled messages.
///
/// Its JSON holds the measures alone, not the outcomes.
public struct Evaluation: Codable, Sendable {
    /// The id of the model.
    public var model: String
    /// The part that was measured; nil for all messages.
    public var part: DataSplit?
    /// The measures of all messages, at probability 0.5.
    public var overall: Measures
    /// The measures of all messages, at the model's tag threshold; nil if it has none.
    public var atTagThreshold: Measures?
    /// Where the accuracy at probability 0.5 lies, seen from so many messages.
    public var accuracyInterval: ShareInterval?
    /// The measures of each data set, at probability 0.5.
    public var sets: [String: Measures]
    /// Each message with its score.
    public var outcomes: [Outcome] = []
    /// The data sets that were read; empty for measures taken in training.
    public var sources: [DataSource] = []
    /// Wall time of reading and scoring; nil if that was not measured.
    public var seconds: Double?

    enum CodingKeys: String, CodingKey {
        case model, part, overall, sets
        case atTagThreshold = "at_tag_threshold"
        case accuracyInterval = "accuracy_interval"
    }

    /// Measures scored messages.
    ///
    /// - Parameters:
    ///   - outcomes: the messages and their scores.
    ///   - model: the id of the model.
    ///   - part: the part that was measured; nil for all messages.
    ///   - tag: the tag threshold, if the model has one.
    ///   - seconds: wall time of reading and scoring, if it was measured.
    init(
        _ outcomes: [Outcome], model: String, part: DataSplit?, tag: Double?, seconds: Double?
    ) {
        self.model = model
        self.part = part
        self.outcomes = outcomes
        self.seconds = seconds
        let all = outcomes.map { ($0.probability, $0.isSpam) }
        overall = Measures(all)
        accuracyInterval = ShareInterval(share: overall.accuracy, of: overall.ham + overall.spam)
        if let seconds, seconds > 0 {
            overall.messagesPerSecond = Double(outcomes.count) / seconds
        }
        atTagThreshold = tag.map { Measures(all, threshold: $0) }
        sets = Dictionary(grouping: outcomes, by: \.set).mapValues { part in
            Measures(part.map { ($0.probability, $0.isSpam) })
        }
    }

    /// A human-readable table, one line for each data set.
    public var table: String {
        var lines = [
            Evaluation.row(
                "set",
                ["ham", "spam", "acc", "f1", "auc", "r@0.1%", "r@0.5%", "r@1%", "fpr", "rec"])
        ]
        for (name, measures) in sets.sorted(by: { $0.key < $1.key }) {
            lines.append(Evaluation.row(name, measures))
        }
        lines.append(Evaluation.row("all", overall))
        if let atTagThreshold {
            lines.append(Evaluation.row("all at tag threshold", atTagThreshold))
        }
        if let accuracyInterval {
            lines.append(
                "accuracy \(overall.accuracy.fixed(4)) of \(overall.ham + overall.spam) messages: "
                    + accuracyInterval.text)
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ name: String, _ measures: Measures) -> String {
        func shown(_ value: Double?) -> String {
            value.map { $0.fixed(4) } ?? "-"
        }
        return row(
            name,
            [
                "\(measures.ham)", "\(measures.spam)", shown(measures.accuracy),
                shown(measures.f1), shown(measures.rocAUC),
                shown(measures.recallAtFPR?["0.001"]), shown(measures.recallAtFPR?["0.005"]),
                shown(measures.recallAtFPR?["0.01"]), shown(measures.falsePositiveRate),
                shown(measures.recall),
            ])
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        name.padded(to: 20)
            + cells.map { String(repeating: " ", count: max(1, 8 - $0.count)) + $0 }.joined()
    }
}

extension String {
    /// The text, followed by spaces up to this width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
