/// What all shards of a ``BatchGradient`` read, and the shards themselves.
struct ShardWork: @unchecked Sendable {
    // Unchecked: iteration i of the loop touches shards[i] and no other element of the buffer.
    let shards: UnsafeMutableBufferPointer<GradientShard>
    let batch: [TrainingExample]
    /// `[batch][features + hidden]`, or empty.
    let masks: [[Float]]
    let parameters: Parameters
    /// The index of each id in `words`, `[vocabulary]`.
    let indexOfWord: [Int32]
    /// The contribution of each word to each filter at each window offset, `[words, kernelRows]`.
    let products: [Float]
    /// The distinct ids of the batch.
    let words: [Int32]
}

/// Loss and gradient of a part of a batch.
struct GradientShard {
    private let shape: NetworkShape
    private let kind: Head
    private let segmentation: Segmentation?
    /// The summed weighted loss of the shard's messages.
    private(set) var loss = 0.0
    /// The gradient of all weights but the embedding, which is left empty.
    private(set) var dense: Parameters
    /// The gradient of the embeddings of the batch's words, `[words, embedding]`.
    private(set) var rows: [Float] = []
    /// The best window sum of each filter in the current message, `[features]`.
    private var best: [Float]
    /// The start of that window, `[features]`; -1 for the window of padding.
    private var winners: [Int32]
    /// Window sums of the filters of one width, `[filters]`.
    private var sums: [Float]

    init(_ shape: NetworkShape, _ kind: Head, _ segmentation: Segmentation?) {
        self.shape = shape
        self.kind = kind
        self.segmentation = segmentation
        dense = Parameters(zeros: shape)
        dense.embedding = []
        best = [Float](repeating: 0, count: shape.features)
        winners = [Int32](repeating: -1, count: shape.features)
        sums = [Float](repeating: 0, count: shape.filters)
    }

    /// Computes loss and gradient of these messages of the batch.
    ///
    /// - Parameters:
    ///   - work: the batch and the weights.
    ///   - range: the shard's messages.
    ///   - scale: the factor of each message's gradient: 1 divided by the decisions of the batch.
    mutating func run(_ work: ShardWork, _ range: Range<Int>, scale: Float) {
        loss = 0
        for tensor in Parameters.tensors where tensor.name != "embedding.weight" {
            let count = dense[keyPath: tensor.path].count
            dense[keyPath: tensor.path] = [Float](repeating: 0, count: count)
        }
        rows = [Float](repeating: 0, count: work.words.count * shape.embedding)
        for index in range {
            let example = work.batch[index]
            let tokens = example.ids.map { work.indexOfWord[Int($0)] }
            if let segmentation {
                pool(tokens, example, segmentation, work)
            } else {
                clear()
                findWinners(tokens, tokens.indices, work)
            }
            let mask = work.masks.isEmpty ? [] : work.masks[index]
            let gradient = head(example, mask, work.parameters, scale: scale)
            backward(gradient, tokens, work)
        }
    }

    private mutating func clear() {
        for feature in best.indices {
            best[feature] = 0
            winners[feature] = -1
        }
    }

    /// Finds the best windows of the segment to learn from: the one that the example names, else
    /// the one with the highest logit.
    private mutating func pool(
        _ tokens: [Int32], _ example: TrainingExample, _ segmentation: Segmentation,
        _ work: ShardWork
    ) {
        let parts = segmentation.parts(of: example.ids)
        let ranges = [parts.facts, parts.subject] + parts.blocks
        var found: [(best: [Float], winners: [Int32])] = []
        for range in ranges {
            clear()
            findWinners(tokens, range, work)
            found.append((best, winners))
        }
        func combine(_ segment: Int) {
            clear()
            for part in [0, 1] + (segment..<min(segment + 2, parts.blocks.count)).map({ $0 + 2 }) {
                raise(to: found[part])
            }
        }
        if let segment = example.segment, segment < parts.segmentCount { return combine(segment) }
        guard parts.segmentCount > 1 else { return combine(0) }
        var highest = (logit: -Float.infinity, segment: 0)
        for segment in 0..<parts.segmentCount {
            combine(segment)
            let logit = logit(work.parameters)
            if logit > highest.logit { highest = (logit, segment) }
        }
        combine(highest.segment)
    }

