import CKernels

/// The compiled loops of imported networks, on this CPU's best vector unit.
enum LayerKernels {
    static let unit = OffsetTables.VectorUnit.best.code

    /// Adds `left · right` to `sums`; left `[rows, inner]`, right `[inner, columns]`.
    static func multiplyRows(
        _ left: UnsafePointer<Float>, rows: Int, inner: Int, _ right: UnsafePointer<Float>,
        columns: Int, into sums: UnsafeMutablePointer<Float>, unit: siftd_unit = unit
    ) {
        siftd_multiply_rows(unit, left, rows, inner, right, columns, sums)
    }

    /// Adds the bias to each row of `columns` numbers, and applies the activation.
    static func finish(
        _ values: UnsafeMutablePointer<Float>, _ count: Int, bias: [Float]?, columns: Int,
        _ activation: LayerActivation
    ) {
        if let bias {
            bias.withUnsafeBufferPointer { bias in
                guard let bias = bias.baseAddress else { return }
                var row = 0
                while row < count {
                    for column in 0..<columns { values[row + column] += bias[column] }
                    row += columns
                }
            }
        }
        activation.apply(values, count, width: columns)
    }
}
