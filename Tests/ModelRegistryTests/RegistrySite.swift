import FilterTestKit
import Foundation
import ModelRegistry
import Models

/// A folder with a registry and bundles to put into it.
final class RegistrySite: Sendable {
    let folder: TemporaryFolder

    /// The smallest bundle; trained once for all tests.
    private static let trained = Result {
        var options = TinyModel.options
        options.training.epochs = 1
        options.linear.share = 0
        return try TinyModel.train(in: TemporaryFolder(), options: options)
    }

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("registry"), withIntermediateDirectories: true)
    }

    /// A site with the same files.
    init(copying other: RegistrySite) throws {
        folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: other.folder.path) {
            try FileManager.default.copyItem(
                atPath: other.folder.file(name), toPath: folder.file(name))
        }
    }

    func lineage(_ time: Int64) -> ModelLineage { ModelLineage(origin: .imported, added: time) }

    /// Opens the registry, and adds versions in this order.
    func registry(with ids: [String] = []) throws -> ModelRegistry {
        let registry = try ModelRegistry(path: folder.file("registry"))
        for (index, id) in ids.enumerated() {
            _ = try registry.add(bundle: bundle(id), lineage: lineage(Int64(index)))
        }
        return registry
    }

    /// A bundle with this id.
    func tiny(_ id: String, label: String = "spam", threshold: Double? = nil) throws -> ModelBundle
    {
        var bundle = try RegistrySite.trained.get()
        bundle.configuration.id = id
        bundle.configuration.labels = [label]
        if let threshold { bundle.configuration.thresholds["tag"]?.probability = threshold }
        return bundle
    }

    /// Writes a bundle of this id and returns its directory.
    func bundle(
        _ id: String, card: String = "", label: String = "spam", threshold: Double? = nil
    ) throws -> String {
        let path = folder.file("\(id)\(card)".replacingOccurrences(of: "/", with: "_"))
        if FileManager.default.fileExists(atPath: path) { return path }
        try tiny(id, label: label, threshold: threshold).write(to: path)
        return path
    }

    /// Flips a bit in the middle of a file.
    func damage(_ name: String) throws {
        let url = URL(fileURLWithPath: folder.file(name))
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: url)
    }

    /// Names of what is not complete or half removed.
    func leftovers() throws -> [String] {
        let registry = folder.file("registry")
        return try FileManager.default.subpathsOfDirectory(atPath: registry).filter {
            $0.contains(".new-") || $0.contains(".old-")
        }
    }
}
