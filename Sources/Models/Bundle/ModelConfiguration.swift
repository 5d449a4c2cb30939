import Foundation
import TextCNN
import TextFeatures

/// The content of a bundle's `config.json`.
public struct ModelConfiguration: Codable, Sendable, Equatable {
    /// ``formatName``.
    public var format = ModelConfiguration.formatName
    /// The version of the bundle's format; see ``currentVersion``.
    public var formatVersion = ModelConfiguration.currentVersion
    /// The model's name: date of training and first digits of the digest of its weights, such as
    /// `2026-11-21-1f3c9e`.
    public var id: String
    /// When training ended, in UTC (RFC 3339).
    public var trained: String
    /// The kind of labels.
    public var head = Head.sigmoid
    /// The labels, in the order of the logits.
    public var labels: [String]
    /// The sizes of the network; nil for an imported model.
    public var architecture: NetworkShape?
    /// The layers of an imported model; nil for a network of siftd's own.
    public var layers: LayerGraph?
    /// How messages are cut into segments; nil for a network that reads them as a whole.
    public var segments: Segmentation?
    /// The buckets of the linear term, as a power of two; nil for a network without one.
    public var linearBits: Int?
    /// Turns logits into probabilities.
    public var calibration: Calibration
    /// The thresholds of a spam filter by name, `tag` and `reject`; empty for other models.
    public var thresholds: [String: Threshold]
    /// The probability from which on one of several independent labels holds, chosen on dev; nil
    /// for other models.
    public var labelThreshold: Double?
    /// The precision of the serving tables, chosen on dev; nil means 16 bits.
    public var tables: OffsetTables.Precision?
    /// The mail of each language that a spam filter has learnt from; nil where nobody counted it.
    public var languages: LearntLanguages?
    /// The text pipeline that the model was trained with.
    public var textPipeline: TextPipelineSpec

    /// The value of ``format``.
    public static let formatName = "siftd-model"
    /// The version that is written for a network of siftd's own.
    ///
    /// Version 2 may have a linear term; version 1 can still be read.
    public static let currentVersion = 2
    /// The version that is written for an imported model.
    public static let layersVersion = 3
    /// The version that is written for a network that scores by segments.
    ///
    /// In version 4 the strongest segment decides alone.
    public static let segmentsVersion = 5
    /// The version that is written for a network with weights of facts about the author beside it,
    /// some of which it does not read.
    public static let authorVersion = 6
    /// The version that is written for a network with a bound of its own on facts about the layout.
    public static let layoutVersion = 7
    /// The newest that this siftd reads.
    static let newestVersion = layoutVersion

    enum CodingKeys: String, CodingKey {
        case format, id, trained, head, labels, architecture, languages, layers, segments,
            calibration, thresholds, tables
        case formatVersion = "format_version"
        case linearBits = "linear_bits"
        case labelThreshold = "label_threshold"
        case textPipeline = "text_pipeline"
    }

    /// A configuration with the sigmoid head and the current format.
    public init(
        id: String, trained: String, labels: [String], architecture: NetworkShape?,
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
    /// The configuration of an imported model, without thresholds; its name is found when the
    /// bundle is put together.
    ///
    /// - Parameters:
    ///   - layers: the layers.
    ///   - labels: one for each output.
    ///   - head: turns the outputs into probabilities.
    ///   - date: when it was imported.
    ///   - textPipeline: a spec of the `keras` profile.
    public init(
        importing layers: LayerGraph, labels: [String], head: Head, date: Date,
        textPipeline: TextPipelineSpec
    ) {
        self.init(
            id: "", trained: ISO8601DateFormatter().string(from: date), labels: labels,
            architecture: nil, calibration: Calibration(), thresholds: [:],
            textPipeline: textPipeline)
        formatVersion = ModelConfiguration.layersVersion
        self.layers = layers
        self.head = head
        // Independent labels hold from the probability on that Keras' metrics count.
        if head == .sigmoid, labels.count > 1 { labelThreshold = 0.5 }
    }

    var isKnownFormat: Bool {
        format == ModelConfiguration.formatName
            && (1...ModelConfiguration.newestVersion).contains(formatVersion)
    }

    /// The first number that is out of bounds, in words; nil for a sound configuration.
    ///
    /// Checked before memory is allocated.
    var defect: String? {
        if let defect = networkDefect { return defect }
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
        if let segments {
            guard let architecture, labels.count == 1 else { return "segments are for one label" }
            if let defect = segments.defect(vocabulary: architecture.vocabulary) { return defect }
        }
        if head == .softmax, labels.count < 2 { return "softmax needs at least two labels" }
        return nil
    }

    /// The first mistake in the sizes of the network or in its layers.
    private var networkDefect: String? {
        let outputs: Int?
        switch (architecture, layers) {
        case (let architecture?, nil):
            if let defect = architecture.defect { return "\(defect), which is out of range" }
            outputs = architecture.outputs
        case (nil, let layers?):
            do { _ = try layers.weights() } catch { return "\(error)" }
            guard textPipeline.profile == .keras, linearBits == nil else {
                return "layers need the profile keras, and have no linear term"
            }
            outputs = layers.outputs
        default: return "it needs either architecture or layers"
        }
        guard labels.count == outputs else {
            return "there are \(labels.count) labels for \(outputs ?? 0) outputs"
        }
        return nil
    }
}
