import CKernels
import Glibc

/// A network and its plain forward pass: the reference that the serving tables are checked against.
///
/// A message of n ids is followed by as many zero rows as the widest window needs. Windows may
/// reach into them, and one window of zeros alone always takes part. So a pooled feature is
/// `ReLU(max(0, best window sum) + bias)`, and an empty message has a score as well.
public struct Network: Sendable {
    /// The weights of the convolutional network.
    public let parameters: Parameters
    /// The linear term whose logit is added to the first; nil for networks of several labels.
    public let linear: LinearTerm?
    private var shape: NetworkShape { parameters.shape }

    /// A network of these weights.
    ///
    /// - Parameters:
    ///   - parameters: the weights of the convolutional network.
    ///   - linear: only for a network with one logit.
    public init(_ parameters: Parameters, linear: LinearTerm? = nil) {
        precondition(
            linear == nil || parameters.shape.outputs == 1, "a linear term is for one logit")
        self.parameters = parameters
        self.linear = linear
    }

    /// The logits of one message, `[outputs]`; the same ids give the same bits.
    ///
    /// - Parameter ids: each in `0..<shape.vocabulary`.
    /// - Returns: one logit for each label.
    public func logits(_ ids: [Int32]) -> [Float] { logits(ids, features: features(ids)) }

    /// The logits of a message with these pooled features, `[features]`.
    func logits(_ ids: [Int32], features: [Float]) -> [Float] {
        var logits = head(features)
        if let linear { logits[0] += linear.logit(ids) }
        return logits
    }

    /// The pooled features of a message, `[features]`.
    func features(_ ids: [Int32]) -> [Float] { pool(ids).values }

    /// Convolution and max pooling of one message.
    package func pool(_ ids: [Int32]) -> PooledFeatures {
        let size = shape.embedding
        var rows = [Float](repeating: 0, count: max(ids.count, 1) * size)
        for (index, id) in ids.enumerated() {
            let first = Int(id) * size
            rows.replaceSubrange(
                (index * size)..<((index + 1) * size),
                with: parameters.embedding[first..<(first + size)])
        }
        // [ids, kernelRows]: what each token contributes to each filter at each window offset.
        var products = [Float](repeating: 0, count: max(ids.count, 1) * shape.kernelRows)
        Matrix.multiplyTransposed(
            rows, parameters.kernels, into: &products, rows: ids.count,
            columns: shape.kernelRows, inner: size)
        var result = PooledFeatures(
            values: parameters.kernelBias, starts: [Int?](repeating: nil, count: shape.features))
        for (widthIndex, width) in shape.widths.enumerated() {
            let firstRow = shape.firstRow(ofWidthAt: widthIndex)
            for filter in 0..<shape.filters {
                let best = bestWindow(
                    products, tokens: ids.count, width: width, firstRow: firstRow + filter)
                let feature = widthIndex * shape.filters + filter
                result.values[feature] = max(0, result.values[feature] + best.sum)
                result.starts[feature] = best.start
            }
        }
        return result
    }

    /// The window of one filter with the largest sum above 0; the first of equal ones.
    private func bestWindow(
        _ products: [Float], tokens: Int, width: Int, firstRow: Int
    ) -> (sum: Float, start: Int?) {
        var best: Float = 0
        var bestStart: Int?
        for start in 0..<tokens {
            var sum: Float = 0
            for offset in 0..<min(width, tokens - start) {
                sum +=
                    products[
                        (start + offset) * shape.kernelRows + firstRow + offset * shape.filters]
            }
            if sum > best {
                best = sum
                bestStart = start
            }
        }
        return (best, bestStart)
    }

    /// From pooled features, `[features]`, to the network's logits, `[outputs]`.
    func head(_ features: [Float]) -> [Float] {
        var inputs = features
        if shape.hidden > 0 {
            inputs = Network.dense(features, parameters.hidden, parameters.hiddenBias).map {
                max(0, $0)
            }
        }
        return Network.dense(inputs, parameters.output, parameters.outputBias)
    }

    /// `weights[outputs, inputs] · inputs + bias`, with the same bits on every vector unit.
    package static func dense(
        _ inputs: [Float], _ weights: [Float], _ bias: [Float],
        unit: OffsetTables.VectorUnit = .best
    ) -> [Float] {
        var result = bias
        precondition(
            weights.count >= result.count * inputs.count, "fewer weights than inputs × outputs")
        siftd_dense(unit.code, inputs, weights, inputs.count, result.count, &result)
        return result
    }

    /// The logistic function, `1 / (1 + e⁻ˣ)`.
    public static func sigmoid(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }
}
