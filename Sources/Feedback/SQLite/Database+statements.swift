import Foundation
import GRDB

extension Database {
    /// Runs a statement, which is compiled once for each connection.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// All rows of a query, which is compiled once for each connection.
    func rows(
        _ sql: String, _ arguments: StatementArguments = StatementArguments()
    ) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The number in the first column of the first row; 0 when there is none.
    func number(
        _ sql: String, _ arguments: StatementArguments = StatementArguments()
    ) throws -> Int64 {
        try Int64.fetchOne(cachedStatement(sql: sql), arguments: arguments) ?? 0
    }

    /// Whether a query has a row.
    func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
        try number("SELECT EXISTS(\(sql))", arguments) == 1
    }
}

/// Reads a row's columns one after the other.
///
/// GRDB's own conversion ends the process when a value is not of the type; a damaged file must be
/// an error instead.
struct ColumnReader {
    private let row: Row
    private var index = 0

    init(_ row: Row) { self.row = row }

    /// The next column.
    mutating func next<Value: DatabaseValueConvertible>() throws -> Value {
        guard let value: Value = try optional() else { throw unexpected("NULL") }
        return value
    }

    /// The next column, which may be NULL.
    mutating func optional<Value: DatabaseValueConvertible>() throws -> Value? {
        defer { index += 1 }
        guard index < row.count else { throw unexpected("missing") }
        let stored: DatabaseValue = row[index]
        if stored.isNull { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw unexpected("\(stored)") }
        return value
    }

    /// The next column as bytes.
    mutating func bytes() throws -> [UInt8] { [UInt8](try next() as Data) }

    /// The next column, made into a value of ours by `make`; nil is damage.
    mutating func make<Stored: DatabaseValueConvertible, Value>(
        _ make: (Stored) -> Value?
    ) throws -> Value {
        guard let value = make(try next()) else { throw unexpected("impossible") }
        return value
    }

    private func unexpected(_ what: String) -> DatabaseError {
        DatabaseError(
            resultCode: .SQLITE_CORRUPT, message: "a value of column \(index + 1) is \(what)")
    }
}
