import Foundation

/// A transaction on the tables of a store.
///
/// Statements are in a dialect that all engines understand: question marks for arguments, no name
/// of a column type. The calls block.
protocol SQLSession {
    /// Runs a statement.
    ///
    /// - Returns: how many rows it has changed.
    @discardableResult
    func run(_ sql: String, _ arguments: SQLArguments) throws -> Int

    /// Calls `body` for each row of a query, or of a statement that returns rows.
    func forEachRow(
        _ sql: String, _ arguments: SQLArguments, _ body: (SQLRow) throws -> Void
    ) throws

    /// The number in the first column of the first row; 0 when there is none.
    func number(_ sql: String, _ arguments: SQLArguments) throws -> Int64

    /// Runs an INSERT of one row into a table with the column `id`.
    ///
    /// - Returns: the new row's id.
    func insert(_ sql: String, _ arguments: SQLArguments) throws -> Int64

    /// The highest revision that this process has seen: a store that has less was restored from a
    /// backup, or lost its last changes. 0 where that can't be.
    var newestRevision: Int64 { get }

    /// Waits until no other transaction changes labels, and keeps others waiting until this one
    /// ends: changes have one order, whoever makes them.
    func lockStore() throws

    /// Informs the other readers of the labels when the transaction is committed.
    func announce(_ revision: Int64) throws
}

extension SQLSession {
    var newestRevision: Int64 { 0 }

    /// Runs a statement without arguments.
    func run(_ sql: String) throws { try run(sql, []) }

    /// All rows of a query.
    func rows(_ sql: String, _ arguments: SQLArguments = []) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try forEachRow(sql, arguments) { rows.append($0) }
        return rows
    }

    /// The number in the first column of the first row; 0 when there is none.
    func number(_ sql: String) throws -> Int64 { try number(sql, []) }

    /// The same, found among all rows.
    func firstNumber(_ sql: String, _ arguments: SQLArguments) throws -> Int64 {
        guard let row = try rows(sql, arguments).first else { return 0 }
        var columns = ColumnReader(row)
        return try columns.optional() ?? 0
    }

    /// Whether a query has a row.
    func exists(_ sql: String, _ arguments: SQLArguments) throws -> Bool {
        try number("SELECT EXISTS(\(sql))", arguments) == 1
    }
}

/// A database that holds the tables of a store; any thread may use it.
protocol SQLEngine: Sendable {
    /// The store's name for errors: the path of its file, or its address.
    var store: String { get }

    /// Reads at one moment.
    func read<Value>(
        _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value

    /// Changes all or nothing; durable when it returns.
    ///
    /// `body` may be called again, when the engine has undone all that it did.
    func write<Value>(
        _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value

    /// Bytes that the tables take.
    func bytes(_ db: any SQLSession) throws -> Int64

    /// The time by which all processes judge leases, in seconds since 1970.
    func time() throws(FeedbackError) -> Int64

    /// Whether a retraining that is recorded as running is known to have lost its process, whatever
    /// its lease's time.
    func isAbandoned(_ job: RetrainingJob, _ db: any SQLSession) throws -> Bool

    /// Called in the transaction in which the process of a retraining renews its lease.
    func didRenew(_ job: Int64, _ db: any SQLSession) throws

    /// Called when a retraining of this process has ended.
    func didFinish(_ job: Int64)

    /// Called after a transaction that removed labels: their bytes shall go too.
    func didRemoveLabels()

    /// Looks through the whole store for damage.
    func check() throws(FeedbackError)
}
