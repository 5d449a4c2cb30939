import Corpora
import Dispatch
import MailText
import Models
import Scoring

/// Scores a spam model on labelled messages, through the pool that serves mail.
public struct Evaluator: Sendable {
    private let model: ScoringModel
    private let pool: ScoringPool
    private let reader: BatchReader

    /// An evaluator of one model.
    ///
    /// - Parameters:
    ///   - model: a model with the label spam.
    ///   - pool: scores the messages.
    ///   - splits: empty, or the only messages to score.
    ///   - part: only messages of this part are scored; nil for all.
    public init(
        _ model: ScoringModel, pool: ScoringPool, splits: SplitFile, part: DataSplit?
    ) {
        self.model = model
        self.pool = pool
        reader = BatchReader(splits: splits, labelling: .spam, part: part)
    }

    /// Scores data sets.
    ///
    /// - Parameters:
    ///   - mail: the data sets.
    ///   - progress: called with the number of messages scored so far.
    /// - Returns: the measures, with all outcomes.
    /// - Throws: `CorpusError`, and ``TrainingError`` of the kind `noData` when no message is left.
    public func run(
        on mail: [any LabelledMail], progress: (Int) -> Void
    ) throws -> Evaluation {
        var outcomes: [Outcome] = []
        var sources: [DataSource] = []
        var seconds = 0.0
        for set in mail {
            let (source, scoring) = try reader.read(set) { labelled in
                .init(
                    result: outcome(of: labelled), digest: labelled.message.digest(labelled.label))
            } collect: { scored in
                outcomes += scored
                progress(outcomes.count)
            }
            sources.append(source)
            seconds += scoring
        }
        guard !outcomes.isEmpty else {
            throw reader.noData(in: mail, "holds no message to measure on")
        }
        var evaluation = Evaluation(
            outcomes, model: model.id, part: reader.part, tag: model.tagThreshold,
            seconds: seconds)
        evaluation.sources = sources
        return evaluation
    }

    /// Scores one message, as a mail server's would be.
    private func outcome(of labelled: LabelledMessage) -> Outcome {
        let start = DispatchTime.now()
        let ids = model.ids(of: labelled.message.read())
        let result = pool.scoreAndWait(ids, with: model, deadline: .distantFuture)
        let probability = (try? result.get().probability) ?? .nan
        let seconds = DispatchTime.now().seconds(since: start)
        return Outcome(
            labelled, model.evidence(of: ids), probability: probability, seconds: seconds)
    }
}

extension BatchReader {
    /// The error that no message is left to measure on.
    func noData(in mail: [any LabelledMail], _ reason: String) -> TrainingError {
        TrainingError(
            .noData, mail.map(\.path).joined(separator: " "),
            reason: reason + (part.map { " in the part \($0.rawValue)" } ?? "")
                + (splits.isEmpty ? "" : "; do the paths in the split files match?"))
    }
}
