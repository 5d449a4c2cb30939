import Foundation

/// A model on disk: a directory of data files, no code (architecture.md section 3).
///
/// `config.json`, `vocabulary.txt`, `weights.safetensors`, `report.json`, `MODEL_CARD.md`, and
/// `SHA256SUMS` over the first four, which `sha256sum -c` understands. Reading checks every digest
/// and every number; a bundle that is damaged in any byte is refused.
public struct ModelBundle: Sendable {
    /// What `config.json` says.
    public struct Configuration: Codable, Sendable, Equatable {
        public var format = ModelBundle.formatName
        public var formatVersion = ModelBundle.formatVersion
        /// Date and digest of the weights, such as `2026-11-21-1f3c9e`.
        public var id: String
        /// RFC 3339, UTC.
        public var trained: String
        public var head = Head.sigmoid
        public var labels: [String]
        public var architecture: NetworkShape
        /// Buckets of the linear term as a power of two; nil for a network without.
        public var linearBits: Int?
        public var calibration: Calibration
        /// By name: `tag`, `reject`.
        public var thresholds: [String: Threshold]
        /// The probability from which on one of several independent labels holds, best for dev; nil
        /// for other heads.
        public var labelThreshold: Double?
        /// The kind of tables that serve it well enough, measured when it was trained; 16 bits when
        /// nothing is said.
        public var tables: OffsetTables.Entry?
        /// The text pipeline, understood by TextFeatures.
        public var textPipeline: JSONValue

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
            tables: OffsetTables.Entry? = nil, textPipeline: JSONValue
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

    /// Why a bundle can't be used; says which file and what to do.
    public struct LoadError: Error, CustomStringConvertible {
        public var path: String
        public var reason: String
        public var description: String { "model \(path): \(reason)" }

        public init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    public static let formatName = "siftd-model"
    /// 2 may have a linear term; 1 is read, too.
    public static let formatVersion = 2
    private static let checkedFiles = [
        "config.json", "vocabulary.txt", "weights.safetensors", "report.json",
    ]
    private static let largestFile = 2 << 30

    public var configuration: Configuration
    /// The file form of the vocabulary, understood by TextFeatures.
    public var vocabulary: String
    public var parameters: Parameters
    public var linear: LinearTerm?
    public var report: JSONValue
    public var card: String

    public init(
        configuration: Configuration, vocabulary: String, network: Network,
        report: JSONValue, card: String
    ) {
        self.configuration = configuration
        self.configuration.linearBits = network.linear?.bits
        self.vocabulary = vocabulary
        parameters = network.parameters
        linear = network.linear
        self.report = report
        self.card = card
    }

    public var network: Network { Network(parameters, linear: linear) }

    /// Reads and checks a bundle.
    ///
    /// - Throws: ``LoadError``.
    public init(directory path: String) throws {
        func fail(_ reason: String) -> LoadError { LoadError(path: path, reason: reason) }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
            isDirectory.boolValue
        else { throw fail("no such directory; `siftd train --output \(path) …` makes one") }
        func read(_ name: String) throws -> [UInt8] {
            let file = "\(path)/\(name)"
            guard let handle = FileHandle(forReadingAtPath: file) else {
                throw fail("\(name) is missing or can't be read")
            }
            defer { try? handle.close() }
            guard let data = try? handle.read(upToCount: ModelBundle.largestFile) else {
                throw fail("\(name) can't be read")
            }
            return Array(data)
        }
        let sums = ModelBundle.parseSums(String(decoding: try read("SHA256SUMS"), as: UTF8.self))
        var files: [String: [UInt8]] = [:]
        for name in ModelBundle.checkedFiles {
            let bytes = try read(name)
            guard let expected = sums[name] else { throw fail("SHA256SUMS lacks \(name)") }
            guard Digest.sha256(bytes) == expected else {
                throw fail(
                    "\(name) is damaged: its digest is not the one in SHA256SUMS; restore it "
                        + "from a backup or train again")
            }
            files[name] = bytes
        }
        do {
            configuration = try JSONDecoder().decode(
                Configuration.self, from: Data(files["config.json"] ?? []))
            report = try JSONDecoder().decode(
                JSONValue.self, from: Data(files["report.json"] ?? []))
        } catch { throw fail("config.json or report.json is not as it should be: \(error)") }
        guard configuration.format == ModelBundle.formatName,
            (1...ModelBundle.formatVersion).contains(configuration.formatVersion)
        else {
            throw fail(
                "format \(configuration.format) \(configuration.formatVersion) is not "
                    + "\(ModelBundle.formatName) \(ModelBundle.formatVersion)")
        }
        if let defect = configuration.architecture.defect {
            throw fail("config.json: \(defect), which can't be")
        }
        guard configuration.labels.count == configuration.architecture.outputs else {
            throw fail("config.json: the number of labels is not the number of outputs")
        }
        if let defect = configuration.defect { throw fail("config.json: \(defect)") }
        vocabulary = String(decoding: files["vocabulary.txt"] ?? [], as: UTF8.self)
        do {
            let tensors = try Safetensors.Reader(files["weights.safetensors"] ?? [])
            parameters = try Parameters(tensors, shape: configuration.architecture)
            linear = try configuration.linearBits.map { try LinearTerm(tensors, bits: $0) }
        } catch { throw fail("\(error)") }
        card = (try? read("MODEL_CARD.md")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Writes the bundle into a new directory, which appears only when it is complete.
    ///
    /// - Throws: ``LoadError`` when the directory exists already or can't be written.
    public func write(to path: String) throws {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: path) else {
            throw LoadError(path: path, reason: "exists already; name another directory")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let files: [(String, [UInt8])] = [
            ("config.json", Array(try encoder.encode(configuration)) + [UInt8(ascii: "\n")]),
            ("vocabulary.txt", Array(vocabulary.utf8)),
            (
                "weights.safetensors",
                try Safetensors.encode(parameters.named + (linear?.named ?? []))
            ),
            ("report.json", Array(try encoder.encode(report)) + [UInt8(ascii: "\n")]),
        ]
        let sums = files.map { "\(Digest.sha256($0.1))  \($0.0)\n" }.joined()
        let scratch = "\(path).new-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try manager.createDirectory(atPath: scratch, withIntermediateDirectories: true)
            for (name, bytes) in files {
                try Data(bytes).write(to: URL(fileURLWithPath: "\(scratch)/\(name)"))
            }
            try Data(card.utf8).write(to: URL(fileURLWithPath: "\(scratch)/MODEL_CARD.md"))
            try Data(sums.utf8).write(to: URL(fileURLWithPath: "\(scratch)/SHA256SUMS"))
            try manager.moveItem(atPath: scratch, toPath: path)
        } catch {
            try? manager.removeItem(atPath: scratch)
            throw LoadError(path: path, reason: "can't be written: \(error)")
        }
    }

    private static func parseSums(_ text: String) -> [String: String] {
        var sums: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            if fields.count == 2 { sums[String(fields[1])] = String(fields[0]) }
        }
        return sums
    }
}

extension ModelBundle.Configuration {
    /// What is wrong with the numbers apart from the architecture's, or nil.
    var defect: String? {
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
        if head == .softmax, labels.count < 2 { return "softmax with one label" }
        return nil
    }
}
