import CKernels

/// Look-up tables for an imported network that is an embedding, parallel convolutions, and a
/// maximum over all positions, with any layers behind.
///
/// A convolution is linear in the embedding, so the contribution of each id to each filter at each
/// window offset is computed once. Activations that never fall are applied after the maximum.
/// Unlike ``OffsetTables`` the entries are 32-bit floats unless asked otherwise, windows lie where
/// Keras has them, and padding is a row like any other.
final class BranchTables: Sendable {
    /// One convolution with its table.
    private struct Branch: Sendable {
        var width: Int
        var filters: Int
        var padding: LayerOperation.Padding
        /// Elements of a row, a multiple of the kernels' block.
        var stored: Int
        /// `[vocabulary + 1, width, stored]`; the last row is zero.
        var table: TableMemory
        /// `[filters]`: what one unit of an entry is worth.
        var scales: [Float]
        /// `[filters]`, added to the largest sum.
        var bias: [Float]
        /// The activation of the convolution.
        var activation: LayerActivation
        /// Layers between convolution and maximum.
        var chain: [Int]
        /// The layer that takes the maximum.
        var pool: Int
        /// Sizes of a value between convolution and maximum, one position long.
        var sizes: [Int]
        /// Sizes of the maximum.
        var pooledSizes: [Int]
    }

    private let network: LayerNetwork
    private let branches: [Branch]
    /// Layers that the tables stand for.
    private let replaced: Set<Int>
    private let vocabulary: Int
    private let unit: OffsetTables.VectorUnit
    /// How entries are stored; nil for 32-bit floats.
    let precision: OffsetTables.Precision?
    /// Bytes of all tables.
    let bytes: Int

    /// Numbers of a row are padded with zeros to a multiple of this many.
    private static let block = 16

    /// Builds the tables; nil when the network has another form, or the memory does not suffice.
    init?(
        _ network: LayerNetwork, precision: OffsetTables.Precision?, memoryLimit: Int
    ) {
        guard let plan = BranchPlan(network) else { return nil }
        self.network = network
        self.precision = precision
        unit = .best
        replaced = plan.replaced
        vocabulary = plan.vocabulary
        func stored(_ filters: Int) -> Int {
            (filters + BranchTables.block - 1) / BranchTables.block * BranchTables.block
        }
        let entry = precision?.size ?? MemoryLayout<Float>.size
        bytes = plan.branches.reduce(0) {
            $0 + (plan.vocabulary + 1) * $1.width * stored($1.filters) * entry
        }
        guard bytes <= memoryLimit else { return nil }
        var branches: [Branch] = []
        for part in plan.branches {
            let size = (plan.vocabulary + 1) * part.width * stored(part.filters) * entry
            guard let table = TableMemory(bytes: size) else { return nil }
            var branch = Branch(
                width: part.width, filters: part.filters, padding: part.padding,
                stored: stored(part.filters), table: table,
                scales: [Float](repeating: 1, count: part.filters), bias: part.bias,
                activation: part.activation, chain: part.chain, pool: part.pool,
                sizes: part.sizes, pooledSizes: part.pooledSizes)
            BranchTables.fill(&branch, part, plan.vocabulary, precision)
            branches.append(branch)
        }
        self.branches = branches
    }

    private static func fill(
        _ branch: inout Branch, _ part: BranchPlan.Branch, _ vocabulary: Int,
        _ precision: OffsetTables.Precision?
    ) {
        let row = branch.width * branch.stored
        let size = part.embeddingSize
        let block = 512
        /// Calls `body` with a block's first word and its products `[words, width, stored]`.
        func forEachBlock(_ body: (Int, Int, UnsafePointer<Float>) -> Void) {
            var products = [Float](repeating: 0, count: block * row)
            var first = 0
            while first < vocabulary {
                let words = min(block, vocabulary - first)
                products.withUnsafeMutableBufferPointer { products in
                    part.embeddings.withUnsafeBufferPointer { rows in
                        part.kernel.withUnsafeBufferPointer { kernel in
                            guard let products = products.baseAddress, let rows = rows.baseAddress,
                                let kernel = kernel.baseAddress
                            else { return }
                            for offset in 0..<branch.width {
                                Matrix.multiply(
                                    rows + first * size, stride: size,
                                    kernel + offset * size * branch.filters,
                                    stride: branch.filters, into: products + offset * branch.stored,
                                    stride: row, rows: words, columns: branch.filters, inner: size)
                            }
                            for index in 0..<(words * branch.width) {
                                let entries = products + index * branch.stored
                                for filter in 0..<branch.filters {
                                    entries[filter] *= part.factors[filter]
                                }
                            }
                            body(first, words, products)
                        }
                    }
                }
                first += words
            }
        }
        guard let precision else {
            let target = branch.table.memory.assumingMemoryBound(to: Float.self)
            forEachBlock { first, words, products in
                (target + first * row).update(from: products, count: words * row)
            }
            return
        }
        let filters = branch.filters
        let stored = branch.stored
        var largest = [Float](repeating: 0, count: filters)
        forEachBlock { _, words, products in
            for index in 0..<(words * branch.width) {
                for filter in 0..<filters {
                    largest[filter] = max(largest[filter], abs(products[index * stored + filter]))
                }
            }
        }
        let limit: Float = precision == .int8 ? 127 : 32_000
        branch.scales = largest.map { $0 > 1e-30 && $0.isFinite ? $0 / limit : 1 }
        var factors = [Float](repeating: 0, count: row)
        for index in 0..<row where index % stored < filters {
            factors[index] = 1 / branch.scales[index % stored]
        }
        let memory = branch.table.memory
        forEachBlock { first, words, products in
            for word in 0..<words {
                let entry = (first + word) * row
                switch precision {
                case .int8:
                    siftd_quantize_int8(
                        products + word * row, factors, limit + 0.4,
                        memory.assumingMemoryBound(to: Int8.self) + entry, row)
                case .int16:
                    siftd_quantize_int16(
                        products + word * row, factors, limit + 0.4,
                        memory.assumingMemoryBound(to: Int16.self) + entry, row)
                }
            }
        }
    }

