import CKernels
import Glibc

extension LayerNetwork {
    /// Layers of one input that work in place or reorder numbers.
    static func change(
        _ value: inout LayerValue, _ operation: LayerOperation, _ weights: [[Float]], sizes: [Int]
    ) {
        switch operation {
        case .identity: return
        case .dropMask: value.mask = nil
        case .flatten, .reshape:
            value.sizes = sizes
            value.mask = nil
        case .activation(let activation):
            let width = value.channels
            value.change { activation.apply($0, $1, width: width) }
        case .softmax(let axis): softmax(&value, axis)
        case .rectifier(let slope, let threshold, let maximum):
            value.change {
                siftd_rectify(
                    LayerKernels.unit, $0, $1, slope, threshold, maximum ?? .infinity)
            }
        case .elu(let alpha): each(&value) { $0 > 0 ? $0 : alpha * expm1f($0) }
        case .rescaling(let scale, let offset): each(&value) { $0 * scale + offset }
        case .learntRectifier(let shared): rectify(&value, weights[0], shared)
        case .normalization(let axis, let epsilon, let center, let scale):
            normalize(&value, axis, epsilon, center: center, scale: scale, weights)
        case .layerNormalization(let axes, let epsilon, let center, let scale):
            normalizeRows(&value, axes, epsilon, center: center, scale: scale, weights)
        case .unitNormalization(let axes): normalizeLengths(&value, axes)
        case .permute(let order): permute(&value, order)
        case .masking(let marker): mask(&value, marker)
        case .repeated(let count): gather(&value, sizes) { $0 < count ? 0 : nil }
        case .zeroPadding(let front, _):
            let length = value.sizes[0]
            gather(&value, sizes) { (0..<length).contains($0 - front) ? $0 - front : nil }
        case .cropping(let front, _): gather(&value, sizes) { $0 + front }
        case .upsampling(let size): gather(&value, sizes) { $0 / size }
        default: preconditionFailure("a layer of several inputs or with kernels")
        }
    }

    @inline(__always)
    static func each(_ value: inout LayerValue, _ body: (Float) -> Float) {
        value.change { numbers, count in
            for index in 0..<count { numbers[index] = body(numbers[index]) }
        }
    }

    /// Rows of other positions; zeros where there is none.
    private static func gather(
        _ value: inout LayerValue, _ sizes: [Int], _ source: (Int) -> Int?
    ) {
        let channels = value.channels
        var result = LayerValue(count: value.count, sizes: sizes)
        let size = value.size
        for text in 0..<value.count {
            for position in 0..<sizes[0] {
                guard let from = source(position) else { continue }
                let first = text * size + from * channels
                let target = (text * sizes[0] + position) * channels
                result.numbers.replaceSubrange(
                    target..<(target + channels), with: value.numbers[first..<(first + channels)])
            }
        }
        value = result
    }

    /// The step between neighbours along an axis.
    static func stride(_ sizes: [Int], _ axis: Int) -> Int {
        sizes[(axis + 1)...].reduce(1, *)
    }

    private static func softmax(_ value: inout LayerValue, _ axis: Int) {
        let size = value.sizes[axis]
        let step = stride(value.sizes, axis)
        value.change { numbers, count in
            for start in 0..<count where start / step % size == 0 {
                LayerActivation.softmax(numbers + start, size, stride: step)
            }
        }
    }

    private static func normalize(
        _ value: inout LayerValue, _ axis: Int, _ epsilon: Double, center: Bool, scale: Bool,
        _ weights: [[Float]]
    ) {
        let (factors, offsets) = normalization(epsilon, center: center, scale: scale, weights)
        let size = value.sizes[axis]
        let step = stride(value.sizes, axis)
        value.change { numbers, count in
            if step == 1 {
                siftd_scale_rows(
                    LayerKernels.unit, numbers, count / size, size, factors, offsets)
                return
            }
            for index in 0..<count {
                let entry = index / step % size
                numbers[index] = numbers[index] * factors[entry] + offsets[entry]
            }
        }
    }

