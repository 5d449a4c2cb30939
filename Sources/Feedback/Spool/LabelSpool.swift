import Foundation
import GRDB
import Glibc

/// Operations that wait on this host for the shared database, in a SQLite file.
///
/// An operation is on disk when ``append(_:)`` returns. Several processes may use the file at once.
public final class LabelSpool: Sendable {
    /// An operation with its turn.
    struct Entry: Sendable {
        var id: Int64
        var operation: StoreOperation
        var attempts: Int
    }

    /// What waits.
    public struct Status: Sendable, Equatable {
        /// Operations that wait.
        public var entries = 0
        /// When the oldest of them was asked for, in seconds since 1970; nil for none.
        public var oldest: Int64?
        /// Operations that the database has refused for good; they are kept for the admin.
        public var refused = 0
        /// Why, of the last one; empty for none.
        public var lastRefusal = ""

        /// Nothing waits.
        public init() {}
    }

    /// Bounds of a spool.
    public struct Limits: Sendable, Equatable {
        /// Operations; a label is one.
        public var entries = 200_000
        /// Bytes on disk, without room for the next ones.
        public var bytes: Int64 = 1 << 30

        /// The defaults.
        public init() {}
    }

    /// The path of the file.
    public let path: String
    private let limits: Limits
    private let queue: DatabaseQueue

    /// `PRAGMA application_id`: the letters "sfsp".
    private static let applicationID: Int64 = 0x7366_7370

    /// Opens a spool, or creates it.
    ///
    /// - Parameters:
    ///   - path: of a file in a directory that exists.
    ///   - limits: beyond which ``append(_:)`` refuses.
    ///   - busySeconds: how long a call waits for another process.
    /// - Throws: ``FeedbackError``.
    public init(
        path: String, limits: Limits = Limits(), busySeconds: Double = 5
    ) throws(FeedbackError) {
        self.path = path
        self.limits = limits
        do {
            var configuration = Configuration()
            configuration.label = "spool"
            // See StoreFile.
            configuration.qos = .default
            configuration.busyMode = .timeout(busySeconds)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try db.execute(sql: "PRAGMA secure_delete = ON")
            }
            // SQLite gives the files beside it the same permissions.
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if descriptor >= 0 {
                FolderOwner.adopt(descriptor, at: path)
                close(descriptor)
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try LabelSpool.migrator.migrate(queue)
        } catch { throw LabelSpool.failure(error, path) }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 operations") { db in
            try db.execute(
                sql: """
                    PRAGMA application_id = \(applicationID);
                    CREATE TABLE entry (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        operation BLOB NOT NULL UNIQUE CHECK (length(operation) = 16),
                        time INTEGER NOT NULL,
                        attempts INTEGER NOT NULL DEFAULT 0,
                        change BLOB NOT NULL
                    ) STRICT;
                    CREATE TABLE refused (
                        operation BLOB NOT NULL UNIQUE CHECK (length(operation) = 16),
                        time INTEGER NOT NULL,
                        change BLOB NOT NULL,
                        reason TEXT NOT NULL
                    ) STRICT;
                    """)
        }
        return migrator
    }

    private static func failure(_ error: any Error, _ path: String) -> FeedbackError {
        FeedbackError(error, store: path)
    }

    private func write<Value>(_ body: (Database) throws -> Value) throws(FeedbackError) -> Value {
        do { return try queue.write(body) } catch { throw LabelSpool.failure(error, path) }
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws(FeedbackError) -> Value {
        do { return try queue.read(body) } catch { throw LabelSpool.failure(error, path) }
    }

    // MARK: Entries

    /// Keeps an operation; it is on disk when this returns.
    ///
    /// - Throws: ``FeedbackError`` of the kind `full` when the spool is at its limit.
    public func append(_ operation: StoreOperation) throws(FeedbackError) {
        let limits = limits
        let path = path
        try write { db in
            let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM entry") ?? 0
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            let size = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
            let encoded = try operation.encoded
            guard count < limits.entries,
                (pages - free) * size + Int64(encoded.count) <= limits.bytes
            else {
                throw FeedbackError(
                    .full, store: path,
                    reason: "\(count) operations wait for the shared database, which is the limit; "
                        + "nothing was kept. Bring the database back, then try again")
            }
            try db.execute(
                sql: "INSERT OR IGNORE INTO entry (operation, time, change) VALUES (?, ?, ?)",
                arguments: [operation.id.data, operation.time, encoded])
        }
    }

    /// Whether nothing waits.
    public func isEmpty() throws(FeedbackError) -> Bool {
        try read { try Bool.fetchOne($0, sql: "SELECT NOT EXISTS (SELECT 1 FROM entry)") ?? true }
    }

    /// What waits.
    public func status() throws(FeedbackError) -> Status {
        try read { db in
            var status = Status()
            status.entries = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM entry") ?? 0
            status.oldest = try Int64.fetchOne(db, sql: "SELECT MIN(time) FROM entry")
            status.refused = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM refused") ?? 0
            status.lastRefusal =
                try String.fetchOne(
                    db, sql: "SELECT reason FROM refused ORDER BY rowid DESC LIMIT 1") ?? ""
            return status
        }
    }

    /// The operations whose turn it is, in their order.
    ///
    /// - Parameters:
    ///   - limit: the most operations.
    ///   - bytes: after which no further operation is added.
    /// - Returns: none when nothing waits.
    /// - Throws: ``FeedbackError``.
    func first(_ limit: Int, bytes: Int) throws(FeedbackError) -> [Entry] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: "SELECT id, operation, time, attempts, change FROM entry ORDER BY id LIMIT ?",
                arguments: [limit])
            var entries: [Entry] = []
            var size = 0
            while size < bytes, let row = try rows.next() {
                var columns = ColumnReader(SQLRow(row))
                let id: Int64 = try columns.next()
                let name = try columns.make { (data: Data) in UUID(data) }
                let time: Int64 = try columns.next()
                let attempts: Int = try columns.next()
                let change: Data = try columns.next()
                size += change.count
                entries.append(
                    Entry(
                        id: id,
                        operation: try StoreOperation(id: name, time: time, encoded: change),
                        attempts: attempts))
            }
            return entries
        }
    }

    /// Removes operations that were delivered; they follow one another in the spool.
    func remove(_ entries: some Collection<Entry>) throws(FeedbackError) {
        let ids = entries.map(\.id)
        guard let first = ids.min(), let last = ids.max() else { return }
        try write {
            try $0.execute(
                sql: "DELETE FROM entry WHERE id BETWEEN ? AND ?", arguments: [first, last])
        }
    }

    /// Records that the database has refused an operation.
    func countAttempt(_ entry: Entry) throws(FeedbackError) {
        try write {
            try $0.execute(
                sql: "UPDATE entry SET attempts = attempts + 1 WHERE id = ?",
                arguments: [entry.id])
        }
    }

    /// Puts an operation aside that the database refuses for good.
    func putAside(_ entry: Entry, reason: String) throws(FeedbackError) {
        try write { db in
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO refused (operation, time, change, reason)
                    SELECT operation, time, change, ? FROM entry WHERE id = ?
                    """, arguments: [reason, entry.id])
            try db.execute(sql: "DELETE FROM entry WHERE id = ?", arguments: [entry.id])
        }
    }
}

extension UUID {
    /// Nil unless there are 16 bytes.
    fileprivate init?(_ data: Data) {
        guard data.count == 16 else { return nil }
        self = data.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
