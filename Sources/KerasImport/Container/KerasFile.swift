import Archives
import Foundation

/// A model file of any form: its architecture and where its weights are.
struct KerasFile {
    /// The architecture.
    var config: JSON
    var version: KerasVersion
    /// The version as the file writes it, for the card.
    var versionText: String
    /// The form, for the card.
    var form: String
    var weights: any WeightSource
    /// The group of the layers at the root of the weights.
    var layersGroup: String
    /// The vocabularies of text layers, by their path.
    var assets: [String: [UInt8]]

    private static let largestConfig = 1 << 28
    private static let largestWeights = 2 << 30
    private static let largestVocabulary = 1 << 26

    /// Reads a model.
    ///
    /// - Parameters:
    ///   - path: a file, or a directory with an architecture as JSON and one file of weights.
    ///   - weightsPath: the weights of an architecture that is JSON; nil looks beside it.
    /// - Throws: `Refusal`.
    init(path: String, weights weightsPath: String?) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Refusal("does not exist", isMissing: true)
        }
        if isDirectory.boolValue {
            try self.init(directory: path, weights: weightsPath)
            return
        }
        let bytes = try KerasFile.contents(path, largest: KerasFile.largestWeights)
        if bytes.starts(with: Array("PK".utf8)) {
            try self.init(archive: bytes)
        } else if bytes.starts(with: HDF5File.signature) {
            try self.init(hdf5: bytes)
        } else if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) })
            == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "\"")
        {
            try self.init(
                architecture: bytes, path: path,
                weights: weightsPath ?? KerasFile.weightsBeside(path))
        } else if KerasFile.isPickle(bytes) {
            throw Refusal(
                "is a pickle, and loading one runs code; save the model with model.save(\"name.keras\")"
            )
        } else {
            throw Refusal(
                "is neither a .keras archive nor HDF5 nor JSON; is it truncated or damaged? "
                    + "Save the model with model.save(\"name.keras\")")
        }
    }

    /// Whether the first bytes are those of a pickle of protocol 2 to 5, or of joblib.
    static func isPickle(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
    }

    /// The bytes of a file; not of a pipe or a device, which may have no end.
    static func contents(_ path: String, largest: Int) throws -> [UInt8] {
        var status = stat()
        let isThere = stat(path, &status) == 0
        guard isThere || errno != ENOENT else {
            throw Refusal("\(path) does not exist", isMissing: true)
        }
        guard !isThere || status.st_mode & S_IFMT == S_IFREG else {
            throw Refusal("\(path) is no file; write what it gives into one")
        }
        guard let handle = FileHandle(forReadingAtPath: path),
            let size = try? handle.seekToEnd()
        else { throw Refusal("\(path) can't be read") }
        defer { try? handle.close() }
        guard size <= largest else {
            throw Refusal("\(path) is larger than the limit of \(largest >> 20) MiB")
        }
        try? handle.seek(toOffset: 0)
        guard let data = try? handle.read(upToCount: Int(size)) ?? Data() else {
            throw Refusal("\(path) can't be read")
        }
        return Array(data)
    }

    private init(directory: String, weights: String?) throws {
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
            .sorted()
        if files.contains("saved_model.pb") || files.contains("keras_metadata.pb") {
            throw Refusal(
                "is a SavedModel, which holds a graph and not layers; load it in Keras and save it "
                    + "with model.save(\"name.keras\")")
        }
        let architectures = files.filter { name in
            name.hasSuffix(".json")
                && ((try? KerasFile.contents(
                    "\(directory)/\(name)", largest: KerasFile.largestConfig))
                    .flatMap { try? JSONParser.parse($0) }?["class_name"]?.text).map {
                        ["Sequential", "Functional", "Model"].contains($0)
                    } ?? false
        }
        guard architectures.count == 1 else {
            throw Refusal(
                "has \(architectures.count) architectures as JSON; name the model file itself")
        }
        let path = "\(directory)/\(architectures[0])"
        try self.init(
            architecture: try KerasFile.contents(path, largest: KerasFile.largestConfig),
            path: path,
            weights: weights ?? KerasFile.weightsBeside(path))
    }

    /// The one file of weights beside an architecture; nil when there is none or several.
    private static func weightsBeside(_ path: String) -> String? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let weights = files.filter { $0.hasSuffix(".h5") || $0.hasSuffix(".hdf5") }
        return weights.count == 1 ? "\(folder)/\(weights[0])" : nil
    }

    // MARK: Forms

    private init(archive: [UInt8]) throws {
        let members: [String: [UInt8]]
        do {
            members = try ZipMembers.read(archive) { name in
                switch name {
                case "metadata.json", "config.json": KerasFile.largestConfig
                case "model.weights.h5": KerasFile.largestWeights
                case _ where name.hasPrefix("assets/") && name.hasSuffix("/vocabulary.txt"):
                    KerasFile.largestVocabulary
                case "model.weights.npz": 0
                default: nil
                }
            }
        } catch let failure as ArchiveReader.Failure { throw Refusal(failure.reason) }
        guard let config = members["config.json"] else {
            throw Refusal("has no member config.json; is it a model of Keras?")
        }
        guard let weights = members["model.weights.h5"] else {
            throw Refusal("has no member model.weights.h5; save the model again, with its weights")
        }
        self.config = try KerasFile.architecture(config, "config.json")
        let metadata = try members["metadata.json"].map { try JSONParser.parse($0) }
        versionText = metadata?["keras_version"]?.text ?? ""
        version = KerasVersion(versionText) ?? KerasVersion(formOf: self.config)
        form = ".keras"
        let file = try HDF5File(weights)
        layersGroup = try KerasFile.layersGroup(file)
        self.weights = CheckpointWeights(file)
        assets = members.filter { $0.key.hasPrefix("assets/") }
    }

    private static func layersGroup(_ file: HDF5File) throws -> String {
        try CheckpointWeights.roots.first { try file.exists([$0]) } ?? CheckpointWeights.roots[0]
    }

    private static func architecture(_ bytes: [UInt8], _ name: String) throws -> JSON {
        let json: JSON
        do { json = try JSONParser.parse(bytes) } catch let refusal as Refusal {
            throw Refusal("\(name): \(refusal)")
        }
        // Some write the text of to_json() as a JSON string.
        if let inner = json.bytes { return try architecture(inner, name) }
        guard json["class_name"] != nil else {
            throw Refusal("\(name) is no architecture of Keras: it has no class_name")
        }
        return json
    }

    private init(hdf5 bytes: [UInt8]) throws {
        let file = try HDF5File(bytes)
        guard let config = try file.pieces([], "model_config")?.first else {
            if try file.pieces([], "layer_names") != nil
                || CheckpointWeights.roots.contains(where: { try file.exists([$0]) })
            {
                throw Refusal(
                    "holds weights alone; give the architecture of model.to_json() as the model and "
                        + "this file as --weights")
            }
            throw Refusal("is HDF5, but holds no model of Keras")
        }
        self.config = try KerasFile.architecture(config, "model_config")
        versionText =
            try file.strings([], "keras_version")?.first
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
        version = KerasVersion(versionText) ?? KerasVersion(formOf: self.config)
        form = "legacy HDF5"
        layersGroup = CheckpointWeights.roots[0]
        weights = LegacyWeights(file, root: ["model_weights"])
        assets = [:]
        guard version.major >= 2 else {
            throw Refusal("was written by Keras \(versionText); load and save it with Keras 2")
        }
    }

    private init(architecture bytes: [UInt8], path: String, weights weightsPath: String?) throws {
        config = try KerasFile.architecture(bytes, "the architecture")
        guard let weightsPath else {
            throw Refusal("is an architecture alone; give its weights with --weights FILE.h5")
        }
        let name = URL(fileURLWithPath: weightsPath).lastPathComponent
        let content = try KerasFile.contents(weightsPath, largest: KerasFile.largestWeights)
        guard content.starts(with: HDF5File.signature) else {
            throw Refusal("has weights in \(name), which is no HDF5 file")
        }
        let file = try HDF5File(content)
        let attribute = try file.strings([], "keras_version")?.first
        versionText =
            config["keras_version"]?.text ?? attribute.map { String(decoding: $0, as: UTF8.self) }
            ?? ""
        version = KerasVersion(versionText) ?? KerasVersion(formOf: config)
        form = "JSON and weights"
        layersGroup = try KerasFile.layersGroup(file)
        assets = [:]
        if try file.pieces([], "layer_names") != nil {
            weights = LegacyWeights(file, root: [])
        } else if try file.exists(["model_weights"]) {
            weights = LegacyWeights(file, root: ["model_weights"])
        } else {
            weights = CheckpointWeights(file)
        }
    }
}
