/// The 64-bit keyed hash SipHash-2-4 (Aumasson and Bernstein 2012).
///
/// Without the key nobody can tell which texts share a hash.
struct SipHash: Sendable, Equatable {
    private let key0: UInt64
    private let key1: UInt64

    /// A hash function with the two halves of its key.
    init(_ key0: UInt64, _ key1: UInt64) {
        self.key0 = key0
        self.key1 = key1
    }

    /// The four words of the state.
    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        @inline(__always)
        mutating func round() {
            v0 &+= v1
            v2 &+= v3
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v1
            v0 &+= v3
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 = v2 << 32 | v2 >> 32
        }

        @inline(__always)
        mutating func compress(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }
    }

    /// The hash of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: valid for the call.
    ///   - range: which of them are hashed; may be empty.
    /// - Returns: 64 bits.
    @inline(__always)
    func hash(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        // The four constants are "somepseudorandomlygeneratedbytes".
        var state = State(
            v0: key0 ^ 0x736F_6D65_7073_6575, v1: key1 ^ 0x646F_7261_6E64_6F6D,
            v2: key0 ^ 0x6C79_6765_6E65_7261, v3: key1 ^ 0x7465_6462_7974_6573)
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            state.compress(SipHash.word(bytes, offset))
            offset += 8
        }
        let count = UInt64(truncatingIfNeeded: range.count)
        state.compress(SipHash.rest(bytes, offset..<range.upperBound) | count << 56)
        state.v2 ^= 0xFF
        for _ in 0..<4 { state.round() }
        return state.v0 ^ state.v1 ^ state.v2 ^ state.v3
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Fewer than 8 bytes, the others 0.
    ///
    /// A loop over them would be mispredicted at almost every word, so 8 bytes are read where the
    /// buffer has as many.
    @inline(__always)
    private static func rest(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        guard bytes.count - range.lowerBound < 8 else {
            return word(bytes, range.lowerBound) & (1 << UInt64(8 * range.count) &- 1)
        }
        var word: UInt64 = 0
        for index in range.reversed() { word = word << 8 | UInt64(bytes[index]) }
        return word
    }
}
