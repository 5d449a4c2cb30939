import CKernels
import Dispatch

/// Computes the entries of an ``OffsetTables``: embedding × kernels, in blocks of words that all
/// cores share.
struct TableBuilder {
    /// Filters of a width as they are stored; those beyond the network's filters are zero.
    let filters: Int
    private let shape: NetworkShape
    private let embedding: [Float]
    /// `[stride, embedding]`: the kernels in the table's order.
    private let kernels: [Float]
    private let stride: Int
    /// Words of a block of the matrix product, which the cores share.
    private static let block = 256
    /// A filter whose largest entry is smaller is left out: its scale or the reciprocal would come
    /// near the limits of `Float`.
    private static let smallestMagnitude: Float = 1e-30

    /// - Parameters:
    ///   - parameters: the weights of the network.
    ///   - filters: a multiple of `siftd_filter_block`, at least the network's.
    init(_ parameters: Parameters, filters: Int) {
        let shape = parameters.shape
        self.shape = shape
        self.filters = filters
        stride = shape.widths.reduce(0, +) * filters
        embedding = parameters.embedding
        var kernels = [Float](repeating: 0, count: stride * shape.embedding)
        for slice in 0..<shape.widths.reduce(0, +) {
            let source = slice * shape.filters * shape.embedding
            let target = slice * filters * shape.embedding
            let count = shape.filters * shape.embedding
            kernels.replaceSubrange(
                target..<(target + count), with: parameters.kernels[source..<(source + count)])
        }
        self.kernels = kernels
    }

    /// The scale of each filter, `[widths, filters]`: its largest absolute value over all words and
    /// offsets, divided by the largest storable entry.
    func scales(_ precision: OffsetTables.Precision) -> [Float] {
        let workers = blocks
        var largest = [Float](repeating: 0, count: workers * stride)
        largest.withUnsafeMutableBufferPointer { largest in
            // Each block writes its own row, so threads share nothing.
            nonisolated(unsafe) let base = largest.baseAddress
            forEachBlock { index, _, count, products in
                guard let base else { return }
                for word in 0..<count {
                    siftd_raise_to_magnitudes(
                        products + word * stride, base + index * stride, stride)
                }
            }
        }
        var scales = [Float](repeating: 1, count: shape.widths.count * filters)
        for (widthIndex, width) in shape.widths.enumerated() {
            let first = shape.widths[..<widthIndex].reduce(0, +) * filters
            for filter in 0..<filters {
                var magnitude: Float = 0
                for worker in 0..<workers {
                    for offset in 0..<width {
                        magnitude = max(
                            magnitude, largest[worker * stride + first + offset * filters + filter])
                    }
                }
                // A filter whose entries are too small to be scaled, or infinite, keeps the scale
                // 1: its small entries become 0.
                guard magnitude > TableBuilder.smallestMagnitude, magnitude.isFinite else {
                    continue
                }
                scales[widthIndex * filters + filter] = magnitude / precision.limit(width: width)
            }
        }
        return scales
    }

    /// Writes the entries, `[vocabulary, stride]`.
    func fill(
        _ table: UnsafeMutableRawPointer, _ precision: OffsetTables.Precision, scales: [Float]
    ) {
        var factors = [Float](repeating: 0, count: stride)
        var first = 0
        for (widthIndex, width) in shape.widths.enumerated() {
            for row in 0..<(width * filters) {
                factors[first + row] = 1 / scales[widthIndex * filters + row % filters]
            }
            first += width * filters
        }
        // A little above the largest entry, which rounding may exceed by less than half a unit.
        let limit: Float = precision == .int8 ? 127.4 : 32_000.4
        // Blocks write disjoint rows of a table that outlives the call.
        nonisolated(unsafe) let table = table
        let factorsOfRows = factors
        forEachBlock { _, first, count, products in
            for word in 0..<count {
                let firstEntry = (first + word) * stride
                switch precision {
                case .int8:
                    siftd_quantize_int8(
                        products + word * stride, factorsOfRows, limit,
                        table.assumingMemoryBound(to: Int8.self) + firstEntry, stride)
                case .int16:
                    siftd_quantize_int16(
                        products + word * stride, factorsOfRows, limit,
                        table.assumingMemoryBound(to: Int16.self) + firstEntry, stride)
                }
            }
        }
    }

    private var blocks: Int { (shape.vocabulary + TableBuilder.block - 1) / TableBuilder.block }

    /// Calls `body` with each block's index, its first word, its number of words, and the products
    /// `[words, stride]`; on several threads at once.
    private func forEachBlock(
        _ body: @Sendable (Int, Int, Int, UnsafePointer<Float>) -> Void
    ) {
        DispatchQueue.concurrentPerform(iterations: blocks) { index in
            let first = index * TableBuilder.block
            let count = min(TableBuilder.block, shape.vocabulary - first)
            var products = [Float](repeating: 0, count: count * stride)
            embedding.withUnsafeBufferPointer { embedding in
                guard let base = embedding.baseAddress else { return }
                // Rows first..<first+count lie within the embedding, which lives for the call.
                Matrix.multiplyTransposed(
                    base + first * shape.embedding, kernels, into: &products, rows: count,
                    columns: stride, inner: shape.embedding)
            }
            products.withUnsafeBufferPointer { products in
                guard let base = products.baseAddress else { return }
                body(index, first, count, base)
            }
        }
    }
}
