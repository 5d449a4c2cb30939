/// A JSON value of a file that may be hostile or megabytes large.
///
/// Objects keep their keys as bytes, since two keys that Unicode calls equivalent are two words of
/// a vocabulary. Arrays of nothing but numbers take eight bytes a number.
enum JSON: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string([UInt8])
    case numbers([Double])
    case array([JSON])
    case object([Member])

    struct Member: Sendable {
        var key: [UInt8]
        var value: JSON
    }

    /// The value of a key; nil when it is absent or null.
    subscript(_ key: String) -> JSON? {
        guard case .object(let members) = self,
            let value = members.first(where: { $0.key.elementsEqual(key.utf8) })?.value
        else { return nil }
        if case .null = value { return nil }
        return value
    }

    /// Whether there is a key of this name, whatever its value.
    func has(_ key: String) -> Bool {
        guard case .object(let members) = self else { return false }
        return members.contains { $0.key.elementsEqual(key.utf8) }
    }

    var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    var bytes: [UInt8]? {
        guard case .string(let bytes) = self else { return nil }
        return bytes
    }

    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    var flag: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// A whole number within a range that leaves room for sums and products.
    var integer: Int? {
        guard let number, abs(number) < 1e15 else { return nil }
        return Int(exactly: number)
    }

    var elements: [JSON]? {
        switch self {
        case .array(let elements): elements
        case .numbers(let numbers): numbers.map { .number($0) }
        default: nil
        }
    }

    var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }
}
