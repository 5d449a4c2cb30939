/// The hidden layer as the kernels read it.
///
/// In a network that was put together of several members, a hidden unit reads the filters of its
/// own member alone. Units that read the same filters share a matrix without the others.
struct HiddenLayer: Sendable {
    /// Units side by side, and the filters of each width that they read.
    private struct Group {
        var units: Range<Int>
        var filters: Range<Int>
    }

    /// The matrix of a group, and where its inputs and its units begin.
    private struct Block {
        var firstFilter: Int
        var firstUnit: Int
        var matrix: PanelMatrix
    }

    private let shape: NetworkShape
    private let blocks: [Block]

    /// Units that are looked at together: those that a kernel computes together.
    private static let panel = PanelMatrix.width

    /// The hidden layer of a network; nil for a linear head.
    init?(_ parameters: Parameters) {
        let shape = parameters.shape
        guard shape.hidden > 0 else { return nil }
        self.shape = shape
        blocks = HiddenLayer.groups(parameters).map { group in
            // Whole rows are one stretch, which the kernels sum in parts.
            let isWhole = group.filters.count == shape.filters
            var matrix: [Float] = []
            matrix.reserveCapacity(shape.widths.count * group.filters.count * group.units.count)
            for width in shape.widths.indices {
                for filter in group.filters {
                    let feature = width * shape.filters + filter
                    for unit in group.units {
                        matrix.append(parameters.hidden[unit * shape.features + feature])
                    }
                }
            }
            return Block(
                firstFilter: group.filters.lowerBound, firstUnit: group.units.lowerBound,
                matrix: PanelMatrix(
                    matrix, stride: group.units.count, range: 0..<group.units.count,
                    bias: parameters.hiddenBias[group.units],
                    segments: isWhole ? 1 : shape.widths.count))
        }
    }

    /// Neighbouring units that read the same filters.
    private static func groups(_ parameters: Parameters) -> [Group] {
        let shape = parameters.shape
        var groups: [Group] = []
        for first in stride(from: 0, to: shape.hidden, by: panel) {
            let units = first..<min(first + panel, shape.hidden)
            let filters = filters(of: units, parameters)
            if let last = groups.last, last.filters == filters {
                groups[groups.count - 1].units = last.units.lowerBound..<units.upperBound
            } else {
                groups.append(Group(units: units, filters: filters))
            }
        }
        return groups
    }

    /// The smallest range that holds all filters, of any width, that have a weight.
    private static func filters(of units: Range<Int>, _ parameters: Parameters) -> Range<Int> {
        let shape = parameters.shape
        let read = (0..<shape.filters).filter { filter in
            units.contains { unit in
                shape.widths.indices.contains { width in
                    let feature = width * shape.filters + filter
                    return parameters.hidden[unit * shape.features + feature] != 0
                }
            }
        }
        guard let first = read.first, let last = read.last else { return 0..<shape.filters }
        return first..<(last + 1)
    }

    /// The rectified units of rows of features; a row's bits do not depend on the other rows.
    ///
    /// - Parameters:
    ///   - features: `[rows, features]`.
    ///   - rows: at least one.
    /// - Returns: `[rows, hidden]`.
    func units(_ features: [Float], rows: Int) -> [Float] {
        precondition(features.count == rows * shape.features, "rows of another length")
        return [Float](unsafeUninitializedCapacity: rows * shape.hidden) { units, count in
            features.withUnsafeBufferPointer { features in
                guard let left = features.baseAddress, let result = units.baseAddress else {
                    return
                }
                for block in blocks {
                    block.matrix.multiply(
                        left + block.firstFilter,
                        PanelMatrix.Layout(
                            rows: rows, stride: shape.features, jump: shape.filters,
                            resultStride: shape.hidden, clamps: true),
                        into: result + block.firstUnit)
                }
            }
            count = rows * shape.hidden
        }
    }
}
