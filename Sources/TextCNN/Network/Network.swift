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
    /// How messages are cut into segments of which the strongest decide; nil for a network that
    /// reads each message as a whole.
    public let segmentation: Segmentation?
    private let hiddenLayer: HiddenLayer?
    private var shape: NetworkShape { parameters.shape }

    /// A network of these weights.
    ///
    /// - Parameters:
    ///   - parameters: the weights of the convolutional network.
    ///   - linear: only for a network with one logit.
    ///   - segmentation: only for a network with one logit.
    public init(
        _ parameters: Parameters, linear: LinearTerm? = nil, segmentation: Segmentation? = nil
    ) {
        precondition(
            linear == nil && segmentation == nil || parameters.shape.outputs == 1,
            "a linear term and segments are for one logit")
        self.parameters = parameters
        self.linear = linear
        self.segmentation = segmentation
        hiddenLayer = HiddenLayer(parameters)
    }

    /// The same network with what facts about the author weigh.
    public func with(_ author: FactTerm) -> Network {
        var segmentation = segmentation
        segmentation?.author = author
        return Network(parameters, linear: linear, segmentation: segmentation)
    }

    /// The logits of one message, `[outputs]`; the same ids give the same bits.
    ///
    /// - Parameter ids: each in `0..<shape.vocabulary`.
    /// - Returns: one logit for each label.
    public func logits(_ ids: [Int32]) -> [Float] {
        let products = products(ids)
        return logits(ids) { features(ids, $0, products) }
    }

    /// The logits of a message, `[outputs]`.
    ///
    /// - Parameters:
    ///   - ids: the message.
    ///   - features: the pooled features of parts of the message, `[parts, features]`: of the
    ///     windows that begin in a range.
    /// - Returns: one logit for each label.
    func logits(_ ids: [Int32], features: ([Range<Int>]) -> [Float]) -> [Float] {
        if let segmentation {
            return [segmentScore(ids, segmentation, features: features).logit]
        }
        var logits = head(features([ids.indices]))
        if let linear { logits[0] += linear.logit(ids) }
        return logits
    }

    /// The pooled features of a message, `[features]`.
    func features(_ ids: [Int32]) -> [Float] { pool(ids).values }

    /// From the best window sums, `[features]`, to the features, `[features]`.
    func features(_ sums: [Float]) -> [Float] {
        let bias = parameters.kernelBias
        precondition(sums.count == bias.count)
        // The count is checked: without a look at each element the loop becomes vector code.
        return [Float](unsafeUninitializedCapacity: sums.count) { features, count in
            sums.withUnsafeBufferPointer { sums in
                bias.withUnsafeBufferPointer { bias in
                    for index in 0..<sums.count {
                        features[index] = max(0, bias[index] + sums[index])
                    }
                }
            }
            count = sums.count
        }
    }

    /// The pooled features of parts of a message, `[ranges, features]`.
    func features(_ ids: [Int32], _ ranges: [Range<Int>], _ products: [Float]) -> [Float] {
        ranges.flatMap { features(windows(ids, $0, products).sums) }
    }

    /// Convolution and max pooling of one message.
    package func pool(_ ids: [Int32]) -> PooledFeatures {
        let best = windows(ids, ids.indices, products(ids))
        return PooledFeatures(values: features(best.sums), starts: best.starts)
    }

    /// What each token contributes to each filter at each window offset, `[ids, kernelRows]`.
    func products(_ ids: [Int32]) -> [Float] {
        let size = shape.embedding
        var rows = [Float](repeating: 0, count: max(ids.count, 1) * size)
        for (index, id) in ids.enumerated() {
            let first = Int(id) * size
            rows.replaceSubrange(
                (index * size)..<((index + 1) * size),
                with: parameters.embedding[first..<(first + size)])
        }
        var products = [Float](repeating: 0, count: max(ids.count, 1) * shape.kernelRows)
        Matrix.multiplyTransposed(
            rows, parameters.kernels, into: &products, rows: ids.count,
            columns: shape.kernelRows, inner: size)
        return products
    }

    /// The best windows of a part of a message.
    func windows(_ ids: [Int32], _ range: Range<Int>, _ products: [Float]) -> BestWindows {
        var result = BestWindows(
            sums: [Float](repeating: 0, count: shape.features),
            starts: [Int?](repeating: nil, count: shape.features))
        for (widthIndex, width) in shape.widths.enumerated() {
            let firstRow = shape.firstRow(ofWidthAt: widthIndex)
            for filter in 0..<shape.filters {
                let best = bestWindow(
                    products, range, tokens: ids.count, width: width, firstRow: firstRow + filter)
                let feature = widthIndex * shape.filters + filter
                result.sums[feature] = best.sum
                result.starts[feature] = best.start
            }
        }
        return result
    }

    /// The window of one filter with the largest sum above 0; the first of equal ones.
    private func bestWindow(
        _ products: [Float], _ range: Range<Int>, tokens: Int, width: Int, firstRow: Int
    ) -> (sum: Float, start: Int?) {
        var best: Float = 0
        var bestStart: Int?
        for start in range {
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

    /// From pooled features, `[rows, features]`, to the network's logits, `[rows, outputs]`.
    func head(_ features: [Float], rows: Int = 1) -> [Float] {
        let inputs = hiddenLayer?.units(features, rows: rows) ?? features
        return Network.dense(inputs, parameters.output, parameters.outputBias, rows: rows)
    }

    /// `weights[outputs, inputs] · inputs + bias` for each row of inputs, with the same bits on
    /// every vector unit and whatever the other rows are.
    package static func dense(
        _ inputs: [Float], _ weights: [Float], _ bias: [Float], rows: Int = 1,
        unit: OffsetTables.VectorUnit = .best
    ) -> [Float] {
        let count = inputs.count / rows
        precondition(inputs.count == rows * count, "rows of unlike length")
        precondition(
            weights.count >= bias.count * count, "fewer weights than inputs × outputs")
        var result = bias
        for _ in 1..<rows { result += bias }
        siftd_dense(unit.code, inputs, weights, count, bias.count, rows, &result)
        return result
    }

    /// The logistic function, `1 / (1 + e⁻ˣ)`.
    public static func sigmoid(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }
}
