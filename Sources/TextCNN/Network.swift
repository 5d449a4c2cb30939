#if canImport(Glibc)
    import Glibc
#endif

/// The plain forward pass: the reference that faster ways are checked against.
///
/// A message of n ids is followed by as many zero rows as the widest window needs; windows may run
/// into them, and one window of nothing but zeros always takes part. So
/// `pooled = ReLU(max(0, best window sum) + bias)`, and an empty message has a score, too.
public struct Network: Sendable {
    public let parameters: Parameters
    private var shape: NetworkShape { parameters.shape }

    public init(_ parameters: Parameters) { self.parameters = parameters }

    /// The logits of one message, `[outputs]`. Pure: the same ids give the same bits.
    ///
    /// - Parameter ids: each in `0..<shape.vocabulary`.
    public func logits(_ ids: [Int32]) -> [Float] { head(pooled(ids)) }

    /// What the filters found, `[features]`.
    func pooled(_ ids: [Int32]) -> [Float] {
        let size = shape.embedding
        var rows = [Float](repeating: 0, count: max(ids.count, 1) * size)
        for (place, id) in ids.enumerated() {
            let first = Int(id) * size
            rows.replaceSubrange(
                (place * size)..<((place + 1) * size),
                with: parameters.embedding[first..<(first + size)])
        }
        var products = [Float](repeating: 0, count: max(ids.count, 1) * shape.kernelRows)
        Matrix.multiplyTransposed(
            rows, parameters.kernels, into: &products, rows: ids.count,
            columns: shape.kernelRows, inner: size)
        var pooled = parameters.kernelBias
        for (place, width) in shape.widths.enumerated() {
            let firstRow = shape.firstRow(ofWidthAt: place)
            for filter in 0..<shape.filters {
                var best: Float = 0
                for start in ids.indices {
                    var sum: Float = 0
                    for offset in 0..<min(width, ids.count - start) {
                        sum +=
                            products[
                                (start + offset) * shape.kernelRows + firstRow
                                    + offset * shape.filters + filter]
                    }
                    best = max(best, sum)
                }
                let feature = place * shape.filters + filter
                pooled[feature] = max(0, pooled[feature] + best)
            }
        }
        return pooled
    }

    /// Pooled features to logits.
    func head(_ pooled: [Float]) -> [Float] {
        var inputs = pooled
        if shape.hidden > 0 {
            inputs = Network.dense(pooled, parameters.hidden, parameters.hiddenBias).map {
                max(0, $0)
            }
        }
        return Network.dense(inputs, parameters.output, parameters.outputBias)
    }

    /// `weights[outputs, inputs] · inputs + bias`, summed in a fixed order.
    static func dense(_ inputs: [Float], _ weights: [Float], _ bias: [Float]) -> [Float] {
        var result = bias
        let count = inputs.count
        for row in result.indices {
            var sums = SIMD8<Float>.zero
            var column = 0
            while column + 8 <= count {
                for lane in 0..<8 {
                    sums[lane] += inputs[column + lane] * weights[row * count + column + lane]
                }
                column += 8
            }
            var sum = sums.sum()
            while column < count {
                sum += inputs[column] * weights[row * count + column]
                column += 1
            }
            result[row] += sum
        }
        return result
    }

    /// The logistic function.
    public static func sigmoid(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }
}
