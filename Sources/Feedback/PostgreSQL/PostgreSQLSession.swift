import Foundation
import PostgreSQL
import Synchronization

/// A transaction of PostgreSQL; used on the thread of its call.
struct PostgreSQLSession: SQLSession {
    let connection: PostgreSQLConnection
    let newestRevision: Int64

    func run(_ sql: String, _ arguments: SQLArguments) throws -> Int {
        try connection.run(
            PostgreSQLDialect.translated(sql), arguments.values.map(PostgreSQLValue.init)
        ).affected
    }

    func forEachRow(
        _ sql: String, _ arguments: SQLArguments, _ body: (SQLRow) throws -> Void
    ) throws {
        let answer = try connection.run(
            PostgreSQLDialect.translated(sql), arguments.values.map(PostgreSQLValue.init))
        for row in answer.rows { try body(SQLRow(values: row.values.map(SQLValue.init))) }
    }

    func number(_ sql: String, _ arguments: SQLArguments) throws -> Int64 {
        try firstNumber(sql, arguments)
    }

    func insert(_ sql: String, _ arguments: SQLArguments) throws -> Int64 {
        try number("\(sql) RETURNING id", arguments)
    }

    func lockStore() throws {
        try connection.run("SELECT 1 FROM store FOR UPDATE")
    }

    /// The server delivers it to all listeners when it commits, and equal ones once.
    func announce(_ revision: Int64) throws {
        try connection.run(
            "SELECT pg_notify($1, $2)",
            [.text(PostgreSQLFeedbackStore.labelsChannel), .text("\(revision)")])
    }
}

/// What PostgreSQL writes differently.
enum PostgreSQLDialect {
    private static let known = Mutex<[String: String]>([:])
    /// More different statements than there are.
    private static let mostKnown = 1_000

    /// A statement with `$1`, `$2` and so on instead of question marks.
    static func translated(_ sql: String) -> String {
        if let known = known.withLock({ $0[sql] }) { return known }
        var result = ""
        var number = 0
        for character in sql {
            guard character == "?" else {
                result.append(character)
                continue
            }
            number += 1
            result += "$\(number)"
        }
        let text = result
        known.withLock { known in
            if known.count >= mostKnown { known = [:] }
            known[sql] = text
        }
        return result
    }
}

extension PostgreSQLValue {
    fileprivate init(_ value: SQLValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .int(number)
        case .real(let number): self = .double(number)
        case .text(let text): self = .text(text)
        case .bytes(let data): self = .bytes([UInt8](data))
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: PostgreSQLValue) {
        switch value {
        case .null: self = .null
        case .int(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .bool(let flag): self = .integer(flag ? 1 : 0)
        case .text(let text): self = .text(text)
        case .bytes(let bytes): self = .bytes(Data(bytes))
        }
    }
}
