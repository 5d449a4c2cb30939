import ASCIIText

/// The interval in which a share lies with a probability of 95 %, seen from a sample.
///
/// Wilson 1927, Probable inference, the law of succession, and statistical inference. It holds for
/// few messages and for shares of 0 and 1 as well.
public struct ShareInterval: Codable, Sendable, Equatable {
    /// The 97.5th percentile of the normal distribution.
    private static let quantile = 1.959963984540054

    /// The lower end.
    public var low: Double
    /// The upper end.
    public var high: Double

    /// The interval of a share.
    ///
    /// - Parameters:
    ///   - share: in the sample, from 0 to 1.
    ///   - count: the size of the sample; of nothing, the interval is all from 0 to 1.
    public init(share: Double, of count: Int) {
        guard count > 0 else {
            (low, high) = (0, 1)
            return
        }
        let number = Double(count)
        let square = ShareInterval.quantile * ShareInterval.quantile
        let center = share + square / (2 * number)
        let half =
            ShareInterval.quantile
            * (share * (1 - share) / number + square / (4 * number * number)).squareRoot()
        let scale = 1 + square / number
        low = max(0, (center - half) / scale)
        high = min(1, (center + half) / scale)
    }

    /// Both ends, human-readable.
    var text: String { "\(low.fixed(4)) to \(high.fixed(4)) with a probability of 95 %" }
}
