import Foundation
import Glibc
import Models

extension ModelRegistry {
    /// Activations that the history keeps.
    private static let longestHistory = 1_000

    /// Makes a version the active one, in one step.
    ///
    /// A daemon sees it at its next reload; messages in progress finish on the old version.
    ///
    /// - Parameters:
    ///   - id: the version, which is checked completely first.
    ///   - time: now, in seconds since 1970.
    ///   - reason: for the history.
    /// - Throws: ``RegistryError``; the active version is unchanged then.
    public func activate(
        _ id: String, time: Int64, reason: String = ""
    ) throws(RegistryError) {
        try locked {
            try switchTo(id, .activate, time, reason)
        }
    }

    /// Makes the version active that was so before.
    ///
    /// Repeated rollbacks lead further back, not to and fro.
    ///
    /// - Parameters:
    ///   - time: now, in seconds since 1970.
    ///   - reason: for the history.
    /// - Returns: the id of the version that is active now.
    /// - Throws: ``RegistryError`` of the kind `unknownVersion` when there is none, and as
    ///   ``activate(_:time:reason:)``.
    public func rollback(time: Int64, reason: String = "") throws(RegistryError) -> String {
        try locked {
            guard let id = try rollbackTarget() else {
                throw RegistryError(
                    .unknownVersion, registry: path,
                    reason: "no version was active before, or it was pruned; `siftd model list` "
                        + "shows what can be activated")
            }
            try switchTo(id, .rollback, time, reason)
            return id
        }
    }

    private func switchTo(
        _ id: String, _ way: ModelActivation.Way, _ time: Int64, _ reason: String
    ) throws {
        try checkExists(id)
        _ = try checkBundle(versionPath(id), version: id, calling: "the bundle")
        try checkLink()
        try recordFoundVersion(time: time)
        guard try linkedVersion() != id else { return }
        // All that the link leads to is on disk before it: a version that somebody copied here by
        // hand may not be.
        for name in try disk.names(in: versionPath(id)) {
            try disk.syncFile("\(versionPath(id))/\(name)")
        }
        try disk.syncDirectory(versionPath(id))
        try disk.syncDirectory(versionsPath)
        // What needs space comes before the switch, so that a full disk prevents both.
        try writeHistory(ModelActivation(version: id, way: way, time: time, reason: reason))
        let scratch = "\(path)/\(ModelRegistry.newPrefix)active"
        try disk.removeTree(scratch)
        try disk.link(scratch, to: "versions/\(id)")
        try disk.rename(scratch, to: activePath)
        try disk.syncDirectory(path)
        try publishHistory()
    }

    /// Refuses to replace a file or directory that somebody has put in the link's stead.
    private func checkLink() throws {
        var status = stat()
        if lstat(activePath, &status) == 0, status.st_mode & S_IFMT != S_IFLNK {
            _ = try linkedVersion()
        }
    }

    /// Removes what a crash has left, and records a switch whose record it prevented.
    ///
    /// Without the lock, or the permission to write, there is nothing to do: another process works
    /// here, or somebody only looks.
    func recover() throws(RegistryError) {
        guard access(path, W_OK) == 0 else { return }
        do {
            try RegistryLock.hold("\(path)/lock", waiting: 0, owner: disk.owner) {
                try removeLeftovers()
                try recordFoundVersion(time: Int64(Glibc.time(nil)))
            }
        } catch let failure as Disk.StepError
            where [EWOULDBLOCK, EROFS, EACCES].contains(failure.number)
        {
            return
        } catch { throw registryError(error) }
    }

    private func removeLeftovers() throws {
        for folder in [path, versionsPath] where access(folder, F_OK) == 0 {
            let leftovers = try disk.names(in: folder).filter {
                $0.hasPrefix(ModelRegistry.newPrefix) || $0.hasPrefix(ModelRegistry.oldPrefix)
            }
            for name in leftovers { try disk.removeTree("\(folder)/\(name)") }
        }
    }

    private func recordFoundVersion(time: Int64) throws {
        // A link to nowhere is reported by `active()`, and activating another version repairs it.
        guard let linked = try? linkedVersion(), try history().last?.version != linked else {
            return
        }
        try writeHistory(ModelActivation(version: linked, way: .found, time: time, reason: ""))
        try publishHistory()
    }

    private var newHistoryPath: String { "\(path)/\(ModelRegistry.newPrefix)history" }

    /// Writes the history with one more activation under another name.
    private func writeHistory(_ activation: ModelActivation) throws {
        let encoder = JSONEncoder.siftd(pretty: false)
        var text: [UInt8] = []
        for entry in (try history() + [activation]).suffix(ModelRegistry.longestHistory) {
            text += [UInt8](try encoder.encode(entry)) + [UInt8(ascii: "\n")]
        }
        try disk.removeTree(newHistoryPath)
        try disk.write(text, to: newHistoryPath)
    }

    private func publishHistory() throws {
        try disk.rename(newHistoryPath, to: historyPath)
        try disk.syncDirectory(path)
    }
}
