import Checksums
import Foundation
import ModelRegistry
import Models

/// The files of a version of this host's registry.
public struct LocalBundle: Sendable {
    /// The version's id.
    public let id: String
    /// Names, sizes and digests of its files.
    public let manifest: ModelManifest
    /// Where it comes from, as JSON.
    let lineage: String
    private let folder: String

    /// Reads the files of a version.
    ///
    /// - Throws: ``FleetError`` of the kind `damaged` when one can't be read.
    public init(_ id: String, of registry: ModelRegistry) throws(FleetError) {
        self.id = id
        folder = registry.bundlePath(of: id)
        var files: [ModelManifest.File] = []
        for name in ModelRegistry.bundleFiles {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                continue
            }
            files.append(
                .init(name: name, sha256: SHA256.hex(Array(data)), bytes: Int64(data.count)))
        }
        guard let manifest = ModelManifest(files) else {
            throw FleetError(.damaged, "version \(id) has no files in \(folder)")
        }
        self.manifest = manifest
        let data = FileManager.default.contents(
            atPath: "\(folder)/\(ModelRegistry.lineageFile)")
        lineage = data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Reads a file part by part.
    func read(
        _ file: ModelManifest.File, partBytes: Int, _ body: (Int64, [UInt8]) throws -> Void
    ) throws {
        guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(file.name)") else {
            throw FleetError(.damaged, "\(folder)/\(file.name) can't be read")
        }
        defer { try? handle.close() }
        var part: Int64 = 0
        while let data = try handle.read(upToCount: partBytes), !data.isEmpty {
            try body(part, Array(data))
            part += 1
        }
    }
}
