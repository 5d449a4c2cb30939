import CKernels

/// The convolution as table look-up, for serving.
///
/// Convolution is linear in the embedding, so the contribution of each token to each filter at each
/// window offset is computed once, when a model is loaded. The sum of a window is then a sum of
/// table entries, without multiplications. All entries of a filter share one scale, chosen so that
/// no window sum can overflow 16 bits; see "Serving tables" in `docs/model.md`.
///
/// Immutable, for any thread. `@unchecked` because the table is in memory that Swift doesn't
/// manage: it is written in `init` only and released in `deinit`.
public final class OffsetTables: @unchecked Sendable {
    /// How an entry is stored.
    public enum Precision: String, Codable, Sendable, CaseIterable {
        /// One byte: half the memory and about two thirds of the time of ``int16``; an entry is off
        /// by up to 1/254 of its filter's range.
        case int8
        /// Two bytes: as good as the weights themselves.
        case int16

        /// Bytes of an entry.
        var size: Int { self == .int8 ? 1 : 2 }

        /// The largest entry of a filter of this width: the sum of `width` of them must fit 16
        /// bits.
        ///
        /// With 8 bits, 127 · 16 (the widest window) does anyway.
        func limit(width: Int) -> Float { self == .int8 ? 127 : 32_000 / Float(width) }
    }

    /// A kind of vector unit; see `siftd_kernels.h`.
    public enum VectorUnit: String, Sendable, CaseIterable {
        /// SSE2 on x86-64, NEON on arm64.
        case baseline
        /// AVX2 on x86-64.
        case avx2
        /// AVX-512 F, BW and VL on x86-64.
        case avx512

        /// The fastest unit of this CPU.
        public static let best: VectorUnit =
            switch siftd_best_unit() {
            case siftd_unit_avx512: .avx512
            case siftd_unit_avx2: .avx2
            default: .baseline
            }

        /// The units of this CPU, the fastest last.
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

    /// The network that the tables were built from.
    public let network: Network
    /// How the entries are stored.
    public let precision: Precision
    /// The vector unit whose kernels run.
    public let unit: VectorUnit
    /// Size of the table in bytes.
    public let bytes: Int
    private let shape: NetworkShape
    /// Filters of a width as they are stored: whole blocks.
    private let filters: Int
    private let widths: [Int32]
    /// `[vocabulary, stride]`; owned, released at the end.
    private let table: UnsafeMutableRawPointer
    /// `[widths, filters]`: the value of one unit of a window sum.
    private let scales: [Float]

    /// The size in bytes of a table for a network of this shape.
    public static func bytes(of shape: NetworkShape, precision: Precision) -> Int {
        shape.vocabulary * shape.widths.reduce(0, +) * storedFilters(shape) * precision.size
    }

    /// Builds the table; nil when there is no memory for it.
    ///
    /// Takes two matrix products over the vocabulary, one for the scales and one for the entries.
    ///
    /// - Parameters:
    ///   - network: the network to serve.
    ///   - precision: how the entries are stored.
    ///   - unit: one of ``VectorUnit/available``.
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

    /// The logits of one message, `[outputs]`; the same ids give the same bits on every thread.
    ///
    /// - Parameter ids: each in `0..<vocabulary`.
    /// - Returns: one logit for each label.
    public func logits(_ ids: [Int32]) -> [Float] {
        network.logits(ids) { features(ids, $0) }
    }

    /// The kernels read the table at each id without a look at its bounds.
    private func check(_ ids: [Int32]) {
        precondition(
            ids.allSatisfy { $0 >= 0 && $0 < shape.vocabulary }, "an id is not in the vocabulary")
    }

    /// The pooled features of a message, `[features]`.
    func features(_ ids: [Int32]) -> [Float] {
        features(ids, [ids.indices])
    }

    /// The pooled features of parts of a message.
    ///
    /// - Parameters:
    ///   - ids: each in `0..<vocabulary`.
    ///   - ranges: where the windows of each part begin; they may reach beyond its end.
    /// - Returns: `[ranges, features]`.
    func features(_ ids: [Int32], _ ranges: [Range<Int>]) -> [Float] {
        check(ids)
        let bias = network.parameters.kernelBias
        return [Float](unsafeUninitializedCapacity: ranges.count * shape.features) { rows, count in
            withAligned(Int16.self) { best in
                withDescription { description in
                    for (part, range) in ranges.enumerated() {
                        best.update(repeating: 0)
                        findBestSums(ids, range, description, best)
                        let row = rows[(part * shape.features)..<((part + 1) * shape.features)]
                        rectify(best, bias, into: UnsafeMutableBufferPointer(rebasing: row))
                    }
                }
            }
            count = ranges.count * shape.features
        }
    }

