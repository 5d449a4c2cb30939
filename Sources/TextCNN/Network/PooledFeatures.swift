/// The result of max pooling over one message: for each filter the largest value over all windows,
/// and the window it comes from.
package struct PooledFeatures {
    /// `ReLU(max(0, best window sum) + bias)` of each filter, `[features]`.
    package var values: [Float]
    /// The index of the first token of each filter's best window, `[features]`; nil where no window
    /// has a sum above that of a window of padding, which is 0.
    package var starts: [Int?]
}

/// The best windows of a part of a message, before bias and rectifier.
struct BestWindows {
    /// The largest window sum of each filter, at least 0, `[features]`.
    var sums: [Float]
    /// Where each begins, `[features]`; nil where no window has a sum above 0.
    var starts: [Int?]

    /// Takes over what is larger in another part; of equal windows the first one counts.
    mutating func raise(to other: BestWindows) {
        for feature in sums.indices where other.sums[feature] > sums[feature] {
            sums[feature] = other.sums[feature]
            starts[feature] = other.starts[feature]
        }
    }
}
