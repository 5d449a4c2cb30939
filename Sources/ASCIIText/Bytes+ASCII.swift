extension Collection where Element == UInt8 {
    /// True when the bytes equal `text`, which must be lower case, without regard to ASCII case.
    @inlinable
    public func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        // The static string's storage is constant and lives as long as the program.
        var expected = text.utf8Start
        for byte in self {
            if ASCII.lower(byte) != expected.pointee { return false }
            expected += 1
        }
        return true
    }

    /// True when the bytes begin with `text`, which must be lower case, without regard to case.
    @inlinable
    public func startsIgnoringCase(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount && prefix(text.utf8CodeUnitCount).equalsIgnoringCase(text)
    }

    /// The bytes as ASCII lower case.
    @inlinable
    public func lowercasedASCII() -> [UInt8] { map(ASCII.lower) }
}

extension ArraySlice where Element == UInt8 {
    /// The slice without ASCII white space at both ends.
    @inlinable
    public func trimmingSpace() -> ArraySlice<UInt8> {
        var low = startIndex
        var high = endIndex
        while low < high, ASCII.isSpace(self[low]) { low += 1 }
        while high > low, ASCII.isSpace(self[high - 1]) { high -= 1 }
        return self[low..<high]
    }
}

extension [UInt8] {
    /// Appends bytes without taking a share in the array that they are from, which would cost more
    /// than to copy a word.
    @inlinable
    @inline(__always)
    public mutating func append(copying bytes: some Collection<UInt8>) {
        let isCopied: Void? = bytes.withContiguousStorageIfAvailable { append(contentsOf: $0) }
        if isCopied == nil { append(contentsOf: bytes) }
    }

    /// Appends one Unicode scalar value as UTF-8; surrogates and values out of range become U+FFFD.
    @inlinable
    public mutating func appendUTF8(_ value: UInt32) {
        switch value {
        case 0..<0x80:
            append(UInt8(value))
        case 0x80..<0x800:
            append(UInt8(0xC0 | value >> 6))
            append(UInt8(0x80 | value & 0x3F))
        case 0xD800..<0xE000, 0x11_0000...:
            append(contentsOf: [0xEF, 0xBF, 0xBD])
        case 0x800..<0x1_0000:
            append(UInt8(0xE0 | value >> 12))
            append(UInt8(0x80 | value >> 6 & 0x3F))
            append(UInt8(0x80 | value & 0x3F))
        default:
            append(UInt8(0xF0 | value >> 18))
            append(UInt8(0x80 | value >> 12 & 0x3F))
            append(UInt8(0x80 | value >> 6 & 0x3F))
            append(UInt8(0x80 | value & 0x3F))
        }
    }
}
