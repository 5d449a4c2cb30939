import TextCNN
import TextFeatures

/// A model as it is stored on disk: a directory of data files, without code.
///
/// The files are `config.json`, `vocabulary.txt`, `weights.safetensors`, `report.json`,
/// `MODEL_CARD.md`, and `SHA256SUMS` over the first four, which `sha256sum -c` understands. Reading
/// checks every digest and every number; a bundle with one wrong byte is refused. See "Bundle" in
/// `docs/model.md`.
public struct ModelBundle: Sendable {
    /// The content of `config.json`.
    public var configuration: ModelConfiguration
    /// The pipeline that ``configuration`` describes.
    public let pipeline: TextPipeline
    /// The tokens that the network knows, by id.
    public let vocabulary: Vocabulary
    /// The weights.
    public let network: Network
    /// How the model was trained and what was measured, in any form.
    public var report: JSONValue
    /// A human-readable description, in Markdown.
    public var card: String

    /// A bundle of these parts.
    ///
    /// - Parameters:
    ///   - configuration: its text pipeline and linear term are replaced by those of the other
    ///     parts.
    ///   - pipeline: turns messages into tokens.
    ///   - vocabulary: as many tokens as the network has rows.
    ///   - network: the weights.
    ///   - report: the content of `report.json`.
    ///   - card: the content of `MODEL_CARD.md`.
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

    /// The files that `SHA256SUMS` lists.
    static let checkedFiles = [
        "config.json", "vocabulary.txt", "weights.safetensors", "report.json",
    ]
    static let cardFile = "MODEL_CARD.md"
    static let sumsFile = "SHA256SUMS"
    /// The largest file that is read, in bytes; a larger one is cut, so that its digest differs.
    static let largestFile = 2 << 30
}
