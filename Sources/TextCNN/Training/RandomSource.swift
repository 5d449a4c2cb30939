import Glibc

/// A seeded source of random numbers: the same seed gives the same numbers on every machine.
///
/// The generator is SplitMix64 (Steele, Lea and Flood 2014, Fast splittable pseudorandom number
/// generators). Not for secrets.
public struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A source that begins at this seed; similar seeds give unrelated numbers.
    public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// A number from the uniform distribution on `0..<1`, a multiple of 2⁻²⁴.
    public mutating func nextUniform() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// A number from the standard normal distribution (Box and Muller 1958).
    public mutating func nextNormal() -> Float {
        let radius = (-2 * logf(1 - nextUniform())).squareRoot()
        return radius * cosf(2 * Float.pi * nextUniform())
    }

    /// A number from the uniform distribution on `0..<bound`.
    ///
    /// The multiplication favours some numbers by less than 2⁻³² for bounds below 2³² (Lemire 2019,
    /// arXiv:1805.10941).
    public mutating func nextIndex(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Shuffles the items in place (Fisher and Yates).
    public mutating func shuffle<Element>(_ items: inout [Element]) {
        guard items.count > 1 else { return }
        for index in stride(from: items.count - 1, to: 0, by: -1) {
            items.swapAt(index, nextIndex(below: index + 1))
        }
    }
}
