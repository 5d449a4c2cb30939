import Dispatch
import Glibc

/// Loss and gradient of one batch, by the sparse backward pass of model-recipe.md section 5.
///
/// The products of the batch's distinct words with all kernels are made once; they give every
/// window sum by addition. Maximum pooling lets only the winning window of a filter have a
/// gradient, so backward touches at most `width` rows for each filter and message.
///
/// Work is cut into a fixed number of shards whose results are added in order: the same batch gives
/// the same bits on any number of cores.
package final class BatchGradient {
    /// Shards, whatever the number of cores.
    private static let shardCount = 4

    private let shape: NetworkShape
    private let head: Head
    /// Place of each word in this batch's list of distinct words, or -1.
    private var places: [Int32]
    /// The distinct words of the current batch.
    package private(set) var words: [Int32] = []
    private var products: [Float] = []
    private var gathered: [Float] = []
    private var shards: [Shard]

    /// The summed gradient, apart from the embedding; its `embedding` is left empty.
    package private(set) var dense: Parameters
    /// Gradient of the rows in ``words``, `[words, embedding]`.
    package private(set) var rows: [Float] = []

    package init(_ shape: NetworkShape, _ head: Head = .sigmoid) {
        self.shape = shape
        self.head = head
        places = [Int32](repeating: -1, count: shape.vocabulary)
        dense = Parameters(zeros: shape)
        dense.embedding = []
        shards = (0..<BatchGradient.shardCount).map { _ in Shard(shape, head) }
    }

    /// Works out the gradient of the mean weighted loss.
    ///
    /// - Parameter masks: dropout factors of each message, `[features + hidden]`, or empty.
    /// - Returns: the summed weighted loss.
    package func compute(
        _ batch: [TrainingExample], masks: [[Float]], parameters: Parameters
    ) -> Double {
        gather(batch, parameters)
        let perShard = (batch.count + shards.count - 1) / shards.count
        let scale = 1 / Float(batch.count * head.decisions(shape.outputs))
        // Each iteration touches its own shard only; everything else is read.
        shards.withUnsafeMutableBufferPointer { buffer in
            let work = ShardWork(
                shards: buffer, batch: batch, masks: masks, parameters: parameters, places: places,
                products: products, words: words)
            DispatchQueue.concurrentPerform(iterations: work.shards.count) { index in
                let first = min(index * perShard, work.batch.count)
                let last = min(first + perShard, work.batch.count)
                work.shards[index].run(work, first..<last, scale: scale)
            }
        }
        let loss = shards.reduce(0) { $0 + $1.loss }
        sumShards()
        for word in words { places[Int(word)] = -1 }
        return loss
    }

    private func gather(_ batch: [TrainingExample], _ parameters: Parameters) {
        words.removeAll(keepingCapacity: true)
        for example in batch {
            for id in example.ids where places[Int(id)] < 0 {
                places[Int(id)] = Int32(words.count)
                words.append(id)
            }
        }
        let size = shape.embedding
        gathered.removeAll(keepingCapacity: true)
        for word in words {
            gathered += parameters.embedding[(Int(word) * size)..<((Int(word) + 1) * size)]
        }
        let count = words.count * shape.kernelRows
        if products.count < count {
            products = [Float](repeating: 0, count: count)
        }
        multiply(parameters)
    }

    /// The products, in blocks of words that the cores share.
    private func multiply(_ parameters: Parameters) {
        let block = 256
        let blocks = (words.count + block - 1) / block
        let size = shape.embedding
        let columns = shape.kernelRows
        let total = words.count
        gathered.withUnsafeBufferPointer { left in
            parameters.kernels.withUnsafeBufferPointer { right in
                products.withUnsafeMutableBufferPointer { result in
                    guard let left = left.baseAddress, let right = right.baseAddress,
                        let result = result.baseAddress
                    else { return }
                    let pointers = ProductPointers(left: left, right: right, result: result)
                    DispatchQueue.concurrentPerform(iterations: blocks) { index in
                        let first = index * block
                        Matrix.multiplyTransposed(
                            pointers.left + first * size, pointers.right,
                            into: pointers.result + first * columns,
                            rows: min(block, total - first), columns: columns, inner: size)
                    }
                }
            }
        }
    }

    private func sumShards() {
        func add(_ path: WritableKeyPath<Parameters, [Float]>) {
            var sum = [Float](repeating: 0, count: dense[keyPath: path].count)
            for shard in shards {
                let part = shard.dense[keyPath: path]
                for index in sum.indices { sum[index] += part[index] }
            }
            dense[keyPath: path] = sum
        }
        for tensor in Parameters.tensors where tensor.name != "embedding.weight" {
            add(tensor.path)
        }
        let count = words.count * shape.embedding
        rows = [Float](repeating: 0, count: count)
        for shard in shards {
            for index in 0..<count { rows[index] += shard.rows[index] }
        }
    }
}