    /// From stored window sums, `[widths, filters]`, to features, `[features]`.
    private func rectify(
        _ best: UnsafeMutableBufferPointer<Int16>, _ bias: [Float],
        into features: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(features.count == shape.features && bias.count == shape.features)
        guard let sums = best.baseAddress, let features = features.baseAddress else { return }
        bias.withUnsafeBufferPointer { bias in
            scales.withUnsafeBufferPointer { scales in
                guard let bias = bias.baseAddress, let scales = scales.baseAddress else { return }
                for width in shape.widths.indices {
                    let (stored, first) = (width * filters, width * shape.filters)
                    siftd_rectify_sums(
                        unit.code, sums + stored, scales + stored, bias + first, shape.filters,
                        features + first)
                }
            }
        }
    }

    private func scaled(_ best: [Int16]) -> [Float] {
        [Float](unsafeUninitializedCapacity: shape.features) { sums, count in
            for widthIndex in shape.widths.indices {
                let stored = widthIndex * filters
                for filter in 0..<shape.filters {
                    sums[widthIndex * shape.filters + filter] =
                        Float(best[stored + filter]) * scales[stored + filter]
                }
            }
            count = shape.features
        }
    }

    /// The largest window sums of a part of a message, and the windows they come from.
    ///
    /// - Parameters:
    ///   - ids: fewer than 65,536.
    ///   - range: where windows begin.
    /// - Returns: sums and starts, `[features]` each.
    func windows(_ ids: [Int32], _ range: Range<Int>) -> BestWindows {
        check(ids)
        let best = bestSums(ids, range)
        let stored = firstWindows(ids, range, best)
        let starts = (0..<shape.features).map { feature in
            let index = storedIndex(feature)
            return best[index] > 0 ? range.lowerBound + Int(stored[index]) : nil
        }
        return BestWindows(sums: scaled(best), starts: starts)
    }

    /// The pooled features of a message and the windows they come from.
    ///
    /// - Parameter ids: fewer than 65,536.
    /// - Returns: values and starts, `[features]` each.
    package func pool(_ ids: [Int32]) -> PooledFeatures {
        let best = windows(ids, ids.indices)
        return PooledFeatures(values: network.features(best.sums), starts: best.starts)
    }

    /// The value of one unit of a filter's window sums.
    func unitValue(ofFeature feature: Int) -> Float { scales[storedIndex(feature)] }

    private func storedIndex(_ feature: Int) -> Int {
        feature / shape.filters * filters + feature % shape.filters
    }

    /// The largest window sum of each stored filter, at least 0; `[widths, filters]`.
    private func bestSums(_ ids: [Int32], _ range: Range<Int>) -> [Int16] {
        withAligned(Int16.self) { best in
            withDescription { findBestSums(ids, range, $0, best) }
            return Array(best)
        }
    }

    /// Raises zeros, `[widths, filters]`, to the largest window sum of each stored filter.
    private func findBestSums(
        _ ids: [Int32], _ range: Range<Int>, _ description: UnsafePointer<siftd_table>,
        _ best: UnsafeMutableBufferPointer<Int16>
    ) {
        ids.withUnsafeBufferPointer { ids in
            let rest = UnsafeBufferPointer(rebasing: ids[range.lowerBound...])
            switch precision {
            case .int8:
                siftd_best_sums_int8(
                    unit.code, description, rest.baseAddress, range.count, rest.count,
                    best.baseAddress)
            case .int16:
                siftd_best_sums_int16(
                    unit.code, description, rest.baseAddress, range.count, rest.count,
                    best.baseAddress)
            }
        }
    }

    /// The start of the first window with each of these sums, from the start of the range;
    /// `[widths, filters]`.
    private func firstWindows(
        _ ids: [Int32], _ range: Range<Int>, _ sums: [Int16]
    ) -> [UInt16] {
        precondition(ids.count <= Int(UInt16.max), "a start does not fit 16 bits")
        let rest = Array(ids[range.lowerBound...])
        return withAligned(Int16.self) { best in
            _ = best.update(fromContentsOf: sums)
            return withAligned(UInt16.self) { starts in
                withDescription { description in
                    switch precision {
                    case .int8:
                        siftd_first_windows_int8(
                            unit.code, description, rest, range.count, rest.count, best.baseAddress,
                            starts.baseAddress)
                    case .int16:
                        siftd_first_windows_int16(
                            unit.code, description, rest, range.count, rest.count, best.baseAddress,
                            starts.baseAddress)
                    }
                }
                return Array(starts)
            }
        }
    }

    /// Calls `body` with a zero for each stored filter, aligned to 64 bytes as the kernels need it
    /// and as the memory of an array need not be.
    private func withAligned<Value: FixedWidthInteger, Result>(
        _ type: Value.Type, _ body: (UnsafeMutableBufferPointer<Value>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(
            byteCount: widths.count * filters * MemoryLayout<Value>.stride, alignment: 64
        ) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            return body(memory.bindMemory(to: Value.self))
        }
    }

    /// Calls `body` with the table as the kernels need it; its pointers live for the call.
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
