/// The convolution as table look-up, for serving (architecture.md section 3).
///
/// Convolution is linear in the embedding, so what each word gives to each filter at each offset is
/// worked out once. A window's sum is then a sum of table entries: no multiplications. Entries are
/// 16-bit with one scale per filter, chosen so that no window can overflow.
public final class OffsetTables: Sendable {
    public let network: Network
    private let shape: NetworkShape
    /// `[vocabulary, kernelRows]`: one row per word with the slices of all widths and offsets.
    private let table: [Int16]
    /// `[features]`: what one unit of a sum is worth.
    private let scales: [Float]

    /// Builds the tables: one matrix product over the vocabulary, some 60 ms for 30,000 words.
    public init(_ network: Network) {
        self.network = network
        let shape = network.parameters.shape
        self.shape = shape
        let rows = shape.kernelRows
        var largest = [Float](repeating: 0, count: shape.features)
        let block = 512
        var products = [Float](repeating: 0, count: block * rows)
        func forEachBlock(_ body: (Int, Int) -> Void) {
            for first in stride(from: 0, to: shape.vocabulary, by: block) {
                let count = min(block, shape.vocabulary - first)
                // The embedding lives for the call; rows first..<first+count are within it.
                network.parameters.embedding.withUnsafeBufferPointer { embedding in
                    guard let base = embedding.baseAddress else { return }
                    Matrix.multiplyTransposed(
                        base + first * shape.embedding, network.parameters.kernels,
                        into: &products, rows: count, columns: rows, inner: shape.embedding)
                }
                body(first, count)
            }
        }
        let owner = OffsetTables.featureOfRow(shape)
        forEachBlock { _, count in
            for word in 0..<count {
                for row in 0..<rows {
                    let size = abs(products[word * rows + row])
                    if size > largest[owner[row].feature] { largest[owner[row].feature] = size }
                }
            }
        }
        var scales = [Float](repeating: 1, count: shape.features)
        // A filter whose entries are too small to be scaled, or no numbers, finds nothing.
        for row in owner where largest[row.feature] > 1e-30 && largest[row.feature].isFinite {
            scales[row.feature] = largest[row.feature] * Float(row.width) / 32_000
        }
        self.scales = scales
        let inverse = owner.map { 1 / scales[$0.feature] }
        var table = [Int16](repeating: 0, count: shape.vocabulary * rows)
        forEachBlock { first, count in
            for word in 0..<count {
                let target = (first + word) * rows
                for row in 0..<rows {
                    let value = products[word * rows + row] * inverse[row]
                    let isUsable = abs(value) <= 32_000
                    table[target + row] = isUsable ? Int16(value.rounded(.toNearestOrEven)) : 0
                }
            }
        }
        self.table = table
    }

    /// The logits of one message, `[outputs]`. The same ids give the same bits on every thread.
    public func logits(_ ids: [Int32]) -> [Float] {
        var pooled = network.parameters.kernelBias
        let best = bestSums(ids)
        for feature in pooled.indices {
            pooled[feature] = max(0, pooled[feature] + Float(best[feature]) * scales[feature])
        }
        return network.head(pooled)
    }

    /// The largest window sum of each filter, at least 0.
    private func bestSums(_ ids: [Int32]) -> [Int16] {
        precondition(ids.allSatisfy { $0 >= 0 && $0 < shape.vocabulary }, "an id is no word")
        let rows = shape.kernelRows
        let filters = shape.filters
        var best = [Int16](repeating: 0, count: shape.features)
        var sums = [Int16](repeating: 0, count: filters)
        // Pointers make the inner loop one that the compiler turns into vector code; every index
        // below is less than vocabulary × rows because ids are less than the vocabulary.
        table.withUnsafeBufferPointer { table in
            best.withUnsafeMutableBufferPointer { best in
                sums.withUnsafeMutableBufferPointer { sums in
                    guard let table = table.baseAddress, let best = best.baseAddress,
                        let sums = sums.baseAddress
                    else { return }
                    for (start, id) in ids.enumerated() {
                        var firstRow = 0
                        for (place, width) in shape.widths.enumerated() {
                            let reach = min(width, ids.count - start)
                            let first = table + Int(id) * rows + firstRow
                            for filter in 0..<filters { sums[filter] = first[filter] }
                            for offset in 1..<max(reach, 1) {
                                let row =
                                    table + Int(ids[start + offset]) * rows + firstRow
                                    + offset * filters
                                for filter in 0..<filters { sums[filter] &+= row[filter] }
                            }
                            let target = best + place * filters
                            for filter in 0..<filters {
                                target[filter] = max(target[filter], sums[filter])
                            }
                            firstRow += width * filters
                        }
                    }
                }
            }
        }
        return best
    }

    /// Which filter a kernel row belongs to, and that filter's width.
    private static func featureOfRow(_ shape: NetworkShape) -> [(feature: Int, width: Int)] {
        shape.widths.enumerated().flatMap { place, width in
            (0..<width).flatMap { _ in
                (0..<shape.filters).map { (place * shape.filters + $0, width) }
            }
        }
    }
}
