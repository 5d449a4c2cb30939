import Feedback
import Foundation
import Glibc
import SiteLearning

/// The directory that holds what a site has taught: `labels.sqlite`, `secret` and `layer`.
///
/// Losing `layer` costs a replay; losing `secret` makes the features of all labels useless, so it
/// is as durable as they are.
public struct SiteFolder: Sendable {
    /// Why the folder can't be used.
    public struct OpenError: Error, CustomStringConvertible, Sendable {
        /// The file.
        public var path: String
        /// What is wrong with it, and what to do.
        public var reason: String
        /// Whether there is no such file, though there must be one.
        public var isMissing: Bool

        /// An error of a file.
        public init(path: String, reason: String, isMissing: Bool = false) {
            self.path = path
            self.reason = reason
            self.isMissing = isMissing
        }

        /// One line for the log or the terminal.
        public var description: String { "\(path): \(reason)" }
    }

    /// The folder's path.
    public let path: String

    /// A folder at a path; nothing is opened yet.
    public init(path: String) { self.path = path }

    /// The file of the label store.
    public var storePath: String { "\(path)/labels.sqlite" }
    var secretPath: String { "\(path)/secret" }
    /// The weights as of a label, so that a start need not replay all labels.
    public var cachePath: String { "\(path)/layer" }

    /// Opens the label store, or creates it.
    ///
    /// - Throws: `FeedbackError`.
    public func store(_ options: LearnOptions) throws(FeedbackError) -> any FeedbackStore {
        try SQLiteFeedbackStore(path: storePath, options: options.store)
    }

    /// Reads the secret, or makes one where there is none.
    ///
    /// - Throws: ``OpenError`` when the file can't be read or written, or holds something else.
    public func secret() throws(OpenError) -> SiteSecret {
        if let bytes = FileManager.default.contents(atPath: secretPath) {
            guard let secret = SiteSecret(Array(bytes)) else {
                throw OpenError(
                    path: secretPath,
                    reason: "has \(bytes.count) bytes, not \(SiteSecret.length); restore it from a "
                        + "backup, or remove it together with labels.sqlite")
            }
            return secret
        }
        let secret = SiteSecret.random()
        // Two processes may start at once: the link of the first one wins.
        let own = "\(secretPath).\(getpid())"
        defer { unlink(own) }
        guard DurableFile.write(secret.bytes, to: own) else { throw failure(own) }
        if link(own, secretPath) == 0 {
            DurableFile.sync(folder: path)
            return secret
        }
        guard errno == EEXIST else { throw failure(secretPath) }
        guard let bytes = FileManager.default.contents(atPath: secretPath),
            let other = SiteSecret(Array(bytes))
        else { throw failure(secretPath) }
        return other
    }

    private func failure(_ file: String) -> OpenError {
        OpenError(
            path: file,
            reason: "\(String(cString: strerror(errno))); the folder must belong to siftd's user")
    }
}

/// Files that are whole or absent after a crash.
enum DurableFile {
    /// Writes a new file that only its owner can read, and waits until it is on disk.
    static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        FolderOwner.adopt(file, at: path)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return false }
            written += count
        }
        return fsync(file) == 0
    }

    /// Waits until the names in a folder are on disk.
    static func sync(folder: String) {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return }
        fsync(file)
        close(file)
    }

    /// Replaces a file by another one, or leaves it as it is.
    static func replace(_ path: String, by bytes: [UInt8]) -> Bool {
        let temporary = "\(path).new"
        guard write(bytes, to: temporary), rename(temporary, path) == 0 else {
            unlink(temporary)
            return false
        }
        return true
    }
}
