import ASCIIText
import Corpora
import TextCNN

/// The measures of a model of several labels on labelled texts.
public struct LabelEvaluation: Codable, Sendable {
    /// The id of the model.
    public var model: String
    /// The part that was measured; nil for all texts.
    public var part: DataSplit?
    /// The measures of all texts.
    public var measures: LabelMeasures

    init(model: String, part: DataSplit?, measures: LabelMeasures) {
        self.model = model
        self.part = part
        self.measures = measures
    }

    /// A human-readable table, the most frequent label first.
    public var table: String {
        let head =
            "\(measures.messages) texts: accuracy \(measures.accuracy.fixed(4)), micro-F1 "
            + "\(measures.microF1.fixed(4)), macro-F1 \(measures.macroF1.fixed(4)); accuracy "
            + ShareInterval(share: measures.accuracy, of: measures.messages).text
        func count(_ counts: LabelMeasures.Counts) -> Int {
            counts.truePositives + counts.falseNegatives
        }
        let rows = measures.labels.sorted {
            (-count($0.value), $0.key) < (-count($1.value), $1.key)
        }
        return
            ([head]
            + rows.map { name, counts in
                "  \(name.padded(to: 28)) \(String(count(counts)).padded(to: 6)) F1 "
                    + "\(counts.f1.fixed(4))"
            }).joined(separator: "\n")
    }
}
