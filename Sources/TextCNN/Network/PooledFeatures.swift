/// The result of max pooling over one message: for each filter the largest value over all windows,
/// and the window it comes from.
package struct PooledFeatures {
    /// `ReLU(max(0, best window sum) + bias)` of each filter, `[features]`.
    package var values: [Float]
    /// The index of the first token of each filter's best window, `[features]`; nil where no window
    /// has a sum above that of a window of padding, which is 0.
    package var starts: [Int?]
}
