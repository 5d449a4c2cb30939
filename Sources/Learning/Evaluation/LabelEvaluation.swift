import ASCIIText
import Corpora
import Models
import Scoring
import TextCNN

/// What a model of several labels is worth on labelled texts.
public struct LabelEvaluation: Codable, Sendable {
    public var model: String
    public var part: DataSplit?
    public var measures: LabelMeasures

    init(model: String, part: DataSplit?, measures: LabelMeasures) {
        self.model = model
        self.part = part
        self.measures = measures
    }

    /// Scores a model of several labels.
    ///
    /// - Throws: ``CorpusError``.
    public init(
        _ model: ScoringModel, on corpora: [Corpus], splits: SplitFile, part: DataSplit?,
        progress: (Int) -> Void
    ) throws {
        let labelling: Labelling = model.bundle.head == .softmax ? .exclusive : .several
        let judge = LabelJudge(model.bundle)
        var judged: [(predicted: Set<String>, truth: Set<String>)] = []
        for corpus in corpora {
            try corpus.forEach { message in
                guard let (label, place) = try DataSet.place(message, splits, labelling)
                else { return }
                let content = message.read()
                if let part, (place ?? DataSet.part(of: content)) != part { return }
                let said = judge.labels(model.score(model.ids(of: content)).logits)
                judged.append((Set(said), Set(labelling.names(of: label))))
                if judged.count % 1_000 == 0 { progress(judged.count) }
            }
        }
        guard !judged.isEmpty else {
            throw CorpusError(
                path: corpora.map(\.path).joined(separator: " "),
                reason: "holds no text to measure on")
        }
        self.init(
            model: model.id, part: part,
            measures: LabelMeasures(judged, labels: model.bundle.labels))
    }

    /// A table for people, by falling frequency of the labels.
    public var table: String {
        let head =
            "\(measures.messages) texts: accuracy \(measures.accuracy.fixed(4)), micro-F1 "
            + "\(measures.microF1.fixed(4)), macro-F1 \(measures.macroF1.fixed(4))"
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

/// The measures of one part of the data, by the kind of labels.
enum PartMeasures: Codable, Sendable {
    case spam(Evaluation)
    case labels(LabelEvaluation)

    var table: String {
        switch self {
        case .spam(let evaluation): evaluation.table
        case .labels(let evaluation): evaluation.table
        }
    }

    /// What options are chosen by.
    var score: Double {
        switch self {
        case .spam(let evaluation): evaluation.overall.rocAUC ?? 0
        case .labels(let evaluation): evaluation.measures.microF1
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .spam(let evaluation): try evaluation.encode(to: encoder)
        case .labels(let evaluation): try evaluation.encode(to: encoder)
        }
    }

    init(from decoder: any Decoder) throws {
        if let evaluation = try? Evaluation(from: decoder) {
            self = .spam(evaluation)
        } else {
            self = .labels(try LabelEvaluation(from: decoder))
        }
    }
}
