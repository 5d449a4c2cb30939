import Glibc

/// A seeded source of random numbers (SplitMix64; Steele, Lea and Flood 2014): the same seed gives
/// the same numbers on every machine.
public struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Uniform in 0..<1.
    public mutating func nextUniform() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Standard normal, by Box and Muller.
    public mutating func nextNormal() -> Float {
        let radius = (-2 * logf(1 - nextUniform())).squareRoot()
        return radius * cosf(2 * Float.pi * nextUniform())
    }

    /// Uniform in 0..<bound; the bias of the multiplication is below 2⁻³² for our bounds.
    public mutating func nextIndex(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Shuffles in place.
    public mutating func shuffle<Element>(_ items: inout [Element]) {
        guard items.count > 1 else { return }
        for index in stride(from: items.count - 1, to: 0, by: -1) {
            items.swapAt(index, nextIndex(below: index + 1))
        }
    }
}
