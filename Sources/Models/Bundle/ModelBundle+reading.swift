import Checksums
import Foundation
import TextCNN
import TextFeatures

extension ModelBundle {
    /// Reads and checks a bundle.
    ///
    /// - Parameter path: the bundle's directory.
    /// - Throws: ``ModelError`` of the kinds `missing`, `damaged`, `malformed` and `unsupported`.
    public init(directory path: String) throws(ModelError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
            isDirectory.boolValue
        else {
            throw ModelError(
                .missing, path: path, reason: "no such directory; \(ModelBundle.remedy(path))")
        }
        let files = try ModelBundle.checkedContents(of: path)
        func fail(_ kind: ModelError.Kind, _ reason: String) -> ModelError {
            ModelError(kind, path: path, reason: reason)
        }
        func part<Value>(_ read: () throws -> Value) throws(ModelError) -> Value {
            do { return try read() } catch let error as TextPipeline.UnsupportedVersion {
                throw fail(.unsupported, "config.json: \(error)")
            } catch { throw fail(.malformed, "\(error)") }
        }
        let configuration = try ModelBundle.decoded(
            ModelConfiguration.self, "config.json", files, path)
        guard configuration.isKnownFormat else {
            throw fail(
                .unsupported,
                "format \(configuration.format) \(configuration.formatVersion) is not "
                    + "\(ModelConfiguration.formatName) 1 to \(ModelConfiguration.newestVersion), "
                    + "which this siftd reads: it needs a newer siftd, or training again")
        }
        if let defect = configuration.defect { throw fail(.malformed, "config.json: \(defect)") }
        let pipeline = try part { try TextPipeline(configuration.textPipeline) }
        let card =
            FileManager.default.contents(atPath: "\(path)/\(ModelBundle.cardFile)")
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
        let report = try ModelBundle.decoded(JSONValue.self, "report.json", files, path)
        let text = files["vocabulary.txt"] ?? []
        let weights = files["weights.safetensors"] ?? []
        func checkVocabulary(_ count: Int, _ expected: Int, _ fits: Bool) throws(ModelError) {
            guard !fits else { return }
            throw fail(
                .malformed, "vocabulary.txt has \(count) tokens, the network \(expected)")
        }
        if let graph = configuration.layers {
            let vocabulary = try part { try Vocabulary(termText: text) }
            try checkVocabulary(
                vocabulary.count, graph.vocabulary, vocabulary.count <= graph.vocabulary)
            if let defect = pipeline.spec.keras?.defect(vocabulary: vocabulary.count) {
                throw fail(.malformed, "config.json: \(defect)")
            }
            let layers = try part {
                let tensors = try Safetensors.Reader(weights)
                return try LayerNetwork(graph, values: tensors.values)
            }
            self.init(
                configuration: configuration, pipeline: pipeline, vocabulary: vocabulary,
                layers: layers, report: report, card: card)
            return
        }
        guard let shape = configuration.architecture else {
            throw fail(.malformed, "config.json: it needs either architecture or layers")
        }
        let vocabulary = try part {
            try Vocabulary(fileText: String(decoding: text, as: UTF8.self))
        }
        try checkVocabulary(
            vocabulary.count, shape.vocabulary, vocabulary.count == shape.vocabulary)
        let network = try part {
            let tensors = try Safetensors.Reader(weights)
            let parameters = try Parameters(shape: shape, values: tensors.values)
            let linear = try configuration.linearBits.map {
                try LinearTerm(bits: $0, values: tensors.values)
            }
            return Network(
                parameters, linear: linear, segmentation: configuration.segments)
        }
        self.init(
            configuration: configuration, pipeline: pipeline, vocabulary: vocabulary,
            network: network, report: report, card: card)
    }

    /// What brings a bundle to a path that has none.
    private static func remedy(_ path: String) -> String {
        // A directory in the place of the registry's link would be in the way of all versions.
        if URL(fileURLWithPath: path).lastPathComponent == "active" {
            return "`siftd model activate ID` makes this link to a version; `siftd train` needs "
                + "another directory"
        }
        if path.hasSuffix("share/siftd/models/starter") {
            return "install the package siftd-model-starter, or name another model"
        }
        return "`siftd train --output \(path) …` creates one"
    }

    /// The bytes of the files that `SHA256SUMS` lists, by name; each has the digest it gives.
    private static func checkedContents(
        of path: String
    ) throws(ModelError) -> [String: [UInt8]] {
        let sums = parseSums(String(decoding: try contents(sumsFile, of: path), as: UTF8.self))
        var files: [String: [UInt8]] = [:]
        for name in checkedFiles {
            let bytes = try contents(name, of: path)
            guard let expected = sums[name] else {
                throw ModelError(.damaged, path: path, reason: "SHA256SUMS lacks \(name)")
            }
            guard SHA256.hex(bytes) == expected else {
                throw ModelError(
                    .damaged, path: path,
                    reason: "\(name) is damaged: its digest is not the one in SHA256SUMS; restore "
                        + "it from a backup or train again")
            }
            files[name] = bytes
        }
        return files
    }

    private static func contents(_ name: String, of path: String) throws(ModelError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: "\(path)/\(name)") else {
            throw ModelError(
                .missing, path: path, reason: "\(name) is missing or can't be read")
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: largestFile) else {
            throw ModelError(.missing, path: path, reason: "\(name) can't be read")
        }
        return Array(data)
    }

    private static func decoded<Value: Decodable>(
        _ type: Value.Type, _ name: String, _ files: [String: [UInt8]], _ path: String
    ) throws(ModelError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(files[name] ?? []))
        } catch {
            throw ModelError(
                .malformed, path: path, reason: "\(name) does not have the expected form: \(error)")
        }
    }

    private static func parseSums(_ text: String) -> [String: String] {
        var sums: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            if fields.count == 2 { sums[String(fields[1])] = String(fields[0]) }
        }
        return sums
    }
}
