import GRDB

/// A feedback store in one SQLite file, for a site with one filter host.
///
/// Write-ahead log with `synchronous=FULL`: a transaction is on disk before its call returns, and
/// readers don't wait for writers.
public final class SQLiteFeedbackStore: FeedbackStore {
    /// The path of the file.
    public let path: String
    let options: FeedbackOptions
    let pool: DatabasePool

    /// Opens a store, or creates it when there is no file.
    ///
    /// - Parameters:
    ///   - path: of a file in a directory that exists; a new file can be read by its owner only.
    ///   - options: limits.
    /// - Throws: ``FeedbackError``; a file that is damaged, empty, of another program or of a newer
    ///   siftd is left as it is.
    public init(path: String, options: FeedbackOptions = FeedbackOptions()) throws(FeedbackError) {
        self.path = path
        self.options = options
        pool = try StoreFile(path: path, busySeconds: options.busySeconds).open()
    }

    /// Reads at one moment.
    func read<Value>(_ body: (Database) throws -> Value) throws(FeedbackError) -> Value {
        do { return try pool.read(body) } catch { throw FeedbackError(error, store: path) }
    }

    /// Changes all or nothing; on disk when it returns.
    func write<Value>(_ body: (Database) throws -> Value) throws(FeedbackError) -> Value {
        do { return try pool.write(body) } catch { throw FeedbackError(error, store: path) }
    }

    /// An error for a value that can't be stored.
    func invalid(_ reason: String) -> FeedbackError {
        FeedbackError(.invalid, store: path, reason: reason)
    }

    /// Looks through the whole file for damage; slow for a large one.
    ///
    /// - Throws: ``FeedbackError`` of the kind `corrupt`.
    public func check() throws(FeedbackError) {
        let finding = try read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") }
        if finding != "ok" { throw FeedbackError.corrupt(finding ?? "no answer", store: path) }
    }
}
