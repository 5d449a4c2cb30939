import Corpora
import MailText
import Models
import TextCNN

/// Scores a model of several labels on labelled texts.
public struct LabelEvaluator: Sendable {
    private let model: ScoringModel
    private let labelling: Labelling
    private let reader: BatchReader

    /// An evaluator of one model.
    ///
    /// - Parameters:
    ///   - model: a model of other labels than spam alone.
    ///   - splits: empty, or the only texts to score.
    ///   - part: only texts of this part are scored; nil for all.
    ///   - unreadable: what becomes of files that are no mail.
    public init(
        _ model: ScoringModel, splits: SplitFile, part: DataSplit?,
        unreadable: UnreadableFiles = UnreadableFiles()
    ) {
        self.model = model
        labelling = model.bundle.head == .softmax ? .exclusive : .several
        reader = BatchReader(
            splits: splits, labelling: labelling, part: part, unreadable: unreadable)
    }

    /// Scores data sets.
    ///
    /// - Parameters:
    ///   - mail: the data sets.
    ///   - progress: called with the number of texts scored so far.
    /// - Returns: the measures of all texts.
    /// - Throws: `CorpusError`, and ``TrainingError`` of the kind `noData` when no text is left, or
    ///   `tooFewReadable`.
    public func run(
        on mail: [any LabelledMail], progress: (Int) -> Void
    ) throws -> LabelEvaluation {
        var judged: [(predicted: Set<String>, truth: Set<String>)] = []
        for set in mail {
            _ = try reader.read(set) { labelled in
                let logits = model.score(model.ids(of: labelled.message.content.read())).logits
                return .init(
                    result: (
                        predicted: Set(model.holding(logits)),
                        truth: Set(labelling.names(of: labelled.label))
                    ), digest: "")
            } collect: { results in
                judged += results
                progress(judged.count)
            }
        }
        guard !judged.isEmpty else { throw reader.noData(in: mail, "holds no text to measure on") }
        return LabelEvaluation(
            model: model.id, part: reader.part,
            measures: LabelMeasures(judged, labels: model.bundle.labels))
    }
}
