import Foundation
import Glibc
import Models

/// The version that scores beside the active one. Only the last one is known.
extension ModelRegistry {
    private var shadowPath: String { "\(path)/shadow" }

    /// The bundle's directory of a version, which may not exist.
    public func bundlePath(of id: String) -> String { versionPath(id) }

    /// The last version that scored beside the active one, whatever has become of it.
    ///
    /// - Returns: nil when there was none, or when the file can't be read.
    public func shadow() -> ModelShadow? {
        guard let text = FileManager.default.contents(atPath: shadowPath) else { return nil }
        return try? JSONDecoder().decode(ModelShadow.self, from: text)
    }

    /// The id of the version that scores beside the active one now.
    var runningShadow: String? { shadow().flatMap { $0.state == .running ? $0.version : nil } }

    /// Lets a version score beside the active one; another one that does so stops.
    ///
    /// - Parameters:
    ///   - id: the version.
    ///   - hours: for how long.
    ///   - time: now, in seconds since 1970.
    /// - Throws: ``RegistryError``; of the kind `unknownVersion` when there is no such version.
    public func beginShadow(_ id: String, hours: Double, time: Int64) throws(RegistryError) {
        try locked {
            try checkExists(id)
            try write(ModelShadow(version: id, since: time, hours: hours))
        }
    }

    /// Records what a shadow was compared on so far.
    ///
    /// - Parameters:
    ///   - report: in any form.
    ///   - id: the version.
    /// - Returns: false when the version's shadow has ended meanwhile; nothing is recorded then.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func recordShadow(_ report: JSONValue, of id: String) throws(RegistryError) -> Bool {
        try change(id) { $0.report = report }
    }

    /// Ends a shadow.
    ///
    /// - Parameters:
    ///   - id: the version.
    ///   - state: what becomes of it; the active version is not changed here.
    ///   - time: now, in seconds since 1970.
    ///   - reason: for whoever looks at it later.
    /// - Returns: false when it had ended before.
    /// - Throws: ``RegistryError``.
    @discardableResult
    public func endShadow(
        _ id: String, _ state: ModelShadow.State, time: Int64, reason: String
    ) throws(RegistryError) -> Bool {
        try change(id) { shadow in
            shadow.state = state
            shadow.ended = time
            shadow.reason = reason
        }
    }

    private func change(
        _ id: String, _ body: (inout ModelShadow) -> Void
    ) throws(RegistryError) -> Bool {
        try locked {
            guard var shadow = shadow(), shadow.version == id, shadow.state == .running else {
                return false
            }
            body(&shadow)
            try write(shadow)
            return true
        }
    }

    /// Replaces the file in one step; the lock must be held.
    private func write(_ shadow: ModelShadow) throws {
        let text = try JSONEncoder.siftd(pretty: true).encode(shadow)
        let scratch = "\(path)/\(ModelRegistry.newPrefix)shadow"
        try disk.removeTree(scratch)
        try disk.write([UInt8](text) + [UInt8(ascii: "\n")], to: scratch)
        try disk.rename(scratch, to: shadowPath)
        try disk.syncDirectory(path)
    }
}
