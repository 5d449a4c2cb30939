import Feedback
import Foundation
import Glibc
import SiteLearning

/// What a host keeps of labels that are in a database of several hosts: what waits for the
/// database, a copy of the site's secret, and the layer.
extension SiteFolder {
    /// The file of what waits for the database.
    public var spoolPath: String { "\(path)/spool.sqlite" }
    /// The copy of the secret that the hosts have in common; another file than the one of a host
    /// alone, whose labels it may still have.
    var sharedSecretPath: String { "\(path)/secret.shared" }
    /// The weights as of a label of the database.
    public var sharedCachePath: String { "\(path)/layer.shared" }

    /// Opens the spool and prepares the connections; the database is not asked yet.
    ///
    /// - Parameters:
    ///   - shared: where the database is.
    ///   - learn: how the site learns.
    ///   - host: this host's name.
    ///   - report: called for each delivery from the spool, on a queue.
    /// - Returns: the store.
    /// - Throws: `FeedbackError`.
    public func store(
        _ shared: SharedStoreOptions, _ learn: LearnOptions, host: String,
        report: @escaping @Sendable (SpoolDelivery.Event) -> Void = { _ in }
    ) throws(FeedbackError) -> SpooledFeedbackStore {
        SpooledFeedbackStore(
            PostgreSQLFeedbackStore(
                try shared.connections(), options: learn.store, host: host),
            spool: try LabelSpool(path: spoolPath), report: report)
    }

    /// This host's copy of the secret of all hosts.
    ///
    /// - Throws: ``OpenError`` when there is none.
    public func sharedSecret() throws(OpenError) -> SiteSecret {
        guard let bytes = FileManager.default.contents(atPath: sharedSecretPath),
            let secret = SiteSecret(Array(bytes))
        else {
            throw OpenError(
                path: sharedSecretPath,
                reason: "is not there or damaged; start siftd while the database answers")
        }
        return secret
    }

    /// The secret of all hosts: the database's, or this host's copy while the database is away.
    ///
    /// The first host's secret becomes that of all.
    ///
    /// - Throws: `FeedbackError` while the database is away and there is no copy, ``OpenError``.
    public func secret(of store: SpooledFeedbackStore) throws -> SiteSecret {
        let copy = FileManager.default.contents(atPath: sharedSecretPath)
            .flatMap { SiteSecret(Array($0)) }
        let bytes: [UInt8]
        do {
            bytes = try store.shared.siteSecret(proposed: (copy ?? SiteSecret.random()).bytes)
        } catch {
            if error.mayPass, let copy { return copy }
            throw error
        }
        guard let secret = SiteSecret(bytes) else {
            throw OpenError(
                path: store.shared.address, reason: "the site's secret has \(bytes.count) bytes")
        }
        if let copy, copy.bytes == secret.bytes { return secret }
        if copy != nil {
            // What waits was hashed with the other secret and would mean nothing there.
            guard try store.spool.isEmpty() else {
                throw OpenError(
                    path: spoolPath,
                    reason: "has labels for another database than store.url names; name that one "
                        + "until they are delivered, or remove the file")
            }
            unlink(sharedCachePath)
        }
        guard DurableFile.replace(sharedSecretPath, by: secret.bytes) else {
            throw OpenError(
                path: sharedSecretPath,
                reason: "\(String(cString: strerror(errno))); the folder must belong to siftd's "
                    + "user")
        }
        DurableFile.sync(folder: path)
        return secret
    }
}
