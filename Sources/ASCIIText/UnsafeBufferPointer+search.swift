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
}
