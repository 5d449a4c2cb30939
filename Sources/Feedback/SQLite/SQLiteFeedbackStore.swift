import GRDB

/// A feedback store in one SQLite file, for a site with one filter host.
///
/// Write-ahead log with `synchronous=FULL`: a transaction is on disk before its call returns, and
/// readers don't wait for writers.
public final class SQLiteFeedbackStore: ForwardingFeedbackStore {
    /// The path of the file.
    public let path: String
    let pool: DatabasePool
    var engine: any SQLEngine { SQLiteEngine(path: path, pool: pool) }
    /// The tables in the file.
    public let base: any FeedbackStore

    /// Opens a store, or creates it when there is no file.
    ///
    /// - Parameters:
    ///   - path: of a file in a directory that exists; a new file can be read by its owner only.
    ///   - options: limits.
    /// - Throws: ``FeedbackError``; a file that is damaged, empty, of another program or of a newer
    ///   siftd is left as it is.
    public init(path: String, options: FeedbackOptions = FeedbackOptions()) throws(FeedbackError) {
        self.path = path
        pool = try StoreFile(path: path, busySeconds: options.busySeconds).open()
        base = FeedbackTables(engine: SQLiteEngine(path: path, pool: pool), options: options)
    }
}
