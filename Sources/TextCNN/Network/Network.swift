import CKernels
import Glibc

/// The plain forward pass: the reference that faster ways are checked against.
///
/// A message of n ids is followed by as many zero rows as the widest window needs; windows may run
/// into them, and one window of nothing but zeros always takes part. So
/// `pooled = ReLU(max(0, best window sum) + bias)`, and an empty message has a score, too.
public struct Network: Sendable {
    public let parameters: Parameters
    /// What it is joined by, for one logit; most networks for labels have none.
    public let linear: LinearTerm?
    private var shape: NetworkShape { parameters.shape }

    public init(_ parameters: Parameters, linear: LinearTerm? = nil) {
        precondition(
            linear == nil || parameters.shape.outputs == 1, "a linear term is for one logit")
        self.parameters = parameters
        self.linear = linear
    }

    /// The logits of one message, `[outputs]`. Pure: the same ids give the same bits.
    ///
    /// - Parameter ids: each in `0..<shape.vocabulary`.
    public func logits(_ ids: [Int32]) -> [Float] { logits(ids, pooled: pooled(ids)) }

    /// The logits of a message that the filters found this in.
    func logits(_ ids: [Int32], pooled: [Float]) -> [Float] {
        var logits = head(pooled)
        if let linear { logits[0] += linear.logit(ids) }
        return logits
    }

    /// What the filters found, `[features]`.
    func pooled(_ ids: [Int32]) -> [Float] { found(ids).pooled }

    /// What the filters found, and where: for each feature the first word of its window, or nil when
    /// the window of nothing but padding won. Both `[features]`.
    package func found(_ ids: [Int32]) -> (pooled: [Float], starts: [Int?]) {
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
        var starts = [Int?](repeating: nil, count: shape.features)
        for (place, width) in shape.widths.enumerated() {
            let firstRow = shape.firstRow(ofWidthAt: place)
            for filter in 0..<shape.filters {
                var best: Float = 0
                var bestStart: Int?
                for start in ids.indices {
                    var sum: Float = 0
                    for offset in 0..<min(width, ids.count - start) {
                        sum +=
                            products[
                                (start + offset) * shape.kernelRows + firstRow
                                    + offset * shape.filters + filter]
                    }
                    if sum > best {
                        best = sum
                        bestStart = start
                    }
                }
                let feature = place * shape.filters + filter
                pooled[feature] = max(0, pooled[feature] + best)
                starts[feature] = bestStart
            }
        }
        return (pooled, starts)
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

    /// `weights[outputs, inputs] · inputs + bias`, summed in one order on every vector unit.
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

    /// The logistic function.
    public static func sigmoid(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }
}
