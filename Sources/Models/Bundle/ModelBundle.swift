import TextCNN
import TextFeatures

/// A model as it lies on disk: a directory of data files, no code.
///
/// `config.json`, `vocabulary.txt`, `weights.safetensors`, `report.json`, `MODEL_CARD.md`, and
/// `SHA256SUMS` over the first four, which `sha256sum -c` understands. Reading checks every digest
/// and every number; a bundle that is damaged in any byte is refused.
public struct ModelBundle: Sendable {
    public var configuration: ModelConfiguration
    /// The pipeline that `configuration` describes.
    public let pipeline: TextPipeline
    public let vocabulary: Vocabulary
    public let network: Network
    /// How the model was trained and what it measured; free in form.
    public var report: JSONValue
    /// For people, in Markdown.
    public var card: String

    /// - Parameters:
    ///   - configuration: its text pipeline and linear term are set to those given here.
    ///   - vocabulary: has as many tokens as the network has rows.
    public init(
        configuration: ModelConfiguration, pipeline: TextPipeline, vocabulary: Vocabulary,
        network: Network, report: JSONValue, card: String
    ) {
        precondition(
            vocabulary.count == network.parameters.shape.vocabulary,
            "vocabulary and network differ in size")
        self.configuration = configuration
        self.configuration.linearBits = network.linear?.bits
        self.configuration.textPipeline = pipeline.spec
        self.pipeline = pipeline
        self.vocabulary = vocabulary
        self.network = network
        self.report = report
        self.card = card
    }

    static let checkedFiles = [
        "config.json", "vocabulary.txt", "weights.safetensors", "report.json",
    ]
    static let cardFile = "MODEL_CARD.md"
    static let sumsFile = "SHA256SUMS"
    /// Bytes of one file at most.
    static let largestFile = 2 << 30
}