    /// Takes over the windows that are better in another part; of equal ones the first counts.
    private mutating func raise(to other: (best: [Float], winners: [Int32])) {
        for feature in best.indices where other.best[feature] > best[feature] {
            best[feature] = other.best[feature]
            winners[feature] = other.winners[feature]
        }
    }

    /// The first logit of what was found, without dropout.
    private func logit(_ parameters: Parameters) -> Float {
        let pooled = zip(best, parameters.kernelBias).map { max(0, $0 + $1) }
        guard shape.hidden > 0 else {
            return Network.dense(pooled, parameters.output, parameters.outputBias)[0]
        }
        let units = Network.dense(pooled, parameters.hidden, parameters.hiddenBias)
            .map { max(0, $0) }
        return Network.dense(units, parameters.output, parameters.outputBias)[0]
    }

    private mutating func findWinners(
        _ tokens: [Int32], _ range: Range<Int>, _ work: ShardWork
    ) {
        GradientShard.findWinners(
            tokens, range, work.products, shape, best: &best, winners: &winners, sums: &sums)
    }

    /// Finds the best window of each filter and where it begins.
    ///
    /// The first of equal windows wins, so that runs can be repeated.
    ///
    /// - Parameters:
    ///   - tokens: the message, as indices of the batch's words.
    ///   - range: where windows begin.
    ///   - products: `[words, kernelRows]`. Pointers let the compiler turn the inner loops into
    ///     vector code; all tokens are below the number of words.
    ///   - shape: the sizes of the network.
    ///   - best: zeros, `[features]`; raised to the best sums.
    ///   - winners: -1 each, `[features]`; set to the starts of the best windows.
    ///   - sums: working memory, `[filters]`.
    private static func findWinners(
        _ tokens: [Int32], _ range: Range<Int>, _ products: UnsafePointer<Float>,
        _ shape: NetworkShape,
        best: UnsafeMutablePointer<Float>, winners: UnsafeMutablePointer<Int32>,
        sums: UnsafeMutablePointer<Float>
    ) {
        let filters = shape.filters
        let rowCount = shape.kernelRows
        let widths = shape.widths
        for start in range {
            var firstRow = 0
            for (widthIndex, width) in widths.enumerated() {
                let reach = min(width, tokens.count - start)
                let first = products + Int(tokens[start]) * rowCount + firstRow
                for filter in 0..<filters { sums[filter] = first[filter] }
                for offset in 1..<max(reach, 1) {
                    let row =
                        products + Int(tokens[start + offset]) * rowCount + firstRow
                        + offset * filters
                    for filter in 0..<filters { sums[filter] += row[filter] }
                }
                let top = best + widthIndex * filters
                let from = winners + widthIndex * filters
                for filter in 0..<filters {
                    let wins = sums[filter] > top[filter]
                    top[filter] = wins ? sums[filter] : top[filter]
                    from[filter] = wins ? Int32(start) : from[filter]
                }
                firstRow += width * filters
            }
        }
    }

