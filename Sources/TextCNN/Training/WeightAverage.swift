/// The exponential moving average of the weights over the updates (Polyak and Juditsky 1992,
/// Acceleration of stochastic approximation by averaging).
///
/// The average changes less from update to update than the weights themselves, and does better on
/// unseen mail.
struct WeightAverage {
    /// The average so far.
    private(set) var parameters: Parameters
    private let decay: Float
    private var updates = 0
    /// After u updates the decay is at most u / (u + this).
    private static let warmUp = 10

    /// - Parameters:
    ///   - parameters: the weights before the first update.
    ///   - decay: the share of the old average that an update keeps, in `0..<1`.
    init(_ parameters: Parameters, decay: Float) {
        self.parameters = parameters
        self.decay = decay
    }

    /// Adds the weights after one update.
    ///
    /// The average decays faster at first, so that it soon forgets the random start.
    mutating func add(_ current: Parameters) {
        updates += 1
        let keep = min(decay, Float(updates) / Float(updates + WeightAverage.warmUp))
        for tensor in Parameters.tensors {
            let values = current[keyPath: tensor.path]
            precondition(parameters[keyPath: tensor.path].count == values.count)
            WeightAverage.blend(
                &parameters[keyPath: tensor.path], values, count: values.count, keep: keep)
        }
    }

    /// Pointers let the compiler turn the loop into vector code; both must hold `count` values.
    private static func blend(
        _ average: UnsafeMutablePointer<Float>, _ values: UnsafePointer<Float>, count: Int,
        keep: Float
    ) {
        for index in 0..<count { average[index] += (1 - keep) * (values[index] - average[index]) }
    }
}
