import TextCNN
import TextFeatures

/// What `config.json` of a model bundle says.
public struct ModelConfiguration: Codable, Sendable, Equatable {
    public var format = ModelConfiguration.formatName
    public var formatVersion = ModelConfiguration.currentVersion
    /// Date and digest of the weights, such as `2026-11-21-1f3c9e`.
    public var id: String
    /// RFC 3339, UTC.
    public var trained: String
    public var head = Head.sigmoid
    /// In the order of the logits.
    public var labels: [String]
    public var architecture: NetworkShape
    /// Buckets of the linear term as a power of two; nil for a network without.
    public var linearBits: Int?
    public var calibration: Calibration
    /// By name: `tag`, `reject`.
    public var thresholds: [String: Threshold]
    /// The probability from which on one of several independent labels holds, chosen on dev; nil for
    /// other heads.
    public var labelThreshold: Double?
    /// How precise the serving tables must be, measured when the model was trained; 16 bits when
    /// nothing is said.
    public var tables: OffsetTables.Precision?
    public var textPipeline: TextPipelineSpec

    public static let formatName = "siftd-model"
    /// 2 may have a linear term; 1 is read, too.
    public static let currentVersion = 2

    enum CodingKeys: String, CodingKey {
        case format, id, trained, head, labels, architecture, calibration, thresholds, tables
        case formatVersion = "format_version"
        case linearBits = "linear_bits"
        case labelThreshold = "label_threshold"
        case textPipeline = "text_pipeline"
    }

    public init(
        id: String, trained: String, labels: [String], architecture: NetworkShape,
        calibration: Calibration, thresholds: [String: Threshold],
        tables: OffsetTables.Precision? = nil, textPipeline: TextPipelineSpec
    ) {
        self.id = id
        self.trained = trained
        self.labels = labels
        self.architecture = architecture
        self.calibration = calibration
        self.thresholds = thresholds
        self.tables = tables
        self.textPipeline = textPipeline
    }
}

extension ModelConfiguration {
    var isKnownFormat: Bool {
        format == ModelConfiguration.formatName
            && (1...ModelConfiguration.currentVersion).contains(formatVersion)
    }

    /// What is wrong with the numbers, or nil. Checked before any memory is asked for.
    var defect: String? {
        if let defect = architecture.defect { return "\(defect), which is out of range" }
        guard labels.count == architecture.outputs else {
            return "there are \(labels.count) labels for \(architecture.outputs) outputs"
        }
        if !(calibration.scale > 0 && calibration.scale <= 1_000) {
            return "calibration.scale is \(calibration.scale)"
        }
        if !(abs(calibration.offset) <= 1_000) {
            return "calibration.offset is \(calibration.offset)"
        }
        for (name, threshold) in thresholds where !(0...1).contains(threshold.probability) {
            return "the threshold \(name) is \(threshold.probability)"
        }
        if let labelThreshold, !(0...1).contains(labelThreshold) {
            return "label_threshold is \(labelThreshold)"
        }
        if let linearBits {
            guard LinearTerm.allowedBits.contains(linearBits) else {
                return "linear_bits is \(linearBits)"
            }
            if labels.count != 1 { return "linear_bits is for one label" }
        }
        if head == .softmax, labels.count < 2 { return "softmax needs two labels at least" }
        return nil
    }
}