    /// Forward and backward through the dense layers of one message.
    ///
    /// - Parameters:
    ///   - example: the message.
    ///   - mask: dropout factors, `[features + hidden]`, or empty.
    ///   - parameters: the weights.
    ///   - scale: the factor of the gradient.
    /// - Returns: the gradient of each filter's window sum plus bias, `[features]`.
    private mutating func head(
        _ example: TrainingExample, _ mask: [Float], _ parameters: Parameters, scale: Float
    ) -> [Float] {
        var pooled = [Float](repeating: 0, count: shape.features)
        for index in pooled.indices {
            let factor = mask.isEmpty ? 1 : mask[index]
            pooled[index] = max(0, best[index] + parameters.kernelBias[index]) * factor
        }
        var units = pooled
        if shape.hidden > 0 {
            units = Network.dense(pooled, parameters.hidden, parameters.hiddenBias)
            for index in units.indices {
                let factor = mask.isEmpty ? 1 : mask[shape.features + index]
                units[index] = max(0, units[index]) * factor
            }
        }
        let logits = Network.dense(units, parameters.output, parameters.outputBias)
        var unitGradient = [Float](repeating: 0, count: units.count)
        let (loss, slopes) = kind.loss(logits, targets: example.targets)
        self.loss += loss * Double(example.weight)
        for (label, slope) in slopes.enumerated() {
            let gradient = slope * example.weight * scale
            dense.outputBias[label] += gradient
            let first = label * units.count
            for index in units.indices {
                dense.output[first + index] += gradient * units[index]
                unitGradient[index] += gradient * parameters.output[first + index]
            }
        }
        var pooledGradient = unitGradient
        if shape.hidden > 0 {
            pooledGradient = hiddenBackward(unitGradient, units, pooled, mask, parameters)
        }
        for index in pooledGradient.indices {
            let factor = mask.isEmpty ? 1 : mask[index]
            pooledGradient[index] *= pooled[index] > 0 ? factor : 0
        }
        return pooledGradient
    }

    /// Adds the gradient of the hidden layer; returns that of the pooled features, `[features]`.
    private mutating func hiddenBackward(
        _ unitGradient: [Float], _ units: [Float], _ pooled: [Float], _ mask: [Float],
        _ parameters: Parameters
    ) -> [Float] {
        var result = [Float](repeating: 0, count: shape.features)
        for unit in units.indices where units[unit] > 0 {
            let factor = mask.isEmpty ? 1 : mask[shape.features + unit]
            let gradient = unitGradient[unit] * factor
            dense.hiddenBias[unit] += gradient
            let first = unit * shape.features
            for index in pooled.indices {
                dense.hidden[first + index] += gradient * pooled[index]
                result[index] += gradient * parameters.hidden[first + index]
            }
        }
        return result
    }

    /// Adds the gradients of filters and words, through the winning windows only.
    ///
    /// - Parameters:
    ///   - gradient: of each filter's window sum, `[features]`.
    ///   - tokens: the message, as indices of the batch's words.
    ///   - work: the batch and the weights.
    private mutating func backward(_ gradient: [Float], _ tokens: [Int32], _ work: ShardWork) {
        let size = shape.embedding
        for feature in gradient.indices where gradient[feature] != 0 && winners[feature] >= 0 {
            let start = Int(winners[feature])
            let width = shape.widths[feature / shape.filters]
            let firstRow =
                shape.firstRow(ofWidthAt: feature / shape.filters) + feature % shape.filters
            for offset in 0..<min(width, tokens.count - start) {
                let kernel = (firstRow + offset * shape.filters) * size
                let token = Int(tokens[start + offset])
                let word = Int(work.words[token]) * size
                GradientShard.add(
                    gradient[feature], work.parameters.embedding, word, to: &dense.kernels, kernel,
                    count: size)
                GradientShard.add(
                    gradient[feature], work.parameters.kernels, kernel, to: &rows, token * size,
                    count: size)
            }
        }
        for feature in gradient.indices { dense.kernelBias[feature] += gradient[feature] }
    }

    /// `target[at...] += factor · source[from...]` over `count` values.
    @inline(__always)
    private static func add(
        _ factor: Float, _ source: [Float], _ from: Int, to target: inout [Float], _ at: Int,
        count: Int
    ) {
        precondition(from >= 0 && at >= 0)
        precondition(from + count <= source.count && at + count <= target.count)
        addUnchecked(factor, source, from, to: &target, at, count)
    }

    /// Pointers let the compiler turn the loop into vector code; ``add`` has checked the ranges.
    @inline(__always)
    private static func addUnchecked(
        _ factor: Float, _ source: UnsafePointer<Float>, _ from: Int,
        to target: UnsafeMutablePointer<Float>, _ at: Int, _ count: Int
    ) {
        for index in 0..<count { target[at + index] += factor * source[from + index] }
    }
}
