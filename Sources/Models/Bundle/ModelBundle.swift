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
    /// The weights; nil for an imported model.
    public let network: Network?
    /// The layers and weights of an imported model; nil for a network of siftd's own.
    public let layers: LayerNetwork?
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
        self.configuration.segments = network.segmentation
        if let segmentation = network.segmentation {
            self.configuration.formatVersion =
                if segmentation.layout != nil {
                    ModelConfiguration.layoutVersion
                } else if segmentation.author != nil {
                    ModelConfiguration.authorVersion
                } else {
                    ModelConfiguration.segmentsVersion
                }
        }
        self.configuration.textPipeline = pipeline.spec
        self.pipeline = pipeline
        self.vocabulary = vocabulary
        self.network = network
        layers = nil
        self.report = report
        self.card = card
    }

    /// A bundle of an imported model.
    ///
    /// - Parameters:
    ///   - configuration: its text pipeline and layers are replaced by those of the other parts; an
    ///     empty name by date and digest.
    ///   - pipeline: turns messages into ids.
    ///   - vocabulary: at most as many terms as the embedding has rows.
    ///   - layers: the layers and weights.
    ///   - report: the content of `report.json`.
    ///   - card: the content of `MODEL_CARD.md`.
    public init(
        configuration: ModelConfiguration, pipeline: TextPipeline, vocabulary: Vocabulary,
        layers: LayerNetwork, report: JSONValue, card: String
    ) {
        self.configuration = configuration
        self.configuration.textPipeline = pipeline.spec
        self.configuration.layers = layers.graph
        if configuration.id.isEmpty {
            let digest = ModelBundle.digest(of: layers.tensors)
            self.configuration.id = "\(configuration.trained.prefix(10))-\(digest.prefix(6))"
        }
        self.pipeline = pipeline
        self.vocabulary = vocabulary
        network = nil
        self.layers = layers
        self.report = report
        self.card = card.replacing("# \n", with: "# \(self.configuration.id)\n", maxReplacements: 1)
    }

    /// All weights, in a fixed order.
    var tensors: [NamedTensor] { network?.tensors ?? layers?.tensors ?? [] }

    /// The files that `SHA256SUMS` lists.
    static let checkedFiles = [
        "config.json", "vocabulary.txt", "weights.safetensors", "report.json",
    ]
    static let cardFile = "MODEL_CARD.md"
    static let sumsFile = "SHA256SUMS"
    /// The largest file that is read, in bytes; a larger one is cut, so that its digest differs.
    static let largestFile = 2 << 30
}
