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
    private static func each(_ value: inout LayerValue, _ body: (Float) -> Float) {
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
    private static func stride(_ sizes: [Int], _ axis: Int) -> Int {
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

    /// Several inputs put together number by number; a size of 1 is repeated.
    static func merge(
        _ inputs: [LayerValue], _ merge: LayerOperation.Merge, _ rule: LayerOperation.MaskRule,
        sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: inputs[0].count, sizes: sizes)
        let size = value.size
        for (number, input) in inputs.enumerated() {
            let inputSize = input.size
            let entries =
                input.sizes == sizes
                ? nil : (0..<size).map { entry(of: $0, in: sizes, to: input.sizes) }
            value.change { result, total in
                guard number > 0 || entries != nil else {
                    input.read { result.update(from: $0, count: total) }
                    return
                }
                for text in 0..<input.count {
                    for index in 0..<size {
                        let other = input.numbers[text * inputSize + (entries?[index] ?? index)]
                        let target = text * size + index
                        result[target] =
                            number == 0 ? other : combine(merge, result[target], other)
                    }
                }
            }
        }
        if merge == .average { each(&value) { $0 / Float(inputs.count) } }
        value.mask = mask(of: inputs, rule)
        return value
    }

    /// A product, maximum or minimum without the numbers of masked positions.
    ///
    /// A product takes 1 for them, and is 0 where all are masked. A maximum or minimum takes the
    /// other input's number while both have a mask so far, or the result's.
    static func mergeUnmasked(
        _ inputs: [LayerValue], _ merge: LayerOperation.Merge, _ rule: LayerOperation.MaskRule,
        sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: inputs[0].count, sizes: sizes)
        value.mask = mask(of: inputs, rule)
        let entries = inputs.map { input in
            (0..<value.size).map { entry(of: $0, in: sizes, to: input.sizes) }
        }
        // Whether an input counts at an element; a mask may be for one position that is repeated.
        func counts(_ input: LayerValue, _ text: Int, _ entry: Int) -> Bool? {
            guard let mask = input.mask, let length = input.sizes.first else { return nil }
            return mask[text * length + entry / max(input.size / length, 1)]
        }
        let haveAllMasks = inputs.allSatisfy { $0.mask != nil }
        let size = value.size
        value.change { result, total in
            for index in 0..<total {
                let text = index / size
                var output: Float = 0
                var outputCounts: Bool?
                var anyCounts = false
                for (number, input) in inputs.enumerated() {
                    let entry = entries[number][index % size]
                    var x = input.numbers[text * input.size + entry]
                    let isCounted = counts(input, text, entry)
                    if isCounted ?? false { anyCounts = true }
                    if merge == .multiply {
                        if isCounted == false { x = 1 }
                        output = number == 0 ? x : output * x
                        continue
                    }
                    guard number > 0 else {
                        output = x
                        outputCounts = isCounted
                        continue
                    }
                    if isCounted == false { x = output }
                    if outputCounts == false { output = x }
                    if let one = outputCounts, let other = isCounted {
                        outputCounts = one || other
                    } else {
                        outputCounts = nil
                    }
                    output = combine(merge, output, x)
                }
                if merge == .multiply, haveAllMasks, !anyCounts { output = 0 }
                result[index] = output
            }
        }
        return value
    }

    static func combine(_ merge: LayerOperation.Merge, _ one: Float, _ other: Float) -> Float {
        switch merge {
        case .add, .average: one + other
        case .subtract: one - other
        case .multiply: one * other
        case .maximum: max(one, other)
        case .minimum: min(one, other)
        }
    }

    private static func mask(
        of inputs: [LayerValue], _ rule: LayerOperation.MaskRule
    ) -> [Bool]? {
        let masks = inputs.compactMap(\.mask)
        guard var result = masks.first else { return nil }
        switch rule {
        case .none: return nil
        case .shared: return result
        case .all:
            for mask in masks.dropFirst() where mask.count == result.count {
                for index in result.indices { result[index] = result[index] && mask[index] }
            }
        case .any:
            if masks.count < inputs.count { return nil }
            for mask in masks.dropFirst() where mask.count == result.count {
                for index in result.indices { result[index] = result[index] || mask[index] }
            }
        }
        return result
    }

    /// Inputs side by side along an axis.
    static func concatenate(
        _ inputs: [LayerValue], _ axis: Int, _ rule: LayerOperation.MaskRule, sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: inputs[0].count, sizes: sizes)
        let outer = value.count * sizes[..<axis].reduce(1, *)
        let step = stride(sizes, axis) * sizes[axis]
        var offset = 0
        for input in inputs {
            let width = stride(input.sizes, axis) * input.sizes[axis]
            input.numbers.withUnsafeBufferPointer { numbers in
                value.change { result, _ in
                    guard let numbers = numbers.baseAddress else { return }
                    for row in 0..<outer {
                        (result + row * step + offset).update(
                            from: numbers + row * width, count: width)
                    }
                }
            }
            offset += width
        }
        if axis == 0, rule != .none, inputs.contains(where: { $0.mask != nil }) {
            var mask: [Bool] = []
            for text in 0..<value.count {
                for input in inputs {
                    let length = input.sizes[0]
                    mask +=
                        input.mask.map { Array($0[(text * length)..<((text + 1) * length)]) }
                        ?? [Bool](repeating: true, count: length)
                }
            }
            value.mask = mask
        } else {
            value.mask = mask(of: inputs, rule)
        }
        return value
    }
}
