import Foundation
import GRDB

/// The tables of a store in one SQLite file.
struct SQLiteEngine: SQLEngine {
    let path: String
    let pool: DatabasePool

    var store: String { path }

    func read<Value>(
        _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value {
        do { return try pool.read { try body(SQLiteSession(db: $0)) } } catch {
            throw FeedbackError(error, store: path)
        }
    }

    func write<Value>(
        _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value {
        do { return try pool.write { try body(SQLiteSession(db: $0)) } } catch {
            throw FeedbackError(error, store: path)
        }
    }

    /// The file and what is not yet written back into it.
    func bytes(_ db: any SQLSession) -> Int64 {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
            return sum + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
        }
    }

    func time() -> Int64 { Int64(Date().timeIntervalSince1970) }

    func isAbandoned(_ job: RetrainingJob, _ db: any SQLSession) -> Bool { job.owner.isDead }

    func didRenew(_ job: Int64, _ db: any SQLSession) {}

    func didFinish(_ job: Int64) {}

    /// Truncates the log, which still holds the removed bytes.
    ///
    /// A reader may prevent that, and the labels are removed all the same.
    func didRemoveLabels() {
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    func check() throws(FeedbackError) {
        let finding = try read { db -> String in
            guard let row = try db.rows("PRAGMA integrity_check(1)").first else {
                return "no answer"
            }
            var columns = ColumnReader(row)
            return try columns.next()
        }
        if finding != "ok" { throw FeedbackError.corrupt(finding, store: path) }
    }
}

/// A transaction of SQLite; used on the thread of its call.
struct SQLiteSession: SQLSession {
    let db: Database

    func run(_ sql: String, _ arguments: SQLArguments) throws -> Int {
        // Compiled once for each connection.
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        return db.changesCount
    }

    func forEachRow(
        _ sql: String, _ arguments: SQLArguments, _ body: (SQLRow) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
        while let row = try rows.next() { try body(SQLRow(row)) }
    }

    func number(_ sql: String, _ arguments: SQLArguments) throws -> Int64 {
        try Int64.fetchOne(
            db.cachedStatement(sql: sql), arguments: StatementArguments(arguments)) ?? 0
    }

    func insert(_ sql: String, _ arguments: SQLArguments) throws -> Int64 {
        _ = try run(sql, arguments)
        return db.lastInsertedRowID
    }

    /// A transaction that writes is alone already.
    func lockStore() {}

    /// Other processes ask for the revision.
    func announce(_ revision: Int64) {}
}

extension StatementArguments {
    fileprivate init(_ arguments: SQLArguments) {
        self.init(
            arguments.values.map { value -> DatabaseValue in
                switch value {
                case .null: .null
                case .integer(let number): number.databaseValue
                case .real(let number): number.databaseValue
                case .text(let text): text.databaseValue
                case .bytes(let data): data.databaseValue
                }
            })
    }
}

extension SQLRow {
    /// The columns of a row; GRDB's own conversion ends the process when a value is not of the
    /// type that is asked for.
    init(_ row: Row) {
        values = []
        values.reserveCapacity(row.count)
        for index in 0..<row.count {
            let value: DatabaseValue = row[index]
            switch value.storage {
            case .null: values.append(.null)
            case .int64(let number): values.append(.integer(number))
            case .double(let number): values.append(.real(number))
            case .string(let text): values.append(.text(text))
            case .blob(let data): values.append(.bytes(data))
            }
        }
    }
}
