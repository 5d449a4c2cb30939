import Foundation
import Glibc
import Models

extension ModelRegistry {
    /// The files of a bundle, and the base data beside it; nothing else of its directory is copied.
    private static let requiredFiles = [
        "config.json", "vocabulary.txt", "weights.safetensors", "report.json", "SHA256SUMS",
    ]
    private static let optionalFiles = ["MODEL_CARD.md", "reservoir.bin"]

    /// The names of all files that a version may have besides its lineage.
    public static let bundleFiles = requiredFiles + optionalFiles

    /// Copies a bundle into the registry; it does not become active.
    ///
    /// Its id is that of its `config.json`. Adding a bundle that is there already changes nothing.
    ///
    /// - Parameters:
    ///   - bundle: the bundle's directory, which is left as it is.
    ///   - lineage: where it comes from.
    /// - Returns: its id.
    /// - Throws: ``RegistryError``; of the kind `damaged` for a bundle that is not sound, `unfit`
    ///   for a model without the label `spam`, `exists` for another bundle of the same id.
    public func add(
        bundle: String, lineage: ModelLineage
    ) throws(RegistryError) -> String {
        try locked {
            try makeVersions()
            let scratch = "\(versionsPath)/\(ModelRegistry.newPrefix)\(getpid())"
            try disk.removeTree(scratch)
            do {
                let id = try copy(bundle, to: scratch, lineage)
                try publish(scratch, as: id, from: bundle)
                return id
            } catch {
                // After a crash this does not happen, and the next opening does it.
                try? disk.removeTree(scratch)
                throw error
            }
        }
    }

    private func makeVersions() throws {
        guard access(versionsPath, F_OK) != 0 else { return }
        try disk.makeDirectory(versionsPath)
        try disk.syncDirectory(path)
    }

    /// Copies and checks a bundle; all of it is on disk afterwards.
    private func copy(
        _ bundle: String, to scratch: String, _ lineage: ModelLineage
    ) throws -> String {
        try disk.makeDirectory(scratch)
        for name in ModelRegistry.requiredFiles + ModelRegistry.optionalFiles {
            let source = "\(bundle)/\(name)"
            if access(source, F_OK) != 0 {
                if ModelRegistry.optionalFiles.contains(name) { continue }
                throw RegistryError(
                    .damaged, registry: path,
                    reason: "\(bundle) is no complete bundle: \(name) is missing")
            }
            try disk.copy(source, to: "\(scratch)/\(name)")
        }
        let text = try JSONEncoder.siftd(pretty: true).encode(lineage)
        try disk.write([UInt8](text) + [10], to: "\(scratch)/\(ModelRegistry.lineageFile)")
        // The copy is checked, not the source: that is what will be used.
        let id = try checkBundle(scratch, version: nil, calling: bundle)
        try checkName(id)
        try disk.syncDirectory(scratch)
        return id
    }

    private func publish(_ scratch: String, as id: String, from bundle: String) throws {
        if exists(id) {
            let sums = "SHA256SUMS"
            let old = FileManager.default.contents(atPath: "\(versionPath(id))/\(sums)")
            guard old == FileManager.default.contents(atPath: "\(scratch)/\(sums)") else {
                throw RegistryError(
                    .exists, registry: path, version: id,
                    reason: "is there already with another content than \(bundle); give the new "
                        + "bundle an id of its own")
            }
            return try disk.removeTree(scratch)
        }
        try disk.rename(scratch, to: versionPath(id))
        try disk.syncDirectory(versionsPath)
    }

    /// Reads a whole bundle with all its checks.
    ///
    /// - Parameters:
    ///   - directory: the bundle.
    ///   - version: its id in the registry; nil while it is being added.
    ///   - name: how errors call the bundle.
    /// - Returns: the id in its configuration.
    /// - Throws: ``RegistryError`` of the kinds `damaged` and `unfit`.
    func checkBundle(_ directory: String, version: String?, calling name: String) throws -> String {
        let configuration: ModelConfiguration
        do { configuration = try ModelBundle(directory: directory).configuration } catch {
            let remedy =
                version == nil
                ? "train or copy it again" : "add it again from its source, or use another version"
            throw RegistryError(
                .damaged, registry: path, version: version,
                reason: "\(name) can't be used: \(error.reason); \(remedy)")
        }
        guard configuration.labels.contains("spam") else {
            throw RegistryError(
                .unfit, registry: path, version: version,
                reason: "\(name) has no label \"spam\", so it can't filter mail")
        }
        return configuration.id
    }
}
