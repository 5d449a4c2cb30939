/// The logistic function, with the same bits on every machine.
///
/// The C library chooses an `exp` for the CPU at hand, and two of them may differ in the last bit;
/// then a replay of the labels on another machine would give other weights.
enum Logistic {
    /// 1 / (1 + e^−x).
    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// e^x; x beyond ±700 counts as ±700.
    ///
    /// e^x = 2^k · e^r with |r| at most ln 2 / 2. The series of e^r up to r^13 is exact to 2⁻⁵³.
    static func exp(_ x: Double) -> Double {
        guard x == x else { return x }
        let x = min(max(x, -700), 700)
        let power = (x * 1.442_695_040_888_963_4).rounded()
        // ln 2 in two parts, the first of which has zeros at its end, so that the products are
        // exact.
        let rest = x - power * 0x1.62E4_2FEEp-1 - power * 0x1.A39E_F357_93C7_6p-33
        var sum = 1.0
        for term in stride(from: 13.0, through: 1, by: -1) { sum = 1 + sum * rest / term }
        return sum * Double(sign: .plus, exponent: Int(power), significand: 1)
    }
}
