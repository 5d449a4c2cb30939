import Foundation
import Glibc
import Models

/// The versions of a site's model, of which one is active.
///
/// The directory holds `versions/ID` (a bundle with its `lineage.json`), `active`, a link to one of
/// them, `history` with the activations, `shadow` and `lock`. Any thread and any process may use
/// it: changes wait for each other, and a crash at any moment leaves the old active version or the
/// new one. Leftovers of a crash are removed when a registry is opened.
public struct ModelRegistry: Sendable {
    /// The registry's directory.
    public let path: String
    let disk: Disk
    /// How long a change waits for another process, in seconds.
    let lockSeconds: Double

    /// The longest id of a version, in bytes.
    private static let longestID = 100
    /// The name of the file with a version's lineage.
    public static let lineageFile = "lineage.json"
    /// Names of what is not complete yet, and of what is being removed.
    static let newPrefix = ".new-"
    static let oldPrefix = ".old-"

    /// The path to name as `model.directory`: a link to the active version.
    public var activePath: String { "\(path)/active" }
    var versionsPath: String { "\(path)/versions" }
    var historyPath: String { "\(path)/history" }

    /// Opens a registry and removes what a crash has left.
    ///
    /// - Parameters:
    ///   - path: an existing directory, which may be empty.
    ///   - lockSeconds: how long a change waits for another process.
    /// - Throws: ``RegistryError`` of the kind `missingDirectory`, or when a leftover can't be
    ///   removed.
    public init(path: String, lockSeconds: Double = 30) throws(RegistryError) {
        try self.init(path: path, lockSeconds: lockSeconds, disk: Disk())
    }

    init(path: String, lockSeconds: Double = 30, disk: Disk) throws(RegistryError) {
        self.path = path
        var disk = disk
        disk.owner = Disk.Owner(ofDirectory: path)
        self.disk = disk
        self.lockSeconds = lockSeconds
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw RegistryError(
                .missingDirectory, registry: path,
                reason: "no such directory; create it for siftd's user")
        }
        try recover()
    }

    /// The path of a version's bundle.
    func versionPath(_ id: String) -> String { "\(versionsPath)/\(id)" }

    func exists(_ id: String) -> Bool {
        var status = stat()
        return stat("\(versionPath(id))/config.json", &status) == 0
    }

    /// Runs a change while no other process makes one.
    func locked<Value>(_ body: () throws -> Value) throws(RegistryError) -> Value {
        do {
            return try RegistryLock.hold(
                "\(path)/lock", waiting: lockSeconds, owner: disk.owner, body)
        } catch { throw registryError(error) }
    }

    /// What an error of a step means for the admin.
    func registryError(_ error: any Error) -> RegistryError {
        if let error = error as? RegistryError { return error }
        guard let failure = error as? Disk.StepError else {
            return RegistryError(.failed, registry: path, reason: "\(error)")
        }
        switch failure.number {
        case EWOULDBLOCK:
            return RegistryError(
                .busy, registry: path,
                reason: "another process is changing it; try again, or find it with fuser(1)")
        case ENOSPC, EDQUOT:
            return RegistryError(
                .full, registry: path,
                reason: "\(failure.words); the active version is unchanged. Free space, or remove "
                    + "versions with `siftd model prune`")
        default:
            return RegistryError(
                .failed, registry: path,
                reason: "\(failure.words); the directory must belong to siftd's user, on a file "
                    + "system that is mounted for writing")
        }
    }

    /// Refuses an id that could not be a plain directory's name.
    func checkName(_ id: String) throws {
        let isPlain = id.utf8.allSatisfy {
            ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                || ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        }
        guard isPlain, !id.isEmpty, id.utf8.count <= ModelRegistry.longestID, !id.hasPrefix(".")
        else {
            throw RegistryError(
                .unknownVersion, registry: path,
                version: String(id.prefix(ModelRegistry.longestID)),
                reason: "is no id of a version: use letters, digits, '-', '_' and '.'")
        }
    }

    func checkExists(_ id: String) throws {
        try checkName(id)
        guard exists(id) else {
            throw RegistryError(
                .unknownVersion, registry: path, version: id,
                reason: "there is no such version; `siftd model list` shows those there are")
        }
    }
}
