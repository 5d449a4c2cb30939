/// The 64-bit FNV-1a hash (Fowler, Noll, Vo), for tables whose keys an attacker can't choose in
/// numbers that matter.
public struct FNV1a: Sendable, Equatable {
    /// The hash of all bytes so far.
    public var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash of nothing.
    @inlinable
    public init() {}

    /// The hash of some bytes.
    @inlinable
    public init(_ bytes: some Sequence<UInt8>) {
        self.init()
        for byte in bytes { add(byte) }
    }

    /// Takes in one byte.
    @inlinable
    @inline(__always)
    public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
