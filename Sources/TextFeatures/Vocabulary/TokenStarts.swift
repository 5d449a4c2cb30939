/// What the tokens of a vocabulary begin with.
///
/// A set of hashes in 256 KiB, so a few other bytes seem to be in it, too: it tells which look-ups
/// are worth while.
struct TokenStarts: Sendable, Equatable {
    /// The first bytes of a token, which grow byte by byte.
    struct Start {
        private var hash: UInt32 = 0

        /// Appends a byte (FNV-1a with another factor, whose product is well spread at its top).
        mutating func append(_ byte: UInt8) { hash = (hash ^ UInt32(byte) &+ 1) &* 0x9E37_79B1 }

        fileprivate var index: Int { Int(hash >> 14) }
    }

    private static let isStart: UInt8 = 1
    private static let isToken: UInt8 = 2

    private var flags = [UInt8](repeating: 0, count: 1 << 18)

    /// Adds all starts of a token.
    mutating func insert(_ token: Span<UInt8>) {
        var start = Start()
        for index in token.indices {
            start.append(token[index])
            flags[start.index] |= TokenStarts.isStart
        }
        flags[start.index] |= TokenStarts.isToken
    }

    /// Whether a token may begin like this, or be this.
    func mayBegin(_ start: Start) -> Bool { flags[start.index] & TokenStarts.isStart != 0 }

    /// Whether a token may be this.
    func mayBe(_ start: Start) -> Bool { flags[start.index] & TokenStarts.isToken != 0 }
}
