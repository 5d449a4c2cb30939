/// One row of an answer.
public struct PostgreSQLRow: Sendable, Equatable {
    /// The values in the order of the statement's columns.
    public var values: [PostgreSQLValue]

    /// The number of columns.
    public var count: Int { values.count }

    /// The value of a column, counted from 0.
    public subscript(index: Int) -> PostgreSQLValue { values[index] }

    /// An integer.
    ///
    /// - Throws: ``PostgreSQLError`` of kind `invalid` for NULL or another type, as all of these
    ///   do.
    public func int(_ index: Int) throws(PostgreSQLError) -> Int64 {
        guard case .int(let value) = try value(index) else { throw unexpected(index, "integer") }
        return value
    }

    /// A floating-point number.
    public func double(_ index: Int) throws(PostgreSQLError) -> Double {
        guard case .double(let value) = try value(index) else { throw unexpected(index, "number") }
        return value
    }

    /// True or false.
    public func bool(_ index: Int) throws(PostgreSQLError) -> Bool {
        guard case .bool(let value) = try value(index) else { throw unexpected(index, "boolean") }
        return value
    }

    /// A text.
    public func text(_ index: Int) throws(PostgreSQLError) -> String {
        guard case .text(let value) = try value(index) else { throw unexpected(index, "text") }
        return value
    }

    /// Bytes.
    public func bytes(_ index: Int) throws(PostgreSQLError) -> [UInt8] {
        guard case .bytes(let value) = try value(index) else { throw unexpected(index, "bytea") }
        return value
    }

    /// Whether a column is NULL.
    public func isNull(_ index: Int) throws(PostgreSQLError) -> Bool { try value(index) == .null }

    private func value(_ index: Int) throws(PostgreSQLError) -> PostgreSQLValue {
        guard values.indices.contains(index) else {
            throw PostgreSQLError(.invalid, "the answer has no column \(index + 1)")
        }
        return values[index]
    }

    private func unexpected(_ index: Int, _ type: String) -> PostgreSQLError {
        PostgreSQLError(.invalid, "column \(index + 1) of the answer is no \(type)")
    }
}

/// The answer to one statement.
public struct PostgreSQLRows: Sendable, Equatable {
    /// The names of the columns.
    public var columns: [String] = []
    /// The rows; none for a statement that returns none.
    public var rows: [PostgreSQLRow] = []
    /// The number of rows that the statement inserted, updated, deleted or returned.
    public var affected = 0

    /// The first row, if there is one.
    public var first: PostgreSQLRow? { rows.first }
}