/// Pointers that a `concurrentPerform` shares out; each block writes rows of its own.
private struct ProductPointers: @unchecked Sendable {
    // Unchecked: the three buffers outlive the loop, `left` and `right` are only read.
    let left: UnsafePointer<Float>
    let right: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>
}

/// What all shards read, and the shards themselves.
private struct ShardWork: @unchecked Sendable {
    // Unchecked: iteration i of the loop touches shards[i] and nothing else of the mutable buffer.
    let shards: UnsafeMutableBufferPointer<Shard>
    let batch: [TrainingExample]
    let masks: [[Float]]
    let parameters: Parameters
    let places: [Int32]
    let products: [Float]
    let words: [Int32]
}

/// Gradients of a part of the batch.
private struct Shard {
    private let shape: NetworkShape
    private let kind: Head
    private(set) var loss = 0.0
    private(set) var dense: Parameters
    private(set) var rows: [Float] = []
    private var best: [Float]
    private var winners: [Int32]
    private var sums: [Float]

    init(_ shape: NetworkShape, _ kind: Head) {
        self.shape = shape
        self.kind = kind
        dense = Parameters(zeros: shape)
        dense.embedding = []
        best = [Float](repeating: 0, count: shape.features)
        winners = [Int32](repeating: -1, count: shape.features)
        sums = [Float](repeating: 0, count: shape.filters)
    }

    mutating func run(_ work: ShardWork, _ range: Range<Int>, scale: Float) {
        loss = 0
        for tensor in Parameters.tensors where tensor.name != "embedding.weight" {
            let count = dense[keyPath: tensor.path].count
            dense[keyPath: tensor.path] = [Float](repeating: 0, count: count)
        }
        rows = [Float](repeating: 0, count: work.words.count * shape.embedding)
        for index in range {
            let example = work.batch[index]
            let places = example.ids.map { work.places[Int($0)] }
            findWinners(places, work.products)
            let mask = work.masks.isEmpty ? [] : work.masks[index]
            let gradient = head(example, mask, work.parameters, scale: scale)
            backward(gradient, places, work)
        }
    }

    /// The best window of each filter and where it begins; -1 for the window of zeros. The first of
    /// equal windows wins, so that runs can be repeated.
    private mutating func findWinners(_ places: [Int32], _ products: [Float]) {
        let filters = shape.filters
        let rowCount = shape.kernelRows
        let widths = shape.widths
        for index in best.indices {
            best[index] = 0
            winners[index] = -1
        }
        // Pointers make the inner loops vector code; all places are below the number of words.
        best.withUnsafeMutableBufferPointer { best in
            winners.withUnsafeMutableBufferPointer { winners in
                sums.withUnsafeMutableBufferPointer { sums in
                    products.withUnsafeBufferPointer { products in
                        guard let best = best.baseAddress, let winners = winners.baseAddress,
                            let sums = sums.baseAddress, let products = products.baseAddress
                        else { return }
                        for start in places.indices {
                            var firstRow = 0
                            for (place, width) in widths.enumerated() {
                                let reach = min(width, places.count - start)
                                let first = products + Int(places[start]) * rowCount + firstRow
                                for filter in 0..<filters { sums[filter] = first[filter] }
                                for offset in 1..<max(reach, 1) {
                                    let row =
                                        products + Int(places[start + offset]) * rowCount
                                        + firstRow + offset * filters
                                    for filter in 0..<filters { sums[filter] += row[filter] }
                                }
                                let top = best + place * filters
                                let from = winners + place * filters
                                for filter in 0..<filters {
                                    let wins = sums[filter] > top[filter]
                                    top[filter] = wins ? sums[filter] : top[filter]
                                    from[filter] = wins ? Int32(start) : from[filter]
                                }
                                firstRow += width * filters
                            }
                        }
                    }
                }
            }
        }
    }

    /// Forward and backward through the dense layers.
    ///
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

    /// Gradients of kernels and words through the winning windows only.
    private mutating func backward(_ gradient: [Float], _ places: [Int32], _ work: ShardWork) {
        let size = shape.embedding
        for feature in gradient.indices where gradient[feature] != 0 && winners[feature] >= 0 {
            let start = Int(winners[feature])
            let width = shape.widths[feature / shape.filters]
            let firstRow =
                shape.firstRow(ofWidthAt: feature / shape.filters) + feature % shape.filters
            for offset in 0..<min(width, places.count - start) {
                let kernel = (firstRow + offset * shape.filters) * size
                let place = Int(places[start + offset])
                let word = Int(work.words[place]) * size
                Shard.add(
                    gradient[feature], work.parameters.embedding, word, to: &dense.kernels, kernel,
                    count: size)
                Shard.add(
                    gradient[feature], work.parameters.kernels, kernel, to: &rows, place * size,
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
        // Pointers make this loop vector code; the ranges were checked above.
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else {
                    return
                }
                for index in 0..<count { target[at + index] += factor * source[from + index] }
            }
        }
    }
}
