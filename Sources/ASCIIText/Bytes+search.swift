import Glibc

// Searches that look at several bytes at a time, which only a pointer can load.

extension UnsafeBufferPointer where Element == UInt8 {
    /// The index of the first byte that is one of two.
    ///
    /// - Parameters:
    ///   - first: the one byte.
    ///   - second: the other byte.
    ///   - start: where the search begins.
    ///   - end: where it ends, at most the number of bytes; nil for all of them.
    /// - Returns: the index, or the end if neither is there.
    @inlinable
    public func firstIndex(
        of first: UInt8, or second: UInt8, from start: Int, to end: Int? = nil
    ) -> Int {
        let end = Swift.min(end ?? count, count)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let firsts = ones &* UInt64(first)
        let seconds = ones &* UInt64(second)
        var index = start
        let bytes = UnsafeRawBufferPointer(self)
        while index + 8 <= end {
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
        while index < end, self[index] != first, self[index] != second { index += 1 }
        return index
    }

    /// The index of the last byte of a value in front of an index; nil if there is none.
    @inlinable
    public func lastIndex(of byte: UInt8, before end: Int) -> Int? {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let wanted = 0x0101_0101_0101_0101 &* UInt64(byte)
        var index = Swift.min(end, count)
        let bytes = UnsafeRawBufferPointer(self)
        while index >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: index - 8, as: UInt64.self) ^ wanted
            // The highest bit of each byte that is 0, and of no other.
            let found = ~((word & low) &+ low | word | low)
            if found != 0 {
                return index - 1 - UInt64(littleEndian: found).leadingZeroBitCount / 8
            }
            index -= 8
        }
        while index > 0 {
            index -= 1
            if self[index] == byte { return index }
        }
        return nil
    }

    /// The index of the first byte that is not ASCII.
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

    /// The index of the first byte that is not ASCII, or that is a control character that shows
    /// nothing (``ASCII/isInvisible(_:)``).
    ///
    /// - Parameter start: where the search begins.
    /// - Returns: the index, or the number of bytes if there is none.
    @inlinable
    public func endOfShownASCII(from start: Int) -> Int {
        var index = start
        let bytes = UnsafeRawBufferPointer(self)
        let high: UInt64 = 0x8080_8080_8080_8080
        while index + 8 <= count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & high != 0 { break }
            // Of ASCII, each sum has the high bit of a byte that is at least 0x01, 0x09 and so on,
            // and never a carry.
            let controls: UInt64 =
                (word &+ 0x7F7F_7F7F_7F7F_7F7F) & ~(word &+ 0x7777_7777_7777_7777)
            let moreControls: UInt64 =
                (word &+ 0x7272_7272_7272_7272) & ~(word &+ 0x6060_6060_6060_6060)
            let delete = word &+ 0x0101_0101_0101_0101
            if (controls | moreControls | delete) & high != 0 { break }
            index += 8
        }
        while index < count, self[index] < 0x80, !ASCII.isInvisible(self[index]) { index += 1 }
        return index
    }
}

extension [UInt8] {
    /// The index of the first byte that is one of two; the end if neither is there.
    ///
    /// - Parameters:
    ///   - first: the one byte.
    ///   - second: the other byte.
    ///   - start: where the search begins.
    ///   - end: where it ends; nil for the end of the bytes.
    /// - Returns: the index.
    @inlinable
    public func firstIndex(
        of first: UInt8, or second: UInt8, from start: Int, to end: Int? = nil
    ) -> Int {
        withUnsafeBufferPointer { $0.firstIndex(of: first, or: second, from: start, to: end) }
    }

    /// The index of the first byte of a value; the end if there is none.
    ///
    /// - Parameters:
    ///   - byte: the value.
    ///   - start: where the search begins.
    ///   - end: where it ends, at most the number of bytes; nil for all of them.
    /// - Returns: the index.
    public func firstIndex(of byte: UInt8, from start: Int, to end: Int? = nil) -> Int {
        withUnsafeBufferPointer { bytes in
            let end = Swift.min(end ?? bytes.count, bytes.count)
            guard start < end, let base = bytes.baseAddress else { return start }
            // The C library searches with the widest registers that there are.
            return memchr(base + start, Int32(byte), end - start).map {
                UnsafeRawPointer($0) - UnsafeRawPointer(base)
            } ?? end
        }
    }

    /// The index of the last byte of a value in front of an index; nil if there is none.
    @inlinable
    public func lastIndex(of byte: UInt8, before end: Int) -> Int? {
        withUnsafeBufferPointer { $0.lastIndex(of: byte, before: end) }
    }

    /// Whether some other bytes occur one behind the other.
    ///
    /// In linear time whatever the bytes are (Knuth, Morris and Pratt 1977).
    public func contains(bytes other: [UInt8]) -> Bool {
        guard let first = other.first else { return true }
        let borders = other.count > 2 ? other.borders : [0, 0]
        var matched = 0
        var index = 0
        while index < count {
            if matched == 0 { index = firstIndex(of: first, from: index) }
            guard index < count else { return false }
            while matched > 0, self[index] != other[matched] { matched = borders[matched - 1] }
            if self[index] == other[matched] { matched += 1 }
            if matched == other.count { return true }
            index += 1
        }
        return false
    }

    /// For each front of the bytes the length of the longest shorter front that it ends with.
    private var borders: [Int] {
        var borders = [Int](repeating: 0, count: count)
        var length = 0
        for index in 1..<count {
            while length > 0, self[index] != self[length] { length = borders[length - 1] }
            if self[index] == self[length] { length += 1 }
            borders[index] = length
        }
        return borders
    }

    /// How often a byte occurs that is rare.
    @inlinable
    public func count(of byte: UInt8) -> Int {
        var count = 0
        var index = firstIndex(of: byte, from: 0)
        while index < self.count {
            count += 1
            index = firstIndex(of: byte, from: index + 1)
        }
        return count
    }

    /// The index of the first byte that is not ASCII; the end if there is none.
    @inlinable
    public func endOfASCII(from start: Int) -> Int {
        withUnsafeBufferPointer { $0.endOfASCII(from: start) }
    }

    /// True when a piece holds nothing but ASCII without control characters that show nothing.
    @inlinable
    public func isShownASCII(in range: Range<Int>) -> Bool {
        withUnsafeBufferPointer {
            UnsafeBufferPointer(rebasing: $0[range]).endOfShownASCII(from: 0) == range.count
        }
    }

    /// Turns ASCII letters into lower case.
    @inlinable
    public mutating func lowercaseASCII() {
        var bytes = mutableSpan
        for index in bytes.indices { bytes[index] = ASCII.lower(bytes[index]) }
    }
}

extension ArraySlice where Element == UInt8 {
    /// The index of the first byte that is one of two; the end if neither is there.
    @inlinable
    public func firstIndex(of first: UInt8, or second: UInt8, from start: Int) -> Int {
        withUnsafeBufferPointer {
            startIndex + $0.firstIndex(of: first, or: second, from: start - startIndex)
        }
    }

    /// The index of the first byte that is not ASCII, or a control character that shows nothing;
    /// the end if there is none.
    @inlinable
    public func endOfShownASCII(from start: Int) -> Int {
        withUnsafeBufferPointer { startIndex + $0.endOfShownASCII(from: start - startIndex) }
    }
}
