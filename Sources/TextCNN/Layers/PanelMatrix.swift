import CKernels

/// A matrix `[terms, columns]` in the form that the kernels read, with the bias of its columns.
struct PanelMatrix: Sendable {
    let terms: Int
    let columns: Int
    /// `[panels, terms, width of a panel]`, or `[columns, terms]` for ``isNarrow``.
    private let numbers: AlignedNumbers
    /// `[panels, width of a panel]`.
    private let bias: AlignedNumbers?

    /// A panel of so few columns would be zeros for the most part.
    private static let narrow = 2
    /// Columns of a panel.
    static let width = Int(siftd_panel_columns)

    /// Whether columns are stored one behind the other.
    private var isNarrow: Bool { columns <= PanelMatrix.narrow && segments == 1 }
    /// Stretches of each row of the left side.
    private let segments: Int

    /// Some columns of a matrix.
    ///
    /// - Parameters:
    ///   - matrix: `[terms, stride]`, row-major.
    ///   - stride: the columns of the matrix.
    ///   - range: the columns to take.
    ///   - bias: added to each of these columns.
    ///   - segments: stretches of which a row of the left side consists.
    init(
        _ matrix: [Float], stride: Int, range: Range<Int>, bias: ArraySlice<Float>?,
        segments: Int = 1
    ) {
        let terms = matrix.count / max(stride, 1)
        let columns = range.count
        self.terms = terms
        self.columns = columns
        self.segments = segments
        let width = PanelMatrix.width
        let panels = (columns + width - 1) / width
        if columns <= PanelMatrix.narrow, segments == 1 {
            numbers = AlignedNumbers(count: columns * terms) { numbers in
                for column in 0..<columns {
                    for term in 0..<terms {
                        numbers[column * terms + term] =
                            matrix[term * stride + range.lowerBound + column]
                    }
                }
            }
        } else {
            numbers = AlignedNumbers(count: panels * terms * width) { numbers in
                for column in 0..<columns {
                    let panel = column / width * terms * width + column % width
                    for term in 0..<terms {
                        numbers[panel + term * width] =
                            matrix[term * stride + range.lowerBound + column]
                    }
                }
            }
        }
        self.bias = bias.map { bias in
            AlignedNumbers(count: panels * width) { numbers in
                for (index, number) in bias.enumerated() { numbers[index] = number }
            }
        }
    }

    /// A whole matrix.
    init(_ matrix: [Float], columns: Int, bias: ArraySlice<Float>?) {
        self.init(matrix, stride: columns, range: 0..<columns, bias: bias)
    }

    /// Where the rows of a product lie, and where its results go.
    struct Layout {
        var rows: Int
        /// Numbers from one row to the next; rows may overlap.
        var stride: Int
        /// Numbers from one stretch of a row to the next.
        var jump = 0
        /// Numbers from one row of the result to the next.
        var resultStride: Int
        /// Whether the product is added to what the result holds; else the bias is its start.
        var adds = false
        /// Whether results below 0 become 0.
        var clamps = false
    }

    /// The product of rows with the matrix.
    ///
    /// A row's result does not depend on the others. All pointers must hold what the layout says.
    func multiply(
        _ left: UnsafePointer<Float>, _ layout: Layout, into result: UnsafeMutablePointer<Float>,
        unit: siftd_unit = LayerKernels.unit
    ) {
        guard layout.rows > 0, columns > 0 else { return }
        if isNarrow {
            for row in 0..<layout.rows {
                let target = result + row * layout.resultStride
                if !layout.adds {
                    for column in 0..<columns { target[column] = bias?.numbers[column] ?? 0 }
                }
                siftd_dense(
                    unit, left + row * layout.stride, numbers.numbers, terms, columns, 1, target)
                guard layout.clamps else { continue }
                for column in 0..<columns where target[column] < 0 { target[column] = 0 }
            }
            return
        }
        if !layout.adds, bias == nil {
            for row in 0..<layout.rows {
                (result + row * layout.resultStride).update(repeating: 0, count: columns)
            }
        }
        var product = siftd_product(
            panels: numbers.numbers,
            bias: layout.adds ? nil : bias.map { UnsafePointer($0.numbers) },
            columns: columns, rows: layout.rows, stride: layout.stride, segments: segments,
            part: terms / segments, jump: layout.jump, result_stride: layout.resultStride,
            clamps: layout.clamps ? 1 : 0)
        siftd_multiply(unit, &product, left, result)
    }
}

/// Numbers at an address that whole vectors of every unit can be read from.
private final class AlignedNumbers: @unchecked Sendable {
    // Written by the initialiser alone; only read afterwards.
    let numbers: UnsafeMutablePointer<Float>
    private let memory: UnsafeMutableRawPointer

    /// Bytes of the widest vector.
    private static let alignment = 64

    /// Zeros, which `fill` may change.
    init(count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) {
        memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Float>.stride,
            alignment: AlignedNumbers.alignment)
        numbers = memory.bindMemory(to: Float.self, capacity: max(count, 1))
        numbers.initialize(repeating: 0, count: max(count, 1))
        fill(numbers)
    }

    deinit { memory.deallocate() }
}
