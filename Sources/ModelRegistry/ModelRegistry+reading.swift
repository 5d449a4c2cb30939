import Foundation
import Glibc
import Models

extension ModelRegistry {
    /// The largest text file that is read, in bytes.
    private static let largestText = 16 << 20

    /// The id of the active version; nil when none has been activated.
    ///
    /// - Throws: ``RegistryError`` when `active` is no link to a version that is there.
    public func active() throws(RegistryError) -> String? {
        guard let id = try linkedVersion() else { return nil }
        guard exists(id) else {
            throw RegistryError(
                .unknownVersion, registry: path, version: id,
                reason: "is active, but its bundle is missing; activate another version with "
                    + "`siftd model activate ID`")
        }
        return id
    }

    /// The id that the link names, whether that version exists or not.
    func linkedVersion() throws(RegistryError) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(activePath, &buffer, buffer.count)
        if count < 0, errno == ENOENT { return nil }
        let target =
            count < 0
            ? "" : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Relative as we write it, or absolute as an admin may have.
        let parts = target.split(separator: "/")
        guard let id = parts.last, parts.dropLast().last == "versions" else {
            throw RegistryError(
                .failed, registry: path,
                reason: "\(activePath) is no link to versions/ID; move it away and activate a "
                    + "version")
        }
        return String(id)
    }

    /// All versions, the oldest first; those without lineage come first.
    public func list() throws(RegistryError) -> [RegisteredModel] {
        let active = try linkedVersion()
        let target = try rollbackTarget()
        let shadow = runningShadow
        return try ids().map { id in
            RegisteredModel(
                id: id, lineage: lineage(id), isActive: id == active,
                isRollbackTarget: id == target, isShadow: id == shadow, bytes: bytes(id))
        }.sorted { ($0.lineage?.added ?? 0, $0.id) < ($1.lineage?.added ?? 0, $1.id) }
    }

    /// A version with its configuration, report and activations.
    ///
    /// - Throws: ``RegistryError`` of the kinds `unknownVersion` and `damaged`.
    public func show(_ id: String) throws(RegistryError) -> ModelDetails {
        do { try checkExists(id) } catch { throw registryError(error) }
        guard let model = try list().first(where: { $0.id == id }),
            let configuration: ModelConfiguration = decoded("config.json", of: id),
            let report: JSONValue = decoded("report.json", of: id)
        else {
            throw RegistryError(
                .damaged, registry: path, version: id,
                reason: "its config.json or report.json is missing or not readable; add the bundle "
                    + "again, or remove the version with `siftd model prune`")
        }
        return ModelDetails(
            model: model, configuration: configuration, report: report,
            activations: try history().filter { $0.version == id })
    }

    /// All activations, oldest first; a line that can't be read is left out.
    public func history() throws(RegistryError) -> [ModelActivation] {
        guard let data = contents(historyPath) else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(ModelActivation.self, from: Data($0))
        }
    }

    /// The version that ``rollback(time:reason:)`` would activate; nil when there is none.
    public func rollbackTarget() throws(RegistryError) -> String? {
        guard let active = try linkedVersion() else { return nil }
        var history = try history()
        if history.last?.version != active {
            // What the next change will record.
            history.append(ModelActivation(version: active, way: .found, time: 0, reason: ""))
        }
        let stack = ModelActivation.stack(history, exists: { exists($0) || $0 == active })
        return stack.dropLast().last
    }

    /// The ids of all complete versions.
    func ids() throws(RegistryError) -> [String] {
        guard access(versionsPath, F_OK) == 0 else { return [] }
        do {
            return try disk.names(in: versionsPath).filter { !$0.hasPrefix(".") && exists($0) }
        } catch { throw registryError(error) }
    }

    func lineage(_ id: String) -> ModelLineage? { decoded(ModelRegistry.lineageFile, of: id) }

    private func decoded<Value: Decodable>(_ name: String, of id: String) -> Value? {
        contents("\(versionPath(id))/\(name)").flatMap {
            try? JSONDecoder().decode(Value.self, from: $0)
        }
    }

    private func contents(_ file: String) -> Data? {
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        return try? handle.read(upToCount: ModelRegistry.largestText) ?? Data()
    }

    private func bytes(_ id: String) -> Int64 {
        let names = (try? disk.names(in: versionPath(id))) ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            return stat("\(versionPath(id))/\(name)", &status) == 0
                ? sum + Int64(status.st_size) : sum
        }
    }
}
