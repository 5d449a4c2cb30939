/// Exact shares of a network that ends in a maximum or mean over positions, with layers behind that
/// work on single numbers and rows.
///
/// At one text each layer behind the pooling is affine: an activation is replaced by the line
/// through its value here and its value at 0. So the logit is a constant plus a slope times each
/// pooled number, exactly.
struct PooledShares {
    private let network: LayerNetwork
    private let values: [LayerValue]
    private var slopes: [Int: [Double]] = [:]
    private var constant = 0.0
    private(set) var shares = LogitShares(base: 0, windows: [], isExact: true)

    /// The shares for a text; nil for a network of another form.
    init?(_ network: LayerNetwork, _ ids: [Int32], _ label: Int) {
        guard let values = network.values(of: ids) else { return nil }
        self.network = network
        self.values = values
        let output = network.graph.layers.count
        guard values[output].sizes.count == 1, label < values[output].size else { return nil }
        var slope = [Double](repeating: 0, count: values[output].size)
        slope[label] = 1
        slopes[output] = slope
        var pooled: [Int] = []
        for index in (0..<output).reversed() {
            guard let slope = slopes[index + 1] else { continue }
            if isPooling(index) {
                pooled.append(index)
            } else {
                guard passBack(index, slope) else { return nil }
            }
        }
        let fixed = network.graph.length != nil
        let silent =
            fixed ? network.values(of: [Int32](repeating: 0, count: ids.count)) : nil
        var windows: [Range<Int>: Double] = [:]
        for index in pooled {
            guard add(index, silent?[index + 1].numbers, ids, &windows) else { return nil }
        }
        shares.base = constant
        for (range, share) in windows {
            // What only padding sees belongs to no word.
            guard let first = range.first(where: { ids[$0] != 0 }),
                let last = range.last(where: { ids[$0] != 0 })
            else {
                shares.base += share
                continue
            }
            shares.windows.append(
                LogitShares.Window(start: first, width: last - first + 1, share: share))
        }
        shares.windows.sort { ($0.start, $0.width) < ($1.start, $1.width) }
    }

    private func isPooling(_ index: Int) -> Bool {
        let node = network.graph.layers[index]
        switch node.operation {
        case .globalPooling: return true
        case .pooling(let form):
            return values[index + 1].sizes.dropLast().allSatisfy { $0 == 1 }
                && zip(form.size, values[node.inputs[0]].sizes).allSatisfy { $0 >= $1 }
        default: return false
        }
    }

    /// Passes the slopes of a layer's numbers on to its inputs; false for a layer of another kind.
    private mutating func passBack(_ index: Int, _ slope: [Double]) -> Bool {
        let node = network.graph.layers[index]
        let weights = network.weights[index]
        let input = node.inputs[0] == 0 ? nil : values[node.inputs[0]]
        switch node.operation {
        case .identity, .dropMask: add(slope, to: node.inputs[0])
        case .flatten, .reshape: add(slope, to: node.inputs[0])
        case .dense(let units, let usesBias, let activation):
            guard let input, input.sizes.count == 1, activation != .softmax else { return false }
            var result = [Double](repeating: 0, count: input.size)
            for unit in 0..<units where slope[unit] != 0 {
                let bias = usesBias ? Double(weights[1][unit]) : 0
                var sum = bias
                for entry in 0..<input.size {
                    sum += Double(input.numbers[entry]) * Double(weights[0][entry * units + unit])
                }
                let factor = line(slope[unit], at: sum) { Double(activation.value(Float($0))) }
                constant += factor * bias
                for entry in 0..<input.size {
                    result[entry] += factor * Double(weights[0][entry * units + unit])
                }
            }
            add(result, to: node.inputs[0])
        case .activation, .rectifier, .elu, .rescaling, .normalization:
            guard let input, input.sizes.count == 1, node.operation != .activation(.softmax) else {
                return false
            }
            var zeros = LayerValue(count: 1, sizes: input.sizes)
            LayerNetwork.change(&zeros, node.operation, weights, sizes: input.sizes)
            let output = values[index + 1].numbers
            add(
                slope.indices.map { entry in
                    let rest = Double(zeros.numbers[entry])
                    let x = Double(input.numbers[entry])
                    let factor = x == 0 ? 0 : (Double(output[entry]) - rest) / x
                    constant += slope[entry] * (Double(output[entry]) - factor * x)
                    return slope[entry] * factor
                }, to: node.inputs[0])
        case .concatenate(let axis, _):
            // Only where the inputs' numbers lie one behind the other.
            guard values[index + 1].sizes[..<axis].allSatisfy({ $0 == 1 }) else { return false }
            var first = 0
            for value in node.inputs {
                guard value > 0 else { return false }
                add(Array(slope[first..<(first + values[value].size)]), to: value)
                first += values[value].size
            }
        case .merge(let merge, _, _):
            guard [.add, .subtract, .average].contains(merge) else { return false }
            for (number, value) in node.inputs.enumerated() {
                guard value > 0, values[value].sizes == values[index + 1].sizes else {
                    return false
                }
                let factor =
                    merge == .average
                    ? 1 / Double(node.inputs.count) : merge == .subtract && number == 1 ? -1 : 1
                add(slope.map { $0 * factor }, to: value)
            }
        default: return false
        }
        return true
    }

