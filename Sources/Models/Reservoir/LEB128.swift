/// Writes unsigned numbers, 7 bits a byte, the lowest first, and texts with their length in front.
struct LEB128Writer {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(_ text: [UInt8]) {
        append(UInt64(text.count))
        bytes += text
    }
}

/// Reads what ``LEB128Writer`` writes.
struct LEB128Reader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    mutating func next() throws(ReservoirError) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: 0, through: 63, by: 7) {
            guard position < bytes.endIndex else { throw ReservoirError("is cut") }
            let byte = bytes[position]
            position += 1
            guard shift < 63 || byte < 2 else { break }
            number |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return number }
        }
        throw ReservoirError("holds a number of more than 64 bits")
    }

    mutating func next(below limit: Int) throws(ReservoirError) -> Int {
        let number = try next()
        guard number < UInt64(max(limit, 0)) else {
            throw ReservoirError("holds the number \(number) where less than \(limit) can be")
        }
        return Int(number)
    }

    mutating func nextBytes() throws(ReservoirError) -> ArraySlice<UInt8> {
        let count = try next(below: bytes.endIndex - position + 1)
        guard count <= bytes.endIndex - position else { throw ReservoirError("is cut") }
        defer { position += count }
        return bytes[position..<(position + count)]
    }
}
