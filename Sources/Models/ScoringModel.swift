import Glibc
import MailText
import TextCNN
import TextFeatures

/// A model ready to score mail.
///
/// An immutable snapshot, so any number of threads may use it at once. A reload creates a new one,
/// and messages in progress keep the one they began with.
public final class ScoringModel: Sendable {
    /// The content of the bundle's `config.json`.
    public let bundle: ModelConfiguration
    /// Turns a document into the tokens and ids that the model was trained on.
    public let pipeline: TextPipeline
    /// The tokens by id.
    public let vocabulary: Vocabulary
    /// The content of the bundle's `report.json`: how the model was trained, and its measures.
    public let report: JSONValue
    private let engine: Engine
    let judge: LabelJudge
    /// The index of the label `spam` among the logits, or nil for a model without it.
    let spamLabel: Int?
    /// The kind of each token of the vocabulary, by id.
    let kinds: [TokenKind]

    /// The model's name: date and digest of the weights, such as `2026-11-21-1f3c9e`.
    public var id: String { bundle.id }

    /// What computes the logits.
    private enum Engine: Sendable {
        /// A network of siftd's own.
        case network(ServingNetwork)
        /// An imported model.
        case layers(ServingLayers)
    }

    /// How scores are computed, for the log: `int8 tables of 54 MB, avx512`.
    public var serving: String {
        switch engine {
        case .network(let network): "\(network)"
        case .layers(let layers): "\(layers)"
        }
    }

    /// The probability from which on training found mail worth tagging, chosen on held-out mail.
    public var tagThreshold: Double? { bundle.thresholds["tag"]?.probability }

    /// The probability from which on training found mail safe to reject, chosen on held-out mail.
    public var rejectThreshold: Double? { bundle.thresholds["reject"]?.probability }

    /// Loads a bundle and builds its tables, which takes some 100 ms.
    ///
    /// - Parameters:
    ///   - directory: the path of the bundle.
    ///   - tableLimit: bytes that the tables may take; see ``init(_:tableLimit:)``.
    /// - Throws: ``ModelError``.
    public convenience init(directory: String, tableLimit: Int = .max) throws(ModelError) {
        self.init(try ModelBundle(directory: directory), tableLimit: tableLimit)
    }

    /// Builds the tables of a bundle.
    ///
    /// - Parameters:
    ///   - bundle: the model.
    ///   - tableLimit: bytes that the tables may take; if they need more, the network itself
    ///     serves, which is slower.
    public init(_ bundle: ModelBundle, tableLimit: Int = .max) {
        self.bundle = bundle.configuration
        report = bundle.report
        pipeline = bundle.pipeline
        vocabulary = bundle.vocabulary
        judge = LabelJudge(bundle.configuration)
        spamLabel = bundle.configuration.labels.firstIndex(of: "spam")
        let known = bundle.vocabulary
        if let layers = bundle.layers {
            kinds = ScoringModel.kinds(of: known, bundle.pipeline.spec.keras)
            engine = .layers(
                ServingLayers(
                    layers, precision: bundle.configuration.tables, memoryLimit: tableLimit))
        } else if let network = bundle.network {
            kinds = (0..<Int32(known.count)).map { TokenKind(known.token($0)) }
            engine = .network(
                ServingNetwork(
                    network, precision: bundle.configuration.tables ?? .int16,
                    memoryLimit: tableLimit))
        } else {
            preconditionFailure("a bundle has a network or layers")
        }
    }

    /// The kinds of an imported model's terms, which are never tokens of siftd's own.
    private static func kinds(of terms: Vocabulary, _ text: KerasTextSpec?) -> [TokenKind] {
        (0..<Int32(terms.count)).map { id in
            if id == text?.unknown { return .unknownWord }
            if id == text?.paddingID { return .other }
            return terms.token(id).unicodeScalars.contains(where: \.properties.isAlphabetic)
                ? .word : .other
        }
    }

    /// The tokens that ids stand for: those that fill up a text of an imported model are none.
    public func tokenCount(_ ids: [Int32]) -> Int {
        guard let padding = pipeline.spec.keras?.paddingID else { return ids.count }
        return ids.count { $0 != padding }
    }

    /// A probability of 0 or 1 has no finite logit, and the labels need one.
    private static let largestLogit = 100.0