    /// Factor and offset of each index of a normalised axis.
    static func normalization(
        _ epsilon: Double, center: Bool, scale: Bool, _ weights: [[Float]]
    ) -> (factors: [Float], offsets: [Float]) {
        let means = weights[weights.count - 2]
        let variances = weights[weights.count - 1]
        let factors = variances.indices.map { index in
            (scale ? Double(weights[0][index]) : 1)
                / (Double(variances[index]) + epsilon).squareRoot()
        }
        let offsets = means.indices.map { index in
            (center ? Double(weights[scale ? 1 : 0][index]) : 0)
                - Double(means[index]) * factors[index]
        }
        return (factors.map(Float.init), offsets.map(Float.init))
    }

    private static func normalizeRows(
        _ value: inout LayerValue, _ axes: Int, _ epsilon: Double, center: Bool, scale: Bool,
        _ weights: [[Float]]
    ) {
        let width = value.sizes.suffix(axes).reduce(1, *)
        value.change { numbers, count in
            siftd_standardize(
                LayerKernels.unit, numbers, count / width, width, epsilon,
                scale ? weights[0] : nil, center ? weights[scale ? 1 : 0] : nil)
        }
    }

    private static func normalizeLengths(_ value: inout LayerValue, _ axes: Int) {
        let width = value.sizes.suffix(axes).reduce(1, *)
        value.change { numbers, count in
            var row = 0
            while row < count {
                var squares = 0.0
                for index in row..<(row + width) {
                    squares += Double(numbers[index]) * Double(numbers[index])
                }
                let factor = Float(1 / max(squares, smallestSquares).squareRoot())
                for index in row..<(row + width) { numbers[index] *= factor }
                row += width
            }
        }
    }

    /// Keras leaves a row of zeros as it is.
    private static let smallestSquares = 1e-12

    private static func rectify(_ value: inout LayerValue, _ alpha: [Float], _ shared: [Int]) {
        let sizes = value.sizes
        let alphaSizes = sizes.indices.map { shared.contains($0) ? 1 : sizes[$0] }
        let size = value.size
        let entries = (0..<size).map { entry(of: $0, in: sizes, to: alphaSizes) }
        value.change { numbers, count in
            for index in 0..<count where numbers[index] < 0 {
                numbers[index] *= alpha[entries[index % size]]
            }
        }
    }

    /// The index of an element in an array of other sizes, some of which are 1.
    static func entry(of index: Int, in sizes: [Int], to other: [Int]) -> Int {
        var rest = index
        var result = 0
        var factor = 1
        for axis in sizes.indices.reversed() {
            let position = rest % sizes[axis]
            rest /= sizes[axis]
            if other[axis] != 1 { result += position * factor }
            factor *= other[axis]
        }
        return result
    }

    private static func permute(_ value: inout LayerValue, _ order: [Int]) {
        let sizes = value.sizes
        let size = value.size
        let target = order.map { sizes[$0] }
        var result = LayerValue(count: value.count, sizes: target)
        let sources = (0..<size).map { index in
            var rest = index
            var source = 0
            for axis in target.indices.reversed() {
                source += rest % target[axis] * stride(sizes, order[axis])
                rest /= target[axis]
            }
            return source
        }
        for text in 0..<value.count {
            for index in 0..<size {
                result.numbers[text * size + index] = value.numbers[text * size + sources[index]]
            }
        }
        value = result
    }

    private static func mask(_ value: inout LayerValue, _ marker: Float) {
        let channels = value.channels
        let positions = value.count * value.sizes[0]
        var mask = [Bool](repeating: false, count: positions)
        value.change { numbers, _ in
            for position in 0..<positions {
                let row = numbers + position * channels
                mask[position] = (0..<channels).contains { row[$0] != marker }
                if !mask[position] { for channel in 0..<channels { row[channel] = 0 } }
            }
        }
        value.mask = mask
    }
}
