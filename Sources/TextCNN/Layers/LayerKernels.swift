import CKernels

/// The compiled loops of imported networks, on this CPU's best vector unit.
enum LayerKernels {
    static let unit = OffsetTables.VectorUnit.best.code

    /// The largest number or the sum of each column of rows, at least one; a row begins `stride`
    /// numbers behind the one before.
    static func reduce(
        _ kind: LayerOperation.Pooling.Kind, _ rows: UnsafePointer<Float>, count: Int, stride: Int,
        columns: Int, into result: UnsafeMutablePointer<Float>
    ) {
        siftd_reduce(unit, rows, count, stride, kind == .average ? 1 : 0, columns, result)
    }
}
