import Corpora
import Models

/// One labelled message and its score.
public struct Outcome: Sendable {
    /// The name of the data set.
    public var set: String
    /// The path in the data set.
    public var path: String
    /// Whether the message's label is spam.
    public var isSpam: Bool
    /// The words and links that the probability rests on; empty for messages scored in training.
    public var evidence = TextEvidence()
    /// The probability of spam; not a number when scoring failed.
    public var probability: Double
    /// From the message's bytes to the probability; 0 if that was not measured.
    public var seconds = 0.0

    /// Data set and path, which identify the message.
    var key: String { Outcome.key(set, path) }

    static func key(_ set: String, _ path: String) -> String { "\(set)\t\(path)" }

    init(
        _ labelled: LabelledMessage, _ evidence: TextEvidence, probability: Double,
        seconds: Double
    ) {
        set = labelled.message.set
        path = labelled.message.path
        isSpam = labelled.label == Label.spam.rawValue
        self.evidence = evidence
        self.probability = probability
        self.seconds = seconds
    }

    init(set: String, path: String, isSpam: Bool, probability: Double) {
        self.set = set
        self.path = path
        self.isSpam = isSpam
        self.probability = probability
    }

    /// The columns of ``line``, separated by tabs.
    public static let header =
        "set\tpath\tlabel\tprobability\twords\tknown_words\tlinks\tknown_probability"

    /// The outcome as a line of tab-separated values; the last one is empty when most words are
    /// known.
    public var line: String {
        "\(set)\t\(path)\t\(isSpam ? "spam" : "ham")\t\(probability)\t\(evidence.words)\t"
            + "\(evidence.knownWords)\t\(evidence.links)\t"
            + (evidence.knownProbability.map { "\($0)" } ?? "")
    }
}
