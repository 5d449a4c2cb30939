import Glibc

/// Parses JSON as Python writes it, `NaN` and `Infinity` included.
///
/// A lone surrogate in a string becomes three bytes that are not UTF-8, as no text contains it.
struct JSONParser {
    private let bytes: [UInt8]
    private var index = 0

    private static let deepest = 200
    /// Values other than numbers at most, which take far more memory than their bytes.
    private static let mostValues = 6_000_000
    private var values = 0

    /// The value that the bytes hold.
    ///
    /// - Throws: `Refusal` with the offset of the mistake.
    static func parse(_ bytes: [UInt8]) throws -> JSON {
        var parser = JSONParser(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.index = 3 }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw parser.mistake("has more than one value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func mistake(_ reason: String) -> Refusal {
        Refusal("the JSON \(reason), at byte \(index)")
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private func peek() throws -> UInt8 {
        guard index < bytes.count else { throw mistake("ends early") }
        return bytes[index]
    }

    private mutating func value(depth: Int) throws -> JSON {
        guard depth < JSONParser.deepest else { throw mistake("is nested too deeply") }
        values += 1
        guard values <= JSONParser.mostValues else {
            throw mistake("has more than \(JSONParser.mostValues) values")
        }
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default:
            values -= 1
            return .number(try number())
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws -> JSON {
        guard take(word) else { throw mistake("has an unknown word") }
        return value
    }

    private mutating func take(_ word: String) -> Bool {
        guard bytes[index...].starts(with: word.utf8) else { return false }
        index += word.utf8.count
        return true
    }

    private mutating func object(depth: Int) throws -> JSON {
        index += 1
        var members: [JSON.Member] = []
        var seen: Set<[UInt8]> = []
        skipSpace()
        if try peek() == UInt8(ascii: "}") {
            index += 1
            return .object([])
        }
        while true {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else {
                throw mistake("has a key without quotes")
            }
            let key = try string()
            guard seen.insert(key).inserted else { throw mistake("has a key twice") }
            skipSpace()
            guard try peek() == UInt8(ascii: ":") else { throw mistake("lacks a colon") }
            index += 1
            members.append(JSON.Member(key: key, value: try value(depth: depth + 1)))
            skipSpace()
            let next = try peek()
            index += 1
            if next == UInt8(ascii: "}") { return .object(members) }
            guard next == UInt8(ascii: ",") else { throw mistake("lacks a comma") }
        }
    }

    private mutating func array(depth: Int) throws -> JSON {
        index += 1
        var elements: [JSON] = []
        var numbers: [Double] = []
        skipSpace()
        if try peek() == UInt8(ascii: "]") {
            index += 1
            return .array([])
        }
        while true {
            let element = try value(depth: depth + 1)
            if case .number(let number) = element, elements.isEmpty {
                numbers.append(number)
            } else {
                elements += numbers.map { .number($0) }
                numbers = []
                elements.append(element)
            }
            skipSpace()
            let next = try peek()
            index += 1
            if next == UInt8(ascii: "]") {
                return elements.isEmpty ? .numbers(numbers) : .array(elements)
            }
            guard next == UInt8(ascii: ",") else { throw mistake("lacks a comma") }
        }
    }

    private static let longestNumber = 400

    private mutating func number() throws -> Double {
        let isNegative = bytes[index] == UInt8(ascii: "-")
        let start = index
        if isNegative { index += 1 }
        if take("Infinity") { return isNegative ? -.infinity : .infinity }
        if take("NaN") { return .nan }
        while index < bytes.count,
            (0x30...0x39).contains(bytes[index])
                || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(bytes[index])
        { index += 1 }
        guard index > start, index - start <= JSONParser.longestNumber,
            let number = Double(String(decoding: bytes[start..<index], as: UTF8.self))
        else {
            index = start
            throw mistake("has something that is no value")
        }
        return number
    }

    private mutating func string() throws -> [UInt8] {
        index += 1
        var result: [UInt8] = []
        while true {
            let byte = try peek()
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                return result
            case UInt8(ascii: "\\"):
                let escape = try peek()
                index += 1
                switch escape {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
                    result.append(escape)
                case UInt8(ascii: "b"): result.append(0x08)
                case UInt8(ascii: "f"): result.append(0x0C)
                case UInt8(ascii: "n"): result.append(0x0A)
                case UInt8(ascii: "r"): result.append(0x0D)
                case UInt8(ascii: "t"): result.append(0x09)
                case UInt8(ascii: "u"): append(try codeUnits(), to: &result)
                default: throw mistake("has an unknown escape")
                }
            case 0..<0x20: throw mistake("has a control character in a string")
            default: result.append(byte)
            }
        }
    }

    /// A code point of one escape, or of two that are a surrogate pair.
    private mutating func codeUnits() throws -> UInt32 {
        let high = try hexadecimal()
        guard (0xD800...0xDBFF).contains(high), index + 1 < bytes.count,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { return high }
        let start = index
        index += 2
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low) else {
            index = start
            return high
        }
        return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard index + 4 <= bytes.count else { throw mistake("ends early") }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw mistake("has an unknown escape")
            }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    private func append(_ point: UInt32, to result: inout [UInt8]) {
        if let scalar = Unicode.Scalar(point) {
            result += UTF8.encode(scalar).map(Array.init) ?? []
        } else {
            result += [
                0xE0 | UInt8(point >> 12), 0x80 | UInt8(point >> 6 & 63), 0x80 | UInt8(point & 63),
            ]
        }
    }
}
