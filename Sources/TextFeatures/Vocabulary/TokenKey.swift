/// What tells a token from others in a hash table: its length, and its bytes or a hash of them.
///
/// Keys are trained, not sent, and a message has too few tokens for chosen collisions to matter.
struct TokenKey: Sendable, Equatable {
    /// The bytes of a token of up to eight, a hash of those of a longer one.
    private var bits: UInt64 = 0
    private var count: Int32 = 0

    /// The key of no token.
    init() {}

    /// The key of a token in UTF-8.
    init(_ token: Span<UInt8>) {
        let bytes = token.bytes
        let length = bytes.byteCount
        count = Int32(truncatingIfNeeded: length)
        // The first and the last bytes, which overlap in a token of another length than the two
        // together. The loads are checked; they are called unsafe for types that not all bytes are.
        switch length {
        case 0: break
        case 1...3:
            bits =
                UInt64(token[0]) | UInt64(token[length / 2]) << 8 | UInt64(token[length - 1]) << 16
        case 4...8:
            let first = bytes.unsafeLoadUnaligned(as: UInt32.self)
            let last = bytes.unsafeLoadUnaligned(fromByteOffset: length - 4, as: UInt32.self)
            bits = UInt64(first) | UInt64(last) << 32
        default:
            for offset in stride(from: 0, to: length - 8, by: 8) { add(bytes, offset) }
            add(bytes, length - 8)
        }
    }

    /// Whether equal keys are equal tokens.
    var isWhole: Bool { count <= 8 }

    /// Spreads the key over all bits.
    var hash: Int {
        let product = (bits ^ UInt64(UInt32(bitPattern: count)) << 56) &* TokenKey.factor
        return Int(truncatingIfNeeded: product ^ product >> 32)
    }

    /// 2⁶⁴ by the golden ratio (Fibonacci hashing; Knuth, The Art of Computer Programming, 6.4).
    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    private mutating func add(_ bytes: RawSpan, _ offset: Int) {
        let next = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        bits = (bits ^ next) &* TokenKey.factor
        bits ^= bits >> 29
    }
}
