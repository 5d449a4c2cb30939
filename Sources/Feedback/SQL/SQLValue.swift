import Foundation

/// A value that a statement takes or a query returns, of any engine.
enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes(Data)
}

/// A type that statements take and columns hold.
protocol SQLConvertible: Sendable {
    /// The value as an engine stores it.
    var sqlValue: SQLValue { get }
    /// Nil for a value of another type, or one that is out of range.
    init?(_ value: SQLValue)
}

extension Int64: SQLConvertible {
    var sqlValue: SQLValue { .integer(self) }
    init?(_ value: SQLValue) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }
}

extension Int: SQLConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }
    init?(_ value: SQLValue) {
        guard case .integer(let number) = value else { return nil }
        self.init(exactly: number)
    }
}

extension Int32: SQLConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }
    init?(_ value: SQLValue) {
        guard case .integer(let number) = value else { return nil }
        self.init(exactly: number)
    }
}

/// Kept as 0 and 1.
extension Bool: SQLConvertible {
    var sqlValue: SQLValue { .integer(self ? 1 : 0) }
    init?(_ value: SQLValue) {
        guard case .integer(let number) = value else { return nil }
        self = number != 0
    }
}

extension Double: SQLConvertible {
    var sqlValue: SQLValue { .real(self) }
    init?(_ value: SQLValue) {
        switch value {
        case .real(let number): self = number
        // SQLite keeps whole numbers of untyped columns so.
        case .integer(let number): self = Double(number)
        case .null, .text, .bytes: return nil
        }
    }
}

extension String: SQLConvertible {
    var sqlValue: SQLValue { .text(self) }
    init?(_ value: SQLValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension Data: SQLConvertible {
    var sqlValue: SQLValue { .bytes(self) }
    init?(_ value: SQLValue) {
        guard case .bytes(let data) = value else { return nil }
        self = data
    }
}

/// The arguments of a statement, in the order of its question marks.
struct SQLArguments: ExpressibleByArrayLiteral, Sendable {
    private(set) var values: [SQLValue]

    init(arrayLiteral elements: (any SQLConvertible)?...) {
        values = elements.map { $0?.sqlValue ?? .null }
    }

    init(_ values: [SQLValue]) { self.values = values }

    static func + (left: SQLArguments, right: SQLArguments) -> SQLArguments {
        SQLArguments(left.values + right.values)
    }

    static func += (left: inout SQLArguments, right: SQLArguments) {
        left.values += right.values
    }
}

/// One row of a query's result.
struct SQLRow: Sendable, Equatable {
    /// In the order of the columns.
    var values: [SQLValue]
}

/// What a store holds can't be what a siftd has written.
struct StoreDamage: Error, CustomStringConvertible {
    /// What is odd.
    var description: String
}

/// Reads a row's columns one after the other; a value of another type is damage.
struct ColumnReader {
    private let row: SQLRow
    private var index = 0

    init(_ row: SQLRow) { self.row = row }

    /// The next column.
    mutating func next<Value: SQLConvertible>() throws -> Value {
        guard let value: Value = try optional() else { throw unexpected("NULL") }
        return value
    }

    /// The next column, which may be NULL.
    mutating func optional<Value: SQLConvertible>() throws -> Value? {
        defer { index += 1 }
        guard index < row.values.count else { throw unexpected("missing") }
        let stored = row.values[index]
        if case .null = stored { return nil }
        guard let value = Value(stored) else { throw unexpected("of another type") }
        return value
    }

    /// The next column as bytes.
    mutating func bytes() throws -> [UInt8] { [UInt8](try next() as Data) }

    /// The next column, made into a value of ours by `make`; nil is damage.
    mutating func make<Stored: SQLConvertible, Value>(
        _ make: (Stored) -> Value?
    ) throws -> Value {
        guard let value = make(try next()) else { throw unexpected("impossible") }
        return value
    }

    private func unexpected(_ what: String) -> StoreDamage {
        StoreDamage(description: "a value of column \(index + 1) is \(what)")
    }
}
