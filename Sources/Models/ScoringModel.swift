import MailText
import TextCNN
import TextFeatures

/// A model ready to score: an immutable snapshot that any number of threads share. A reload makes a
/// new one; messages keep the one they began with.
public final class ScoringModel: Sendable {
    public let bundle: ModelConfiguration
    public let pipeline: TextPipeline
    public let vocabulary: Vocabulary
    public let report: JSONValue
    private let network: ServingNetwork
    let judge: LabelJudge
    /// The index of the label `spam` among the logits.
    let spamLabel: Int?
    /// What each id stands for.
    let kinds: [TokenKind]

    public var id: String { bundle.id }

    /// How scores are worked out, for the log: `int8 tables of 54 MB, avx512`.
    public var serving: String { "\(network)" }

    /// The probabilities the model was made to be cut at, chosen on held-out mail.
    public var tagThreshold: Double? { bundle.thresholds["tag"]?.probability }
    public var rejectThreshold: Double? { bundle.thresholds["reject"]?.probability }

    /// Loads a bundle and builds the tables. Takes some 100 ms.
    ///
    /// - Parameter tableLimit: bytes that the tables may take.
    /// - Throws: ``ModelError``.
    public convenience init(directory: String, tableLimit: Int = .max) throws(ModelError) {
        self.init(try ModelBundle(directory: directory), tableLimit: tableLimit)
    }

    /// Builds the tables of a bundle.
    ///
    /// - Parameter tableLimit: bytes that the tables may take.
    public init(_ bundle: ModelBundle, tableLimit: Int = .max) {
        self.bundle = bundle.configuration
        report = bundle.report
        pipeline = bundle.pipeline
        vocabulary = bundle.vocabulary
        judge = LabelJudge(bundle.configuration)
        spamLabel = bundle.configuration.labels.firstIndex(of: "spam")
        let known = bundle.vocabulary
        kinds = (0..<Int32(known.count)).map { TokenKind(known.token($0)) }
        network = ServingNetwork(
            bundle.network, precision: bundle.configuration.tables ?? .int16,
            memoryLimit: tableLimit)
    }

    /// The ids of a message.
    public func ids(of content: MailContent) -> [Int32] {
        var content = content
        return ids(of: &content)
    }

    /// The ids of a message. What was left out of a long one is added to its defects.
    public func ids(of content: inout MailContent) -> [Int32] {
        let stream = pipeline.tokens(of: Document(content))
        if stream.isTextCut { content.add(.limitText) }
        if stream.isTokenCut { content.add(.limitTokens) }
        return pipeline.ids(of: stream, in: vocabulary)
    }

    /// Whether the model knows spam, and so can filter mail.
    public var filtersSpam: Bool { spamLabel != nil }

    /// Probability of spam, 0 if the model has no such label, and the logits it comes from. Pure; the
    /// work of one message.
    public func score(_ ids: [Int32]) -> (probability: Double, logits: [Float]) {
        let logits = network.logits(ids)
        guard let spamLabel else { return (0, logits) }
        return (judge.probabilities(logits)[spamLabel], logits)
    }

    /// The probability of each label, by its name.
    public func labels(_ logits: [Float]) -> [String: Double] {
        Dictionary(
            zip(bundle.labels, judge.probabilities(logits)), uniquingKeysWith: { first, _ in first }
        )
    }

    /// The labels that hold.
    public func holding(_ logits: [Float]) -> [String] { judge.labels(logits) }

    /// The labels that hold beside spam; empty for a model that knows only spam.
    public func otherLabels(_ logits: [Float]) -> [String] {
        bundle.labels.count > 1 ? holding(logits).filter { $0 != "spam" } : []
    }

    /// The logits that some of the filters' windows give alone.
    func logits(_ ids: [Int32], keeping isKept: (Range<Int>) -> Bool) -> [Float] {
        network.logits(ids, keeping: isKept)
    }

    /// What each stretch of words adds to the logit of a label, before calibration.
    func shares(_ ids: [Int32], label: Int) -> LogitShares {
        network.shares(ids, label: label)
    }

}
