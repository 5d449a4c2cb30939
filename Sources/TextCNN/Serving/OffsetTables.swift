import CKernels

/// The convolution as table look-up, for serving (architecture.md section 3).
///
/// Convolution is linear in the embedding, so what each word gives to each filter at each offset is
/// worked out once. A window's sum is then a sum of table entries: no multiplications. Entries have
/// one scale per filter, chosen so that no window can overflow 16 bits.
///
/// Immutable once made, so every thread may use it; `@unchecked` because the table lies in memory
/// that Swift does not manage.
public final class OffsetTables: @unchecked Sendable {
    /// How an entry is stored.
    public enum Precision: String, Codable, Sendable, CaseIterable {
        /// Half the memory, about two thirds of the time; off by up to 1/254 of a filter's range.
        case int8
        /// As good as the weights themselves.
        case int16

        /// Bytes.
        var size: Int { self == .int8 ? 1 : 2 }

        /// The largest entry of a filter of this width: `width` of them must fit 16 bits.
        func limit(width: Int) -> Float { self == .int8 ? 127 : 32_000 / Float(width) }
    }

    /// A kind of vector unit, see `siftd_kernels.h`.
    public enum VectorUnit: String, Sendable, CaseIterable {
        case baseline, avx2, avx512

        /// The best one this CPU has.
        public static let best: VectorUnit =
            switch siftd_best_unit() {
            case siftd_unit_avx512: .avx512
            case siftd_unit_avx2: .avx2
            default: .baseline
            }

        /// The units this CPU has.
        public static var available: [VectorUnit] {
            Array(allCases.prefix { $0 != best }) + [best]
        }

        var code: siftd_unit {
            switch self {
            case .baseline: siftd_unit_baseline
            case .avx2: siftd_unit_avx2
            case .avx512: siftd_unit_avx512
            }
        }
    }

    public let network: Network
    public let precision: Precision
    public let unit: VectorUnit
    /// Bytes of memory the table takes.
    public let bytes: Int
    private let shape: NetworkShape
    /// Filters of a width as they are stored: whole blocks.
    private let filters: Int
    private let widths: [Int32]
    /// `[vocabulary, stride]`; owned, released at the end.
    private let table: UnsafeMutableRawPointer
    /// `[widths, filters]`: what one unit of a sum is worth.
    private let scales: [Float]

    /// Bytes that a table would take.
    public static func bytes(of shape: NetworkShape, precision: Precision) -> Int {
        shape.vocabulary * shape.widths.reduce(0, +) * storedFilters(shape) * precision.size
    }

    /// Builds the table: two matrix products over the vocabulary, one for the scales and one for the
    /// entries.
    ///
    /// - Returns: nil when there is no memory for it.
    public init?(_ network: Network, precision: Precision = .int16, unit: VectorUnit = .best) {
        let shape = network.parameters.shape
        let builder = TableBuilder(network.parameters, filters: OffsetTables.storedFilters(shape))
        let bytes = OffsetTables.bytes(of: shape, precision: precision)
        guard let table = siftd_table_allocate(bytes) else { return nil }
        self.network = network
        self.precision = precision
        self.unit = unit
        self.bytes = bytes
        self.shape = shape
        self.table = table
        filters = builder.filters
        widths = shape.widths.map(Int32.init)
        scales = builder.scales(precision)
        builder.fill(table, precision, scales: scales)
    }

    deinit { siftd_table_free(table, bytes) }

    private static func storedFilters(_ shape: NetworkShape) -> Int {
        let block = Int(siftd_filter_block)
        return (shape.filters + block - 1) / block * block
    }

    /// The logits of one message, `[outputs]`. The same ids give the same bits on every thread.
    public func logits(_ ids: [Int32]) -> [Float] {
        network.logits(ids, pooled: pooled(ids))
    }

    /// What the filters found, `[features]`.
    func pooled(_ ids: [Int32]) -> [Float] {
        pooled(from: bestSums(ids))
    }

    private func pooled(from best: [Int16]) -> [Float] {
        var pooled = network.parameters.kernelBias
        for place in shape.widths.indices {
            for filter in 0..<shape.filters {
                let stored = place * filters + filter
                let feature = place * shape.filters + filter
                pooled[feature] = max(0, pooled[feature] + Float(best[stored]) * scales[stored])
            }
        }
        return pooled
    }

    /// What the filters found, and where: for each feature the first word of its window, or nil when
    /// the window of nothing but padding won. Both `[features]`.
    ///
    /// - Parameter ids: fewer than 65,536.
    package func found(_ ids: [Int32]) -> (pooled: [Float], starts: [Int?]) {
        let best = bestSums(ids)
        let starts = firstWindows(ids, best)
        let found = (0..<shape.features).map { feature in
            let stored = feature / shape.filters * filters + feature % shape.filters
            return best[stored] > 0 ? Int(starts[stored]) : nil
        }
        return (pooled(from: best), found)
    }

    /// What one unit of a filter's sum is worth.
    func unitValue(ofFeature feature: Int) -> Float {
        scales[feature / shape.filters * filters + feature % shape.filters]
    }

    /// The largest window sum of each stored filter, at least 0.
    private func bestSums(_ ids: [Int32]) -> [Int16] {
        precondition(ids.allSatisfy { $0 >= 0 && $0 < shape.vocabulary }, "an id is no word")
        return withAligned(Int16.self) { best in
            withDescription { description in
                switch precision {
                case .int8: siftd_best_sums_int8(unit.code, description, ids, ids.count, best)
                case .int16: siftd_best_sums_int16(unit.code, description, ids, ids.count, best)
                }
            }
        }
    }

    /// The start of the window that each of these sums was found at.
    private func firstWindows(_ ids: [Int32], _ sums: [Int16]) -> [UInt16] {
        precondition(ids.count <= Int(UInt16.max), "more words than a start can tell")
        var starts: [UInt16] = []
        _ = withAligned(Int16.self) { best in
            for (index, sum) in sums.enumerated() { best[index] = sum }
            starts = withAligned(UInt16.self) { starts in
                withDescription { description in
                    switch precision {
                    case .int8:
                        siftd_first_windows_int8(
                            unit.code, description, ids, ids.count, best, starts)
                    case .int16:
                        siftd_first_windows_int16(
                            unit.code, description, ids, ids.count, best, starts)
                    }
                }
            }
        }
        return starts
    }

    /// Zeros for each stored filter, as the kernels want them: in whole cache lines, which an array's
    /// own memory need not be.
    private func withAligned<Value: FixedWidthInteger>(
        _ type: Value.Type, _ body: (UnsafeMutablePointer<Value>) -> Void
    ) -> [Value] {
        let count = widths.count * filters
        return withUnsafeTemporaryAllocation(
            byteCount: count * MemoryLayout<Value>.stride, alignment: 64
        ) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            let values = memory.bindMemory(to: Value.self)
            if let base = values.baseAddress { body(base) }
            return Array(values)
        }
    }

    /// The table as the kernels want it. All pointers live for the call.
    private func withDescription(_ body: (UnsafePointer<siftd_table>) -> Void) {
        widths.withUnsafeBufferPointer { widths in
            var description = siftd_table(
                entries: table, stride: stride, filters: filters, widths: widths.baseAddress,
                width_count: widths.count)
            body(&description)
        }
    }

    private var stride: Int { shape.widths.reduce(0, +) * filters }
}
