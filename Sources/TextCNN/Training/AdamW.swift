import Glibc

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), lazy over the embedding: only the
/// rows of words that occurred in the batch move.
struct AdamW {
    private static let beta1: Float = 0.9
    private static let beta2: Float = 0.999
    private static let epsilon: Float = 1e-8

    private var first: Parameters
    private var second: Parameters
    private var updates = 0
    private let weightDecay: Float

    init(_ shape: NetworkShape, weightDecay: Float) {
        first = Parameters(zeros: shape)
        second = Parameters(zeros: shape)
        self.weightDecay = weightDecay
    }

    /// Moves the parameters one step against the gradient.
    mutating func apply(
        _ gradient: BatchGradient, to parameters: inout Parameters, learningRate: Float
    ) {
        updates += 1
        let step = Step(
            rate: learningRate,
            correction1: 1 / (1 - powf(AdamW.beta1, Float(updates))),
            correction2: 1 / (1 - powf(AdamW.beta2, Float(updates))))
        for tensor in Parameters.tensors where tensor.name != "embedding.weight" {
            let path = tensor.path
            let part = gradient.dense[keyPath: path]
            let decay = tensor.name.hasSuffix(".weight") ? weightDecay : 0
            AdamW.move(
                &parameters[keyPath: path], &first[keyPath: path], &second[keyPath: path],
                part.indices, by: part[...], step, decay: decay)
        }
        let size = parameters.shape.embedding
        for (place, word) in gradient.words.enumerated() where word != 0 {
            let row = (Int(word) * size)..<((Int(word) + 1) * size)
            AdamW.move(
                &parameters.embedding, &first.embedding, &second.embedding, row,
                by: gradient.rows[(place * size)..<((place + 1) * size)], step, decay: weightDecay)
        }
    }

    /// Moves the values in `range`; `gradient` has one number for each of them.
    private static func move(
        _ values: inout [Float], _ first: inout [Float], _ second: inout [Float],
        _ range: Range<Int>, by gradient: ArraySlice<Float>, _ step: Step, decay: Float
    ) {
        precondition(range.upperBound <= values.count && range.count == gradient.count)
        let keep = 1 - step.rate * decay
        // Pointers make this loop vector code; the range was checked above.
        values.withUnsafeMutableBufferPointer { values in
            first.withUnsafeMutableBufferPointer { first in
                second.withUnsafeMutableBufferPointer { second in
                    gradient.withUnsafeBufferPointer { gradient in
                        guard let values = values.baseAddress, let first = first.baseAddress,
                            let second = second.baseAddress, let gradient = gradient.baseAddress
                        else { return }
                        for index in range {
                            let slope = gradient[index - range.lowerBound]
                            let mean = beta1 * first[index] + (1 - beta1) * slope
                            let square = beta2 * second[index] + (1 - beta2) * slope * slope
                            first[index] = mean
                            second[index] = square
                            let size = (square * step.correction2).squareRoot() + epsilon
                            values[index] =
                                keep * values[index] - step.rate * mean * step.correction1 / size
                        }
                    }
                }
            }
        }
    }

    private struct Step {
        var rate: Float
        var correction1: Float
        var correction2: Float
    }
}
