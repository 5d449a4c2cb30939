extension UnsafeBufferPointer where Element == UInt8 {
    /// The index of the first byte that is one of two, eight bytes at a time.
    ///
    /// - Parameters:
    ///   - first: the one byte.
    ///   - second: the other byte.
    ///   - start: where the search begins.
    /// - Returns: the index, or the number of bytes if neither is there.
    @inlinable
    public func firstIndex(of first: UInt8, or second: UInt8, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let firsts = ones &* UInt64(first)
        let seconds = ones &* UInt64(second)
        var index = start
        let bytes = UnsafeRawBufferPointer(self)
        while index + 8 <= count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let one = word ^ firsts
            let other = word ^ seconds
            // A byte of 0 borrows from its highest bit; the lowest such bit is never wrong.
            let found = ((one &- ones) & ~one | (other &- ones) & ~other) & (ones << 7)
            if found != 0 {
                return index + UInt64(littleEndian: found).trailingZeroBitCount / 8
            }
            index += 8
        }
        while index < count, self[index] != first, self[index] != second { index += 1 }
        return index
    }

    /// The index of the first byte that is not ASCII, eight bytes at a time.
    ///
    /// - Parameter start: where the search begins.
    /// - Returns: the index, or the number of bytes if all are ASCII.
    @inlinable
    public func endOfASCII(from start: Int) -> Int {
        var index = start
        let bytes = UnsafeRawBufferPointer(self)
        while index + 8 <= count,
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        while index < count, self[index] < 0x80 { index += 1 }
        return index
    }
}

extension ArraySlice where Element == UInt8 {
    /// The index of the first byte that is not ASCII; the end if there is none.
    @inlinable
    public func endOfASCII(from start: Int) -> Int {
        withUnsafeBufferPointer { startIndex + $0.endOfASCII(from: start - startIndex) }
    }
}

extension [UInt8] {
    /// The index of the first byte that is one of two, eight bytes at a time.
    ///
    /// - Parameters:
    ///   - first: the one byte.
    ///   - second: the other byte.
    ///   - start: where the search begins.
    /// - Returns: the index, or the number of bytes if neither is there.
    @inlinable
    public func firstIndex(of first: UInt8, or second: UInt8, from start: Int) -> Int {
        withUnsafeBufferPointer { $0.firstIndex(of: first, or: second, from: start) }
    }

    /// The index of the first byte that is not ASCII; the end if there is none.
    @inlinable
    public func endOfASCII(from start: Int) -> Int {
        withUnsafeBufferPointer { $0.endOfASCII(from: start) }
    }

    /// True when a piece holds nothing but ASCII.
    @inlinable
    public func isASCII(in range: Range<Int>) -> Bool {
        withUnsafeBufferPointer {
            UnsafeBufferPointer(rebasing: $0[range]).endOfASCII(from: 0) == range.count
        }
    }

    /// Turns ASCII letters into lower case.
    @inlinable
    public mutating func lowercaseASCII() {
        var bytes = mutableSpan
        for index in bytes.indices { bytes[index] = ASCII.lower(bytes[index]) }
    }
}