    /// The outputs for texts of equal length; nil when there is none.
    func value(of texts: [[Int32]]) -> LayerValue? {
        guard let length = texts.first?.count else { return nil }
        if let fixed = network.graph.length, fixed != length { return nil }
        guard texts.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0 < vocabulary } }) else { return nil }
        var values = [LayerValue?](repeating: nil, count: network.graph.layers.count + 1)
        for index in replaced { values[index + 1] = LayerValue(count: 0, sizes: [0]) }
        for branch in branches {
            guard let pooled = pool(texts, branch, length) else { return nil }
            values[branch.pool + 1] = pooled
        }
        guard network.run(texts, [], from: 0, &values, keepsAll: false) else { return nil }
        return values[network.graph.layers.count]
    }

    private func pool(_ texts: [[Int32]], _ branch: Branch, _ length: Int) -> LayerValue? {
        guard
            let (count, front) = LayerOperation.window(
                length, kernel: branch.width, stride: 1, dilation: 1, padding: branch.padding)
        else { return nil }
        var value = LayerValue(count: texts.count, sizes: branch.sizes)
        var best = [Float](repeating: 0, count: branch.stored)
        for (text, ids) in texts.enumerated() {
            var padded = [Int32](repeating: Int32(vocabulary), count: count + branch.width - 1)
            for (index, id) in ids.enumerated() where index + front < padded.count {
                padded[index + front] = id
            }
            let starts = BranchTables.distinctStarts(padded, count, branch.width)
            for index in best.indices { best[index] = -.infinity }
            siftd_largest_sums(
                unit.code, code, branch.table.memory, branch.stored, padded, starts, starts.count,
                branch.width, &best)
            for filter in 0..<branch.filters {
                value.numbers[text * branch.filters + filter] =
                    best[filter] * branch.scales[filter] + branch.bias[filter]
            }
        }
        value.change { branch.activation.apply($0, $1, width: branch.filters) }
        for layer in branch.chain {
            var inputs = [value]
            guard let next = try? network.compute(layer, inputs: &inputs) else { return nil }
            value = next
        }
        value.sizes = branch.pooledSizes
        value.mask = nil
        return value
    }

    private var code: siftd_entry {
        switch precision {
        case nil: siftd_entry_float
        case .int16: siftd_entry_int16
        case .int8: siftd_entry_int8
        }
    }

    /// The starts of windows that differ from the one before: padding makes many alike.
    private static func distinctStarts(_ ids: [Int32], _ count: Int, _ width: Int) -> [UInt32] {
        var starts: [UInt32] = []
        starts.reserveCapacity(count)
        // Equal ids up to and with the last one of the window.
        var run = 0
        for (index, id) in ids.enumerated() {
            run = index > 0 && ids[index - 1] == id ? run + 1 : 1
            let start = index - width + 1
            if start >= 0, start == 0 || run <= width { starts.append(UInt32(start)) }
        }
        return starts
    }
}

/// Zeroed memory of a table, released with its last user.
final class TableMemory: @unchecked Sendable {
    // Written by its owner alone, before others can see it; only read afterwards.
    let memory: UnsafeMutableRawPointer
    private let bytes: Int

    init?(bytes: Int) {
        guard let memory = siftd_table_allocate(bytes) else { return nil }
        self.memory = memory
        self.bytes = bytes
    }

    deinit { siftd_table_free(memory, bytes) }
}