    /// The slope of the line through an activation's value and its value at 0; the rest is added
    /// to the constant.
    private mutating func line(
        _ slope: Double, at x: Double, _ function: (Double) -> Double
    ) -> Double {
        let value = function(x)
        let factor = x == 0 ? 0 : (value - function(0)) / x
        constant += slope * (value - factor * x)
        return slope * factor
    }

    private mutating func add(_ slope: [Double], to value: Int) {
        guard let old = slopes[value] else {
            slopes[value] = slope
            return
        }
        slopes[value] = zip(old, slope).map { $0 + $1 }
    }

    /// Adds the shares of one pooling layer's numbers to the ids they see.
    private mutating func add(
        _ index: Int, _ silent: [Float]?, _ ids: [Int32], _ windows: inout [Range<Int>: Double]
    ) -> Bool {
        let node = network.graph.layers[index]
        let input = values[node.inputs[0]]
        let channels = input.channels
        let positions = input.sizes.dropLast().reduce(1, *)
        guard let slope = slopes[index + 1], node.inputs[0] > 0,
            input.sizes.count == 2
                || input.sizes[1] == 1
        else { return false }
        let isMaximum: Bool
        switch node.operation {
        case .globalPooling(let kind, _): isMaximum = kind == .maximum
        case .pooling(let form): isMaximum = form.kind == .maximum
        default: return false
        }
        var fields: [Range<Int>?] = []
        for position in 0..<positions {
            guard let field = field(of: node.inputs[0], position..<(position + 1)) else {
                return false
            }
            fields.append(field.clamped(to: 0..<ids.count))
        }
        let counted = isMaximum ? nil : input.mask
        let count = Double(counted?.count { $0 } ?? positions)
        for channel in 0..<channels {
            // A mean over no positions is no number.
            let silence = (silent?[channel]).map(Double.init) ?? 0
            let rest = silence.isFinite ? silence : 0
            constant += slope[channel] * rest
            if isMaximum {
                var best = 0
                for position in 0..<positions
                where input.numbers[position * channels + channel]
                    > input.numbers[best * channels + channel]
                {
                    best = position
                }
                let value = Double(input.numbers[best * channels + channel])
                if let field = fields[best] {
                    windows[field, default: 0] += slope[channel] * (value - rest)
                }
            } else {
                for position in 0..<positions where counted?[position] ?? true {
                    let value = Double(input.numbers[position * channels + channel])
                    if let field = fields[position] {
                        windows[field, default: 0] += slope[channel] * (value - rest) / count
                    }
                }
            }
        }
        return true
    }

    /// The ids that positions of a value see; nil when that can't be said.
    private func field(of value: Int, _ range: Range<Int>) -> Range<Int>? {
        if value == 0 { return range }
        let node = network.graph.layers[value - 1]
        let input = node.inputs[0]
        func window(
            _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: LayerOperation.Padding
        ) -> Range<Int>? {
            let length = values[input].sizes[0]
            let front =
                LayerOperation.window(
                    length, kernel: kernel, stride: stride, dilation: dilation, padding: padding)?
                .front ?? 0
            let first = range.lowerBound * stride - front
            let last = (range.upperBound - 1) * stride - front + (kernel - 1) * dilation
            return field(of: input, max(first, 0)..<max(min(last + 1, length), max(first, 0)))
        }
        switch node.operation {
        case .embedding: return range
        case .convolution(let form), .separable(let form, _, _):
            return window(form.kernel[0], form.strides[0], form.dilation[0], form.padding)
        case .pooling(let form): return window(form.size[0], form.strides[0], 1, form.padding)
        case .identity, .dropMask, .dense, .activation, .rectifier, .elu, .learntRectifier,
            .rescaling, .normalization, .masking, .recurrent, .bidirectional:
            // A recurrent layer has read all before; its number is credited where it stands.
            return values[value].sizes[0] == values[input].sizes.first ?? 0 || input == 0
                ? field(of: input, range) : nil
        case .layerNormalization(axes: 1, _, _, _), .unitNormalization(axes: 1):
            return field(of: input, range)
        case .softmax(let axis): return axis > 0 ? field(of: input, range) : nil
        case .reshape:
            return values[value].sizes[0] == values[input].sizes[0]
                ? field(of: input, range) : nil
        case .upsampling(let size):
            return field(
                of: input, (range.lowerBound / size)..<((range.upperBound - 1) / size + 1))
        case .merge, .concatenate:
            if case .concatenate(axis: 0, _) = node.operation { return nil }
            var union: Range<Int>?
            for value in node.inputs {
                guard let part = field(of: value, range) else { return nil }
                union =
                    union.map {
                        min($0.lowerBound, part.lowerBound)..<max($0.upperBound, part.upperBound)
                    } ?? part
            }
            return union
        default: return nil
        }
    }
}
