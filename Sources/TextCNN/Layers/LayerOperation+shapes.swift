extension LayerOperation {
    /// Why an operation can't work on its inputs.
    package struct Misfit: Error {
        /// What does not fit.
        package var reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// The product, or nil beyond the range of integers.
    static func product(_ sizes: [Int]) -> Int? {
        var product = 1
        for size in sizes {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// The length of the result along an axis, and the zeros in front of the input.
    ///
    /// - Returns: nil when no window fits.
    static func window(
        _ length: Int, kernel: Int, stride: Int, dilation: Int, padding: Padding
    ) -> (count: Int, front: Int)? {
        let reach = (kernel - 1) * dilation + 1
        switch padding {
        case .same:
            guard length > 0 else { return nil }
            let count = (length + stride - 1) / stride
            return (count, max((count - 1) * stride + reach - length, 0) / 2)
        case .causal:
            guard length > 0 else { return nil }
            return ((length - 1) / stride + 1, reach - 1)
        case .valid:
            return length < reach ? nil : ((length - reach) / stride + 1, 0)
        }
    }

    private static func windowed(
        _ shape: [Int?], _ kernel: [Int], _ strides: [Int], _ dilation: [Int], _ padding: Padding
    ) throws -> [Int?] {
        try kernel.indices.map { axis in
            guard let length = shape[axis] else { return nil }
            guard
                let (count, _) = window(
                    length, kernel: kernel[axis], stride: strides[axis], dilation: dilation[axis],
                    padding: padding)
            else {
                throw Misfit(
                    "needs \((kernel[axis] - 1) * dilation[axis] + 1) positions and gets \(length)")
            }
            return count
        }
    }

    private static func check(_ sizes: [Int], _ limit: Int, _ name: String) throws {
        for size in sizes where !(1...limit).contains(size) {
            throw Misfit("has \(name) \(size); 1 to \(limit) are possible")
        }
    }

    private static func channels(_ shape: [Int?]) throws -> Int {
        guard let last = shape.last, let last, last > 0 else {
            throw Misfit("needs inputs with a fixed last size")
        }
        return last
    }

    private func checkConvolution(_ form: Convolution, _ shape: [Int?]) throws -> Int {
        let axes = form.kernel.count
        guard (1...2).contains(axes), form.strides.count == axes, form.dilation.count == axes,
            shape.count == axes + 1
        else { throw Misfit("needs an input of \(axes + 1) axes and gets \(shape.count)") }
        try LayerOperation.check([form.filters], Limit.units, "filters")
        try LayerOperation.check(form.kernel, Limit.kernel, "a kernel size of")
        try LayerOperation.check(
            form.strides + form.dilation, Limit.kernel, "a stride or dilation of")
        let channels = try LayerOperation.channels(shape)
        guard form.groups > 0, channels % form.groups == 0, form.filters % form.groups == 0 else {
            throw Misfit("can't split \(channels) channels into \(form.groups) groups")
        }
        return channels
    }

    private typealias Limit = LayerGraph.Limit

    /// The shape of the result for inputs of these shapes.
    ///
    /// - Throws: ``Misfit``, also when the result has more numbers than a layer may make of a text.
    package func shape(of inputs: [[Int?]]) throws -> [Int?] {
        let shape = try result(of: inputs)
        let count = LayerOperation.product(shape.map { max($0 ?? 1, 1) })
        guard let count, count <= Limit.activations else {
            throw Misfit("makes more numbers than the limit of 16 million")
        }
        return shape
    }

    private func result(of inputs: [[Int?]]) throws -> [Int?] {
        let shape = inputs[0]
        switch self {
        case .merge, .concatenate: break
        default:
            guard inputs.count == 1 else { throw Misfit("has \(inputs.count) inputs, not one") }
        }
        switch self {
        case .embedding(let vocabulary, let size, _):
            try LayerOperation.check([vocabulary], Limit.vocabulary, "input_dim")
            try LayerOperation.check([size], Limit.embedding, "output_dim")
            return shape + [size]
        case .convolution(let form):
            _ = try checkConvolution(form, shape)
            return try LayerOperation.windowed(
                shape, form.kernel, form.strides, form.dilation, form.padding) + [form.filters]
        case .separable(let form, let multiplier, let pointwise):
            let channels = try checkConvolution(form, shape)
            try LayerOperation.check([multiplier], Limit.units, "depth_multiplier")
            guard form.groups == 1 else { throw Misfit("has groups") }
            return try LayerOperation.windowed(
                shape, form.kernel, form.strides, form.dilation, form.padding)
                + [pointwise ? form.filters : channels * multiplier]
        case .pooling(let form):
            let axes = form.size.count
            guard (1...2).contains(axes), form.strides.count == axes, shape.count == axes + 1 else {
                throw Misfit("needs an input of \(axes + 1) axes and gets \(shape.count)")
            }
            try LayerOperation.check(form.size + form.strides, Limit.length, "a size of")
            return try LayerOperation.windowed(
                shape, form.size, form.strides, form.size.map { _ in 1 }, form.padding)
                + [try LayerOperation.channels(shape)]
        case .globalPooling(_, let keepsDimensions):
            guard (2...3).contains(shape.count) else {
                throw Misfit("needs an input of positions and channels")
            }
            let channels = try LayerOperation.channels(shape)
            return (keepsDimensions ? shape.dropLast().map { _ in 1 } : []) + [channels]
        case .flatten:
            guard let count = LayerOperation.product(try fixed(shape)) else {
                throw Misfit("makes too many numbers")
            }
            return [count]
        case .dense(let units, _, _):
            try LayerOperation.check([units], Limit.units, "units")
            _ = try LayerOperation.channels(shape)
            return shape.dropLast() + [units]
        case .identity, .dropMask, .activation, .rectifier, .elu, .rescaling: return shape
        case .masking:
            guard shape.count == 2 else { throw Misfit("needs positions and channels") }
            return shape
        case .learntRectifier: return shape
        case .softmax(let axis):
            guard shape.indices.contains(axis) else {
                throw Misfit("has an axis that is not there")
            }
            return shape
        case .normalization(let axis, let epsilon, _, _):
            guard shape.indices.contains(axis), shape[axis] != nil, epsilon >= 0 else {
                throw Misfit("normalises an axis that is not there or has no fixed size")
            }
            return shape
        case .layerNormalization(let axes, let epsilon, _, _):
            guard (1...shape.count).contains(axes), epsilon >= 0,
                shape.suffix(axes).allSatisfy({ $0 != nil })
            else { throw Misfit("normalises axes that are not there or have no fixed size") }
            return shape
        case .unitNormalization(let axes):
            guard (1...shape.count).contains(axes), shape.suffix(axes).allSatisfy({ $0 != nil })
            else { throw Misfit("normalises axes that are not there or have no fixed size") }
            return shape
        case .reshape(let target): return try reshaped(shape, target)
        case .permute(let order):
            guard order.sorted() == Array(shape.indices) else {
                throw Misfit("permutes axes that are not there")
            }
            return order.map { shape[$0] }
        case .repeated(let count):
            try LayerOperation.check([count], Limit.length, "n of")
            guard shape.count == 1 else { throw Misfit("needs an input of one axis") }
            return [count] + shape
        case .zeroPadding(let front, let back):
            guard shape.count == 2, (0...Limit.length).contains(front),
                (0...Limit.length).contains(back)
            else { throw Misfit("can't pad this input") }
            return [shape[0].map { $0 + front + back }, shape[1]]
        case .cropping(let front, let back):
            guard shape.count == 2, (0...Limit.length).contains(front),
                (0...Limit.length).contains(back)
            else { throw Misfit("can't crop this input") }
            if let length = shape[0], length <= front + back {
                throw Misfit("crops all of \(length) positions")
            }
            return [shape[0].map { $0 - front - back }, shape[1]]
        case .upsampling(let size):
            try LayerOperation.check([size], 1_000, "size")
            guard shape.count == 2 else { throw Misfit("needs positions and channels") }
            return [shape[0].map { $0 * size }, shape[1]]
        case .merge(let merge, _, _): return try merged(merge, inputs)
        case .concatenate(let axis, _): return try concatenated(axis, inputs)
        case .recurrent(let form):
            guard shape.count == 2 else { throw Misfit("needs positions and channels") }
            try LayerOperation.check([form.units], Limit.units, "units")
            if shape[0] == 0 { throw Misfit("needs one position at least") }
            _ = try LayerOperation.channels(shape)
            return (form.returnsSequences ? [shape[0]] : []) + [form.units]
        case .bidirectional(let forward, let backward, let merge):
            guard shape.count == 2 else { throw Misfit("needs positions and channels") }
            try LayerOperation.check([forward.units, backward.units], Limit.units, "units")
            if shape[0] == 0 { throw Misfit("needs one position at least") }
            guard forward.returnsSequences == backward.returnsSequences,
                merge == nil || forward.units == backward.units
            else { throw Misfit("joins outputs of unlike shapes") }
            _ = try LayerOperation.channels(shape)
            let units = merge == nil ? forward.units + backward.units : forward.units
            return (forward.returnsSequences ? [shape[0]] : []) + [units]
        }
    }

    private func fixed(_ shape: [Int?]) throws -> [Int] {
        try shape.map {
            guard let size = $0 else {
                throw Misfit("needs a fixed number of positions; give the length of the texts")
            }
            return size
        }
    }

    private func reshaped(_ shape: [Int?], _ target: [Int]) throws -> [Int?] {
        guard (1...4).contains(target.count) else {
            throw Misfit("reshapes to \(target.count) axes")
        }
        let known = target.filter { $0 != -1 }
        guard known.allSatisfy({ $0 > 0 }), target.count - known.count <= 1,
            let size = LayerOperation.product(known)
        else { throw Misfit("reshapes to \(target)") }
        if shape.contains(where: { $0 == nil }) {
            // The open axis can stay where it is: `(-1, size, 1)` of `[positions, size]`.
            let rest = shape.compactMap { $0 }
            guard target.first == -1, shape[0] == nil, LayerOperation.product(rest) == size else {
                throw Misfit("needs a fixed number of positions; give the length of the texts")
            }
            return [nil] + target.dropFirst().map { $0 }
        }
        guard let count = LayerOperation.product(shape.compactMap { $0 }), count % size == 0,
            known.count < target.count || count == size
        else { throw Misfit("can't reshape \(shape.compactMap { $0 }) to \(target)") }
        return target.map { $0 == -1 ? count / size : $0 }
    }

    private func merged(_ merge: Merge, _ inputs: [[Int?]]) throws -> [Int?] {
        guard inputs.count >= 2, merge != .subtract || inputs.count == 2 else {
            throw Misfit("merges \(inputs.count) inputs")
        }
        var result = inputs[0]
        for input in inputs.dropFirst() {
            guard input.count == result.count else {
                throw Misfit("merges inputs of unlike numbers of axes")
            }
            for axis in input.indices where result[axis] != input[axis] {
                if result[axis] == 1 {
                    result[axis] = input[axis]
                } else if input[axis] != 1 {
                    throw Misfit("merges inputs of unlike shapes")
                }
            }
        }
        return result
    }

    private func concatenated(_ axis: Int, _ inputs: [[Int?]]) throws -> [Int?] {
        var result = inputs[0]
        guard result.indices.contains(axis) else { throw Misfit("has an axis that is not there") }
        for input in inputs.dropFirst() {
            guard input.count == result.count else {
                throw Misfit("joins inputs of unlike numbers of axes")
            }
            for other in input.indices where other != axis && result[other] != input[other] {
                throw Misfit("joins inputs of unlike shapes")
            }
            if let size = result[axis], let next = input[axis] {
                result[axis] = size + next
            } else {
                result[axis] = nil
            }
        }
        return result
    }

    /// Names and dimensions of the weights, in the order of Keras, for inputs of these shapes.
    package func weights(of inputs: [[Int?]]) throws -> [(name: String, dimensions: [Int])] {
        let shape = inputs[0]
        switch self {
        case .embedding(let vocabulary, let size, _): return [("embeddings", [vocabulary, size])]
        case .convolution(let form):
            let channels = try LayerOperation.channels(shape)
            let kernel = form.kernel + [channels / max(form.groups, 1), form.filters]
            return [("kernel", kernel)] + (form.usesBias ? [("bias", [form.filters])] : [])
        case .separable(let form, let multiplier, let pointwise):
            let channels = try LayerOperation.channels(shape)
            var result = [("depthwise_kernel", form.kernel + [channels, multiplier])]
            let outputs = pointwise ? form.filters : channels * multiplier
            if pointwise {
                let ones = form.kernel.map { _ in 1 }
                result.append(
                    ("pointwise_kernel", ones + [channels * multiplier, form.filters]))
            }
            if form.usesBias { result.append(("bias", [outputs])) }
            return result
        case .dense(let units, let usesBias, _):
            let inputs = try LayerOperation.channels(shape)
            return [("kernel", [inputs, units])] + (usesBias ? [("bias", [units])] : [])
        case .normalization(let axis, _, let center, let scale):
            guard let size = shape[axis] else { throw Misfit("normalises an open axis") }
            return (scale ? [("gamma", [size])] : []) + (center ? [("beta", [size])] : [])
                + [("moving_mean", [size]), ("moving_variance", [size])]
        case .layerNormalization(let axes, _, let center, let scale):
            let sizes = try fixed(Array(shape.suffix(axes)))
            return (scale ? [("gamma", sizes)] : []) + (center ? [("beta", sizes)] : [])
        case .learntRectifier(let shared):
            return [
                (
                    "alpha",
                    try shape.indices.map { axis in
                        shared.contains(axis) ? 1 : try fixed([shape[axis]])[0]
                    }
                )
            ]
        case .recurrent(let form):
            return LayerOperation.recurrentWeights(form, try LayerOperation.channels(shape))
        case .bidirectional(let forward, let backward, _):
            let inputs = try LayerOperation.channels(shape)
            return LayerOperation.recurrentWeights(forward, inputs).map { ("forward." + $0, $1) }
                + LayerOperation.recurrentWeights(backward, inputs).map { ("backward." + $0, $1) }
        default: return []
        }
    }

    private static func recurrentWeights(_ form: Recurrent, _ inputs: Int) -> [(String, [Int])] {
        let columns = form.cell.blocks * form.units
        let bias = form.cell == .gruResetAfter ? [2, columns] : [columns]
        return [("kernel", [inputs, columns]), ("recurrent_kernel", [form.units, columns])]
            + (form.usesBias ? [("bias", bias)] : [])
    }

    /// Multiplications for inputs of these shapes, roughly, and whether there are more than an
    /// integer counts.
    func work(of inputs: [[Int]], output: Int) -> (Int, Bool) {
        let shape = inputs[0]
        switch self {
        case .convolution(let form):
            let reads = (LayerOperation.product(form.kernel) ?? 1) * (shape.last ?? 1)
            return output.multipliedReportingOverflow(by: max(reads / max(form.groups, 1), 1))
        case .separable(let form, let multiplier, _):
            let reads = (LayerOperation.product(form.kernel) ?? 1) + (shape.last ?? 1)
            return output.multipliedReportingOverflow(by: reads * multiplier)
        case .dense: return output.multipliedReportingOverflow(by: shape.last ?? 1)
        case .pooling(let form):
            return output.multipliedReportingOverflow(by: LayerOperation.product(form.size) ?? 1)
        case .recurrent(let form): return LayerOperation.recurrentWork(form, shape)
        case .bidirectional(let forward, let backward, _):
            let one = LayerOperation.recurrentWork(forward, shape)
            let other = LayerOperation.recurrentWork(backward, shape)
            let sum = one.0.addingReportingOverflow(other.0)
            return (sum.partialValue, one.1 || other.1 || sum.overflow)
        default: return (output, false)
        }
    }

    private static func recurrentWork(_ form: Recurrent, _ shape: [Int]) -> (Int, Bool) {
        let step = (shape.last ?? 1) + form.units
        return (step * form.cell.blocks * form.units).multipliedReportingOverflow(by: shape[0])
    }
}
