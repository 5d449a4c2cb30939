import Dispatch

/// Loss and gradient of one batch, by a backward pass that visits only the winning windows.
///
/// The steps, in the order of the code ("Sparse backward pass" in `docs/model.md` explains why):
/// 1. `gather`: lists the distinct words of the batch and multiplies their embeddings with all
///    filters once. Every window sum of the batch is a sum of these products.
/// 2. `GradientShard.findWinners`: the best window of each filter in each message, by additions.
/// 3. `GradientShard.head`: forward and backward through the dense layers, down to the gradient of
///    each filter's window sum.
/// 4. `GradientShard.backward`: adds that gradient to the filter and to the words of the winning
///    window; no other window has a gradient.
/// 5. `sumShards`: adds up the gradients of the parts of the batch.
///
/// The batch is cut into a fixed number of shards whose results are added in order: the same batch
/// gives the same bits on any number of cores.
package final class BatchGradient {
    /// Shards, whatever the number of cores.
    private static let shardCount = 4
    /// Words of a block of the matrix product, which the cores share.
    private static let block = 256

    private let shape: NetworkShape
    private let head: Head
    /// The index of each id in ``words``, or -1; `[vocabulary]`.
    private var indexOfWord: [Int32]
    /// The distinct ids of the current batch.
    package private(set) var words: [Int32] = []
    /// The contribution of each word to each filter at each window offset, `[words, kernelRows]`.
    private var products: [Float] = []
    /// The embeddings of the words, `[words, embedding]`.
    private var gathered: [Float] = []
    private var shards: [GradientShard]

    /// The summed gradient of all weights but the embedding; its `embedding` is empty.
    package private(set) var dense: Parameters
    /// The gradient of the embeddings of ``words``, `[words, embedding]`.
    package private(set) var rows: [Float] = []

    package init(
        _ shape: NetworkShape, _ head: Head = .sigmoid, _ segmentation: Segmentation? = nil
    ) {
        self.shape = shape
        self.head = head
        indexOfWord = [Int32](repeating: -1, count: shape.vocabulary)
        dense = Parameters(zeros: shape)
        dense.embedding = []
        shards = (0..<BatchGradient.shardCount).map { _ in GradientShard(shape, head, segmentation)
        }
    }

    /// Computes the gradient of the mean weighted loss.
    ///
    /// - Parameters:
    ///   - batch: at least one message.
    ///   - masks: dropout factors of each message, `[features + hidden]`; empty for no dropout.
    ///   - parameters: the weights.
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
                shards: buffer, batch: batch, masks: masks, parameters: parameters,
                indexOfWord: indexOfWord, products: products, words: words)
            DispatchQueue.concurrentPerform(iterations: work.shards.count) { index in
                let first = min(index * perShard, work.batch.count)
                let last = min(first + perShard, work.batch.count)
                work.shards[index].run(work, first..<last, scale: scale)
            }
        }
        let loss = shards.reduce(0) { $0 + $1.loss }
        sumShards()
        for word in words { indexOfWord[Int(word)] = -1 }
        return loss
    }

    private func gather(_ batch: [TrainingExample], _ parameters: Parameters) {
        words.removeAll(keepingCapacity: true)
        for example in batch {
            for id in example.ids where indexOfWord[Int(id)] < 0 {
                indexOfWord[Int(id)] = Int32(words.count)
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
        BatchGradient.multiply(
            gathered, parameters.kernels, into: &products, rows: words.count,
            columns: shape.kernelRows, inner: size)
    }

    /// The matrix product, in blocks of rows that the cores share.
    private static func multiply(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
        into result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
    ) {
        let pointers = ProductPointers(left: left, right: right, result: result)
        DispatchQueue.concurrentPerform(iterations: (rows + block - 1) / block) { index in
            let first = index * block
            Matrix.multiplyTransposed(
                pointers.left + first * inner, pointers.right,
                into: pointers.result + first * columns,
                rows: min(block, rows - first), columns: columns, inner: inner)
        }
    }

    private func sumShards() {
        for tensor in Parameters.tensors where tensor.name != "embedding.weight" {
            let path = tensor.path
            var sum = [Float](repeating: 0, count: dense[keyPath: path].count)
            for shard in shards {
                let part = shard.dense[keyPath: path]
                for index in sum.indices { sum[index] += part[index] }
            }
            dense[keyPath: path] = sum
        }
        let count = words.count * shape.embedding
        rows = [Float](repeating: 0, count: count)
        for shard in shards {
            for index in 0..<count { rows[index] += shard.rows[index] }
        }
    }
}

/// Pointers that the iterations of a `concurrentPerform` share.
private struct ProductPointers: @unchecked Sendable {
    // Unchecked: the buffers outlive the loop, `left` and `right` are only read, and each iteration
    // writes its own rows of `result`.
    let left: UnsafePointer<Float>
    let right: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>
}
