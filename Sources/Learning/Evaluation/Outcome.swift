import Corpora
import Models
import Scoring

/// One labelled message and what the model said.
public struct Outcome: Sendable {
    public var set: String
    public var path: String
    public var isSpam: Bool
    public var evidence = TextEvidence()
    public var probability: Double
    /// From the message's bytes to the probability; 0 where that was not measured.
    public var seconds = 0.0

    /// Set and path in one, unlike those of any other message.
    public var place: String { Outcome.place(set, path) }

    static func place(_ set: String, _ path: String) -> String { "\(set)\t\(path)" }

    init(_ message: CorpusMessage, _ label: String, _ evidence: TextEvidence, _ probability: Double)
    {
        set = message.set
        path = message.path
        isSpam = label == Label.spam.rawValue
        self.evidence = evidence
        self.probability = probability
    }

    /// What the probability rests on is not told here.
    init(_ item: DataSet.Item, _ probability: Double) {
        set = item.set
        path = item.path
        isSpam = item.isSpam
        self.probability = probability
    }

    /// Columns of ``line``.
    public static let header =
        "set\tpath\tlabel\tprobability\twords\tknown_words\tlinks\tknown_probability"

    /// For files of tab-separated values.
    public var line: String {
        "\(set)\t\(path)\t\(isSpam ? "spam" : "ham")\t\(probability)\t\(evidence.words)\t"
            + "\(evidence.knownWords)\t\(evidence.links)\t"
            + (evidence.knownProbability.map { "\($0)" } ?? "")
    }
}
