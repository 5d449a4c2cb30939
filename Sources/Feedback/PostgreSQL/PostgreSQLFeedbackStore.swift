import Foundation
import PostgreSQL

/// A feedback store in a PostgreSQL database, for a site with several filter hosts.
///
/// All changes of labels have one order, whichever host makes them: each transaction that changes
/// labels holds the row with the revision first. So all hosts that have the same revision have the
/// same labels in the same order, and score with the same bits. Nothing connects before the first
/// call, and while the database is away calls fail at once.
public final class PostgreSQLFeedbackStore: ForwardingFeedbackStore {
    /// The channel on which each change of labels is notified, with the new revision.
    public static let labelsChannel = "siftd_labels"

    /// The connections.
    public let pool: PostgreSQLPool
    /// The tables in the database.
    public let base: any FeedbackStore
    private let tables: FeedbackTables
    private let postgresql: PostgreSQLEngine
    private let host: String

    /// Seconds for a statement or a lock of an operation that nobody waits for.
    private static let lateSeconds = 15.0

    /// Days for which the database remembers that an operation was done.
    ///
    /// A host whose delivery's answer was lost and that was away for longer would deliver it again.
    private static let memoryDays: Int64 = 90

    /// A store; the database is not asked yet.
    ///
    /// - Parameters:
    ///   - pool: the connections to the database.
    ///   - options: limits.
    ///   - host: this host's name in the fleet.
    public init(
        _ pool: PostgreSQLPool, options: FeedbackOptions = FeedbackOptions(), host: String = ""
    ) {
        self.pool = pool
        self.host = host
        postgresql = PostgreSQLEngine(pool)
        tables = FeedbackTables(engine: postgresql, options: options)
        base = tables
    }

    /// The database's address, which holds no secret.
    public var address: String { tables.engine.store }

    var engine: any SQLEngine { postgresql }

    /// The names of the tables.
    public static let tableNames = [
        "siftd_schema", "store", "site", "label", "history", "retraining", "operation", "removal",
    ]

    /// How the tables of a database compare with this siftd's; nothing is changed.
    ///
    /// - Throws: `PostgreSQLError`, also for a role without a schema.
    public static func tables(_ connection: PostgreSQLConnection) throws -> SchemaState {
        try PostgreSQLSchema.state(connection)
    }

    // MARK: Revisions

    /// The number of the last change.
    ///
    /// Of a database that was restored from a backup it first becomes higher than any number that
    /// this host has seen, so that no host takes new changes for those that it knows.
    public func revision() throws(FeedbackError) -> Int64 {
        let revision = try tables.revision()
        guard revision < postgresql.newestRevision else {
            note(revision)
            return revision
        }
        let next: Int64 = try postgresql.write { db in
            var ledger = try LabelLedger(db, options: tables.options)
            try ledger.finish()
            return ledger.revision
        }
        note(next)
        return next
    }

    /// Remembers a revision that this host has seen, such as that of the layer on its disk.
    public func note(_ revision: Int64) { postgresql.note(revision) }

    /// What has happened to the active labels since a revision.
    public func changes(
        since revision: Int64, limit: Int
    ) throws(FeedbackError) -> LabelChanges {
        let changes = try tables.changes(since: revision, limit: limit)
        if case .appended(_, let next) = changes { note(next) }
        return changes
    }

    // MARK: Operations

    /// Does what an operation says, unless it was done before.
    ///
    /// Both are recorded in one transaction, so that an operation whose answer was lost can be
    /// repeated.
    ///
    /// - Parameters:
    ///   - operation: what to do.
    ///   - isLate: whether it was asked for some time ago. What its people have said since holds:
    ///     later labels of the same source are not replaced, and only labels from before it are
    ///     removed or confirmed.
    /// - Returns: what it did.
    /// - Throws: ``FeedbackError``; of the kinds `unavailable` and `busy` if it may be repeated.
    public func perform(
        _ operation: StoreOperation, isLate: Bool = false
    ) throws(FeedbackError) -> StoreOperation.Answer {
        try perform([operation], isLate: isLate)[0]
    }

    /// Does what operations say in one transaction, in their order; see ``perform(_:isLate:)``.
    ///
    /// - Returns: what each did.
    /// - Throws: ``FeedbackError``; none of them is done then.
    func perform(
        _ operations: [StoreOperation], isLate: Bool
    ) throws(FeedbackError) -> [StoreOperation.Answer] {
        for operation in operations {
            if let defect = operation.defect { throw tables.invalid(defect) }
        }
        let seconds = isLate ? PostgreSQLFeedbackStore.lateSeconds : nil
        return try postgresql.write(seconds: seconds) { db in
            try db.lockStore()
            var removals: LateRemovals?
            return try operations.map { operation in
                if isLate, removals == nil {
                    removals = try LateRemovals(after: operation.time, db)
                }
                // What it takes back counts for the next ones.
                defer { if case .remove = operation.change { removals = nil } }
                return try perform(operation, db, late: removals)
            }
        }
    }

    private func perform(
        _ operation: StoreOperation, _ db: any SQLSession, late removals: LateRemovals?
    ) throws -> StoreOperation.Answer {
        let isLate = removals != nil
        let isNew = try db.run(
            """
            INSERT INTO operation (id, host, given, labels) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """, [operation.id.data, host, operation.time, operation.labelCount])
        guard isNew == 1 else { return .repeated }
        switch operation.change {
        case .add(let labels):
            return .receipts(try tables.add(labels, db, late: removals))
        case .addOfHistory(let label):
            return .receipts([try tables.add(label, db, late: removals)])
        case .remove(let selection):
            try LateRemovals.record(operation, db)
            return .removal(try tables.remove(operation.condition(selection, isLate: isLate), db))
        case .confirm(let selection):
            return .removal(try tables.confirm(operation.condition(selection, isLate: isLate), db))
        }
    }

    /// Forgets operations that nobody can repeat any more, some thousands at a time.
    ///
    /// - Throws: ``FeedbackError``.
    public func forgetOldOperations() throws(FeedbackError) {
        let oldest = PostgreSQLFeedbackStore.memoryDays * 86_400
        _ = try engine.write { db in
            try db.run(
                """
                DELETE FROM operation WHERE id IN (
                    SELECT id FROM operation WHERE done < \(PostgreSQLSchema.now) - ? LIMIT 5000)
                """, [oldest])
            try db.run("DELETE FROM removal WHERE done < \(PostgreSQLSchema.now) - ?", [oldest])
        }
    }

    // MARK: Site

    /// The key of the labels' features, which all hosts have in common.
    ///
    /// - Parameter proposed: what becomes the key if no host has proposed one before.
    /// - Returns: the key.
    /// - Throws: ``FeedbackError``.
    public func siteSecret(proposed: [UInt8]) throws(FeedbackError) -> [UInt8] {
        try engine.write { db in
            try db.run(
                "INSERT INTO site (id, secret) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
                [Data(proposed)])
            guard let row = try db.rows("SELECT secret FROM site").first else {
                throw StoreDamage(description: "the site's secret is missing")
            }
            var columns = ColumnReader(row)
            return try columns.bytes()
        }
    }
}

extension StoreOperation {
    /// The labels that a selection means; of a late operation only those that it could mean.
    fileprivate func condition(_ selection: LabelSelection, isLate: Bool) -> LabelCondition {
        isLate ? selection.condition.given(until: time) : selection.condition
    }
}

extension UUID {
    /// The 16 bytes.
    var data: Data { withUnsafeBytes(of: uuid) { Data($0) } }
}
