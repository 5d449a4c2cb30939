import Glibc

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101).
///
/// Lazy over the embedding: only the rows of words that occur in the batch are updated, with their
/// moments, since all others have no gradient.
struct AdamW {
    private static let beta1: Float = 0.9
    private static let beta2: Float = 0.999
    private static let epsilon: Float = 1e-8

    /// The moving averages of the gradients.
    private var first: Parameters
    /// The moving averages of their squares.
    private var second: Parameters
    private var updates = 0
    private let weightDecay: Float
    /// Factors of the learning rate of the embedding's rows; empty if all are 1.
    private let rowRates: [Float]

    init(_ shape: NetworkShape, weightDecay: Float, rowRates: [Float] = []) {
        first = Parameters(zeros: shape)
        second = Parameters(zeros: shape)
        self.weightDecay = weightDecay
        self.rowRates = rowRates
    }

    /// Moves the parameters one step against the gradient; matrices decay, biases don't.
    mutating func apply(
        _ gradient: BatchGradient, to parameters: inout Parameters, learningRate: Float
    ) {
        apply(
            dense: gradient.dense, words: gradient.words, rows: gradient.rows, to: &parameters,
            learningRate: learningRate)
    }

    /// Moves the parameters one step against a gradient.
    ///
    /// - Parameters:
    ///   - dense: the gradient of all weights but the embedding.
    ///   - words: the ids whose rows of the embedding have a gradient.
    ///   - rows: their gradients, `[words, embedding]`.
    ///   - parameters: the weights to move.
    ///   - learningRate: of this step.
    mutating func apply(
        dense: Parameters, words: [Int32], rows: [Float], to parameters: inout Parameters,
        learningRate: Float
    ) {
        updates += 1
        let step = Step(
            rate: learningRate,
            correction1: 1 / (1 - powf(AdamW.beta1, Float(updates))),
            correction2: 1 / (1 - powf(AdamW.beta2, Float(updates))))
        for tensor in Parameters.tensors where tensor.name != "embedding.weight" {
            let path = tensor.path
            let gradient = dense[keyPath: path]
            let decay = tensor.name.hasSuffix(".weight") ? weightDecay : 0
            AdamW.move(
                &parameters[keyPath: path], &first[keyPath: path], &second[keyPath: path],
                from: 0, by: gradient, from: 0, count: gradient.count, step, decay: decay)
        }
        let size = parameters.shape.embedding
        // The row of <pad>, id 0, is always zero.
        for (index, word) in words.enumerated() where word != 0 {
            var step = step
            if !rowRates.isEmpty { step.rate *= rowRates[Int(word)] }
            AdamW.move(
                &parameters.embedding, &first.embedding, &second.embedding,
                from: Int(word) * size, by: rows, from: index * size, count: size, step,
                decay: weightDecay)
        }
    }

    /// Moves `count` values, the gradient of which begins at `source`.
    private static func move(
        _ values: inout [Float], _ first: inout [Float], _ second: inout [Float],
        from start: Int, by gradient: [Float], from source: Int, count: Int, _ step: Step,
        decay: Float
    ) {
        precondition(start >= 0 && source >= 0 && start + count <= values.count)
        precondition(first.count == values.count && second.count == values.count)
        precondition(source + count <= gradient.count)
        moveUnchecked(
            &values, &first, &second, start, gradient, source, count, step,
            keep: 1 - step.rate * decay)
    }

    /// Pointers let the compiler turn the loop into vector code; ``move`` has checked the ranges.
    private static func moveUnchecked(
        _ values: UnsafeMutablePointer<Float>, _ first: UnsafeMutablePointer<Float>,
        _ second: UnsafeMutablePointer<Float>, _ start: Int, _ gradient: UnsafePointer<Float>,
        _ source: Int, _ count: Int, _ step: Step, keep: Float
    ) {
        for offset in 0..<count {
            let index = start + offset
            let slope = gradient[source + offset]
            let mean = beta1 * first[index] + (1 - beta1) * slope
            let square = beta2 * second[index] + (1 - beta2) * slope * slope
            first[index] = mean
            second[index] = square
            let size = (square * step.correction2).squareRoot() + epsilon
            values[index] = keep * values[index] - step.rate * mean * step.correction1 / size
        }
    }

    /// The learning rate of one step, and the corrections for averages that began at 0.
    private struct Step {
        var rate: Float
        var correction1: Float
        var correction2: Float
    }
}