    /// The calibrated logit of spam, from logits `[labels]`; 0 for a model without that label.
    public func spamLogit(_ logits: [Float]) -> Double {
        guard let spamLabel else { return 0 }
        if bundle.head == .sigmoid {
            return bundle.calibration.scale * Double(logits[spamLabel]) + bundle.calibration.offset
        }
        let probability = judge.probabilities(logits)[spamLabel]
        let limit = ScoringModel.largestLogit
        return min(max(log(probability) - log1p(-probability), -limit), limit)
    }

    /// Whether one of the labels is `spam`, so that the model can filter mail.
    public var filtersSpam: Bool { spamLabel != nil }

    /// Scores the ids of one message on the caller's thread.
    ///
    /// The same ids give the same bits on every thread.
    ///
    /// - Returns: the calibrated probability of spam, 0 if the model has no such label; and the
    ///   logits before calibration, `[labels]`.
    public func score(_ ids: [Int32]) -> (probability: Double, logits: [Float]) {
        guard case .network(let network) = engine else { return score([ids])[0] }
        return scored(network.logits(ids))
    }

    /// Scores messages together; each gets the same bits as alone.
    ///
    /// A message for which an imported model has no number has the probability ½ and the logits 0;
    /// its evidence says so.
    public func score(_ messages: [[Int32]]) -> [(probability: Double, logits: [Float])] {
        switch engine {
        case .network(let network): return messages.map { scored(network.logits($0)) }
        case .layers(let layers):
            return layers.outputs(messages).map { logits in
                logits.map(scored) ?? (
                    spamLabel == nil ? 0 : 0.5, [Float](repeating: 0, count: bundle.labels.count)
                )
            }
        }
    }

    private func scored(_ logits: [Float]) -> (probability: Double, logits: [Float]) {
        guard let spamLabel else { return (0, logits) }
        return (judge.probabilities(logits)[spamLabel], logits)
    }

    /// The logits of a message, `[labels]`; nil when an imported model has no number for it.
    public func outputs(of ids: [Int32]) -> [Float]? {
        switch engine {
        case .network(let network): network.logits(ids)
        case .layers(let layers): layers.outputs([ids])[0]
        }
    }

    /// Whether there may be no number for a message: it says nothing, or hardly anything.
    ///
    /// Asked before the network runs again, which is why it errs on the side of yes.
    func mayLackNumber(_ ids: [Int32]) -> Bool {
        guard case .layers(let layers) = engine else { return false }
        return ids.count < layers.shortText || ids.allSatisfy { $0 == 0 }
    }

    /// Whether unknown words can be left out of a score.
    var scoresKnownWords: Bool {
        guard case .network = engine else { return false }
        return true
    }

    /// Whether messages that are scored together cost less than one by one.
    public var scoresTogether: Bool {
        guard case .layers(let layers) = engine else { return false }
        return !layers.usesTables
    }

    /// How many messages a worker best takes at once.
    public var batchLimit: Int {
        guard case .layers(let layers) = engine else { return 1 }
        return layers.batchLimit
    }

    /// The calibrated probability of each label by its name, from logits `[labels]`.
    public func labels(_ logits: [Float]) -> [String: Double] {
        Dictionary(
            zip(bundle.labels, judge.probabilities(logits)), uniquingKeysWith: { first, _ in first }
        )
    }

    /// The labels that apply to a message with these logits, `[labels]`; see
    /// ``LabelJudge/labels(_:)``.
    public func holding(_ logits: [Float]) -> [String] { judge.labels(logits) }

    /// The labels other than `spam` that apply to a message with these logits, `[labels]`; empty
    /// for a model whose only label is spam.
    public func otherLabels(_ logits: [Float]) -> [String] {
        bundle.labels.count > 1 ? holding(logits).filter { $0 != "spam" } : []
    }

    /// The logits, `[labels]`, of those windows of words alone for which `isKept` is true.
    func logits(_ ids: [Int32], keeping isKept: (Range<Int>) -> Bool) -> [Float] {
        switch engine {
        case .network(let network): network.logits(ids, keeping: isKept)
        case .layers: score(ids).logits
        }
    }

    /// The tokens of the segment that decides; nil when the whole message does.
    func decidingSegment(_ ids: [Int32]) -> [Range<Int>]? {
        guard case .network(let network) = engine else { return nil }
        return network.decidingSegment(ids)
    }

    /// The share of each window of words in the logit of a label, before calibration.
    func shares(_ ids: [Int32], label: Int) -> LogitShares {
        switch engine {
        case .network(let network): network.shares(ids, label: label)
        case .layers(let layers): layers.shares(ids, label: label)
        }
    }
}
