import ASCIIText
import Checksums
import Corpora
import Dispatch
import MailText
import Models
import Scoring
import TextCNN

/// Scores a model on labelled messages through the pool that serves mail.
public struct Evaluation: Codable, Sendable {
    public var model: String
    public var part: DataSplit?
    /// Over all messages, at probability 0.5.
    public var overall: Measures
    /// Over all messages, at the model's tag threshold.
    public var atTagThreshold: Measures?
    /// By data set, at probability 0.5.
    public var sets: [String: Measures]
    // What follows is not part of the JSON.
    /// Message by message.
    public var outcomes: [Outcome] = []
    public var sources: [EvaluationReport.Source] = []
    /// Wall time of reading and scoring.
    public var seconds = 0.0

    enum CodingKeys: String, CodingKey {
        case model, part, overall, sets
        case atTagThreshold = "at_tag_threshold"
    }

    /// - Parameters:
    ///   - part: only messages of this part; nil takes all.
    ///   - progress: called with the number of messages scored so far.
    /// - Throws: ``CorpusError``.
    public init(
        of model: ScoringModel, by pool: ScoringPool, on corpora: [Corpus], splits: SplitFile,
        part: DataSplit?, progress: (Int) -> Void
    ) throws {
        var outcomes: [Outcome] = []
        var scoring = 0.0
        var sources: [EvaluationReport.Source] = []
        for corpus in corpora {
            let before = outcomes.count
            var digest = ""
            var batch: [(CorpusMessage, String)] = []
            func flush() {
                let start = ContinuousClock.now
                let scored = Parallel.map(batch) { message, label -> (Outcome, String) in
                    let start = ContinuousClock.now
                    let ids = model.ids(of: message.content.read())
                    let result = pool.scoreAndWait(ids, with: model, deadline: .distantFuture)
                    let probability = (try? result.get().probability) ?? .nan
                    let seconds = (ContinuousClock.now - start) / .seconds(1)
                    var outcome = Outcome(message, label, model.evidence(of: ids), probability)
                    outcome.seconds = seconds
                    return (outcome, message.digest(label))
                }
                for (outcome, sum) in scored {
                    outcomes.append(outcome)
                    digest = SHA256.hex(Array((digest + sum).utf8))
                }
                scoring += (ContinuousClock.now - start) / .seconds(1)
                batch.removeAll(keepingCapacity: true)
                progress(outcomes.count)
            }
            try corpus.forEach { message in
                guard let (label, place) = try DataSet.place(message, splits, .spam)
                else { return }
                if let part, (place ?? DataSet.part(of: message.content.read())) != part { return }
                batch.append((message, label))
                if batch.count == 1_024 { flush() }
            }
            flush()
            sources.append(
                .init(name: corpus.name, messages: outcomes.count - before, sha256: digest))
        }
        guard !outcomes.isEmpty else {
            throw CorpusError(
                path: corpora.map(\.path).joined(separator: " "),
                reason: "holds no message to measure on"
                    + (part.map { " in the part \($0.rawValue)" } ?? "")
                    + (splits.isEmpty ? "" : "; do the paths in the split files match?"))
        }
        self.init(
            outcomes, model: model.id, part: part, tag: model.tagThreshold, seconds: scoring)
        self.sources = sources
    }

    init(
        _ outcomes: [Outcome], model: String, part: DataSplit?, tag: Double?, seconds: Double?
    ) {
        self.model = model
        self.part = part
        self.outcomes = outcomes
        self.seconds = seconds ?? 0
        let all = outcomes.map { ($0.probability, $0.isSpam) }
        overall = Measures(all)
        if let seconds, seconds > 0 {
            overall.messagesPerSecond = Double(outcomes.count) / seconds
        }
        atTagThreshold = tag.map { Measures(all, threshold: $0) }
        sets = Dictionary(grouping: outcomes, by: \.set).mapValues { part in
            Measures(part.map { ($0.probability, $0.isSpam) })
        }
    }

    /// A table for people.
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
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
