/// Writes numbers in little-endian order.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ other: [UInt8]) { bytes += other }

    mutating func append(_ values: [Float]) {
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values { append(value.bitPattern) }
    }
}

/// Reads numbers in little-endian order.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Bytes that are left.
    var remaining: Int { bytes.endIndex - position }

    /// The next number, or nil when too few bytes are left.
    mutating func next<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { return nil }
        let value = bytes[position..<(position + size)].withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(as: Value.self))
        }
        position += size
        return value
    }

    /// The next bytes, or nil when fewer are left.
    mutating func next(count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, remaining >= count else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// The next numbers, or nil when too few bytes are left or one is not finite.
    mutating func nextFloats(_ count: Int) -> [Float]? {
        guard let bytes = next(count: 4 * count) else { return nil }
        let values = bytes.withUnsafeBytes { buffer in
            (0..<count).map {
                Float(
                    bitPattern: UInt32(
                        littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
                )
            }
        }
        return values.allSatisfy(\.isFinite) ? values : nil
    }
}
