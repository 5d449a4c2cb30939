/// The exponential moving average of the weights over the updates (Polyak averaging): steadier, and
/// on unseen mail better, than the weights of any one update.
struct WeightAverage {
    private(set) var parameters: Parameters
    private let decay: Float
    private var updates = 0

    init(_ parameters: Parameters, decay: Float) {
        self.parameters = parameters
        self.decay = decay
    }

    /// Takes the weights after one update in. Early averages forget faster, so that the random start
    /// does not linger.
    mutating func add(_ current: Parameters) {
        updates += 1
        let keep = min(decay, Float(updates) / Float(updates + 10))
        for tensor in Parameters.tensors {
            let path = tensor.path
            WeightAverage.blend(&parameters[keyPath: path], current[keyPath: path], keep: keep)
        }
    }

    private static func blend(_ average: inout [Float], _ current: [Float], keep: Float) {
        precondition(average.count == current.count)
        // Pointers make this loop vector code; both hold as many values.
        average.withUnsafeMutableBufferPointer { average in
            current.withUnsafeBufferPointer { current in
                guard let average = average.baseAddress, let values = current.baseAddress else {
                    return
                }
                for index in 0..<current.count {
                    average[index] += (1 - keep) * (values[index] - average[index])
                }
            }
        }
    }
}
