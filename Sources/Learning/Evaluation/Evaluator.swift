import Corpora
import Dispatch
import FilterPolicy
import MailText
import Models
import Scoring

/// Scores a spam model on labelled messages, through the pool that serves mail.
public struct Evaluator: Sendable {
    private let judge: Judge
    private let reader: BatchReader

    /// An evaluator of one model.
    ///
    /// - Parameters:
    ///   - judge: of a model with the label spam.
    ///   - splits: empty, or the only messages to score.
    ///   - part: only messages of this part are scored; nil for all.
    ///   - unreadable: what becomes of files that are no mail.
    public init(
        _ judge: Judge, splits: SplitFile, part: DataSplit?,
        unreadable: UnreadableFiles = UnreadableFiles()
    ) {
        self.judge = judge
        reader = BatchReader(
            splits: splits, labelling: .spam, part: part, unreadable: unreadable)
    }

    /// Scores data sets.
    ///
    /// - Parameters:
    ///   - mail: the data sets.
    ///   - progress: called with the number of messages scored so far.
    /// - Returns: the measures, with all outcomes.
    /// - Throws: `CorpusError`, and ``TrainingError`` of the kind `noData` when no message is left,
    ///   or `tooFewReadable`.
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
            outcomes, model: judge.model.id, part: reader.part, tag: judge.model.tagThreshold,
            seconds: seconds)
        evaluation.sources = sources
        return evaluation
    }

    /// Judges one message as a mail server's would be.
    private func outcome(of labelled: LabelledMessage) -> Outcome {
        let start = ContinuousClock.now
        let reading = judge.read(labelled.message.content)
        let judged = try? judge.judge(
            reading, by: Evaluator.policies, deadline: .distantFuture
        ).get()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return Outcome(
            labelled, judged?.evidence ?? judge.model.evidence(of: reading.ids),
            probability: judged?.probability ?? .nan, seconds: seconds)
    }

    /// Measures need no policy, but every message has one.
    private static let policies = PolicySettings().applied(to: [])
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
