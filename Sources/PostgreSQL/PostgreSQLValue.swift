/// A value that goes to the database or comes from it.
public enum PostgreSQLValue: Sendable, Hashable {
    /// SQL's NULL.
    case null
    /// `smallint`, `integer` or `bigint`; sent as `bigint`.
    case int(Int64)
    /// `real` or `double precision`; sent as `double precision`.
    case double(Double)
    /// `boolean`.
    case bool(Bool)
    /// `text` and its kin; the database refuses U+0000 in it.
    case text(String)
    /// `bytea`.
    case bytes([UInt8])
}

/// Object IDs of types, which no version of PostgreSQL changes (`pg_type.dat`).
enum TypeID {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let unknown: UInt32 = 705
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let void: UInt32 = 2278
    static let uuid: UInt32 = 2950
}

extension PostgreSQLValue {
    /// The type that the value is sent as; 0 lets the server find out.
    var typeID: UInt32 {
        switch self {
        case .null: 0
        case .int: TypeID.int8
        case .double: TypeID.float8
        case .bool: TypeID.bool
        case .text: TypeID.text
        case .bytes: TypeID.bytea
        }
    }

    /// The value in the protocol's binary format; nil for NULL.
    var wire: [UInt8]? {
        switch self {
        case .null: nil
        case .int(let value): PostgreSQLValue.bigEndian(UInt64(bitPattern: value))
        case .double(let value): PostgreSQLValue.bigEndian(value.bitPattern)
        case .bool(let value): [value ? 1 : 0]
        case .text(let value): Array(value.utf8)
        case .bytes(let value): value
        }
    }

    private static func bigEndian(_ bits: UInt64) -> [UInt8] {
        withUnsafeBytes(of: bits.bigEndian) { Array($0) }
    }

    /// Reads a value in the protocol's binary format.
    ///
    /// - Returns: nil when the type is none of those above: the statement must cast it.
    init?(type: UInt32, wire: UnsafeRawBufferPointer) {
        switch type {
        case TypeID.int8, TypeID.int4, TypeID.int2:
            guard let first = wire.first, wire.count <= 8 else { return nil }
            // Two's complement: the sign bit is repeated in front.
            let sign: Int64 = first & 0x80 == 0 ? 0 : -1
            self = .int(wire.reduce(sign) { $0 << 8 | Int64($1) })
        case TypeID.oid:
            self = .int(wire.reduce(0) { $0 << 8 | Int64($1) })
        case TypeID.float8:
            guard wire.count == 8 else { return nil }
            self = .double(Double(bitPattern: wire.reduce(0) { $0 << 8 | UInt64($1) }))
        case TypeID.float4:
            guard wire.count == 4 else { return nil }
            self = .double(Double(Float(bitPattern: wire.reduce(0) { $0 << 8 | UInt32($1) })))
        case TypeID.bool:
            self = .bool(wire.first == 1)
        case TypeID.text, TypeID.varchar, TypeID.bpchar, TypeID.name, TypeID.char, TypeID.unknown:
            self = .text(String(decoding: wire, as: UTF8.self))
        case TypeID.bytea, TypeID.uuid:
            self = .bytes(Array(wire))
        case TypeID.void:
            self = .null
        default:
            return nil
        }
    }
}
