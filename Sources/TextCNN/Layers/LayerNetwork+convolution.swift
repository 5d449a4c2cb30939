extension LayerNetwork {
    /// One or two axes of windows over the positions, with the channels behind them.
    private struct Windows {
        /// Sizes of the input: rows, columns.
        var input: (rows: Int, columns: Int)
        /// Sizes of the output.
        var output: (rows: Int, columns: Int)
        var kernel: (rows: Int, columns: Int)
        var stride: (rows: Int, columns: Int)
        var dilation: (rows: Int, columns: Int)
        /// Zeros in front.
        var front: (rows: Int, columns: Int)

        init(
            _ input: [Int], _ output: [Int], kernel: [Int], strides: [Int], dilation: [Int],
            padding: LayerOperation.Padding
        ) {
            // One axis is two of which the second has size 1.
            func pair(_ sizes: [Int]) -> (rows: Int, columns: Int) {
                (sizes[0], kernel.count > 1 ? sizes[1] : 1)
            }
            self.input = pair(input)
            self.output = pair(output)
            self.kernel = pair(kernel)
            stride = pair(strides)
            self.dilation = pair(dilation)
            let fronts = kernel.indices.map {
                LayerOperation.window(
                    input[$0], kernel: kernel[$0], stride: strides[$0], dilation: dilation[$0],
                    padding: padding)?.front ?? 0
            }
            front = (fronts[0], kernel.count > 1 ? fronts[1] : 0)
        }

        /// Calls `body` with each pair of output position, kernel entry and input position that
        /// lies within the input.
        @inline(__always)
        func forEach(_ body: (_ output: Int, _ entry: Int, _ input: Int) -> Void) {
            for row in 0..<output.rows {
                for column in 0..<output.columns {
                    for kernelRow in 0..<kernel.rows {
                        let y = row * stride.rows + kernelRow * dilation.rows - front.rows
                        guard y >= 0, y < input.rows else { continue }
                        for kernelColumn in 0..<kernel.columns {
                            let x =
                                column * stride.columns + kernelColumn * dilation.columns
                                - front.columns
                            guard x >= 0, x < input.columns else { continue }
                            body(
                                row * output.columns + column,
                                kernelRow * kernel.columns + kernelColumn, y * input.columns + x)
                        }
                    }
                }
            }
        }
    }

    /// A convolution as a matrix product of each text's windows.
    static func convolve(
        _ input: LayerValue, _ form: LayerOperation.Convolution, _ weights: [[Float]], sizes: [Int]
    ) -> LayerValue {
        let windows = Windows(
            input.sizes, sizes, kernel: form.kernel, strides: form.strides,
            dilation: form.dilation, padding: form.padding)
        var value = LayerValue(count: input.count, sizes: sizes)
        let part = input.channels / form.groups
        let filters = form.filters / form.groups
        let entries = windows.kernel.rows * windows.kernel.columns
        let rows = windows.output.rows * windows.output.columns
        let inner = entries * part
        // A kernel of one entry reads each position once: the input is the matrix.
        let isPlain =
            entries == 1 && windows.stride == (1, 1) && windows.front == (0, 0)
        var matrix = [Float](repeating: 0, count: isPlain ? 0 : rows * inner)
        value.change { result, count in
            input.numbers.withUnsafeBufferPointer { numbers in
                guard let numbers = numbers.baseAddress else { return }
                for text in 0..<input.count {
                    let source = numbers + text * input.size
                    for group in 0..<form.groups {
                        let target = result + text * rows * form.filters + group * filters
                        let kernel = group * filters
                        weights[0].withUnsafeBufferPointer { weights in
                            guard let weights = weights.baseAddress else { return }
                            if isPlain {
                                Matrix.multiply(
                                    source + group * part, stride: input.channels,
                                    weights + kernel, stride: form.filters, into: target,
                                    stride: form.filters, rows: rows, columns: filters,
                                    inner: inner)
                                return
                            }
                            matrix.withUnsafeMutableBufferPointer { matrix in
                                guard let matrix = matrix.baseAddress else { return }
                                // Entries beyond the ends are never written and stay zero.
                                windows.forEach { output, entry, position in
                                    (matrix + output * inner + entry * part).update(
                                        from: source + position * input.channels + group * part,
                                        count: part)
                                }
                                Matrix.multiply(
                                    matrix, stride: inner, weights + kernel,
                                    stride: form.filters, into: target, stride: form.filters,
                                    rows: rows, columns: filters, inner: inner)
                            }
                        }
                    }
                }
            }
            LayerKernels.finish(
                result, count, bias: form.usesBias ? weights[1] : nil, columns: form.filters,
                form.activation)
        }
        return value
    }

    /// A convolution of each channel by itself, then a product with a matrix.
    static func convolveApart(
        _ input: LayerValue, _ form: LayerOperation.Convolution, _ multiplier: Int,
        _ pointwise: Bool, _ weights: [[Float]], sizes: [Int]
    ) -> LayerValue {
        let windows = Windows(
            input.sizes, sizes, kernel: form.kernel, strides: form.strides,
            dilation: form.dilation, padding: form.padding)
        let channels = input.channels
        let width = channels * multiplier
        var value = LayerValue(count: input.count, sizes: sizes.dropLast() + [width])
        let size = value.size
        value.change { result, count in
            input.numbers.withUnsafeBufferPointer { numbers in
                weights[0].withUnsafeBufferPointer { kernel in
                    guard let numbers = numbers.baseAddress, let kernel = kernel.baseAddress else {
                        return
                    }
                    for text in 0..<input.count {
                        windows.forEach { output, entry, position in
                            let source = numbers + text * input.size + position * channels
                            let target = result + text * size + output * width
                            let factors = kernel + entry * width
                            for channel in 0..<channels {
                                for copy in 0..<multiplier {
                                    let index = channel * multiplier + copy
                                    target[index] += source[channel] * factors[index]
                                }
                            }
                        }
                    }
                }
            }
            if !pointwise {
                LayerKernels.finish(
                    result, count, bias: form.usesBias ? weights[1] : nil,
                    columns: width, form.activation)
            }
        }
        guard pointwise else { return value }
        return multiply(
            value, weights[1], bias: form.usesBias ? weights[2] : nil, form.activation,
            sizes: sizes)
    }

    /// The maximum or mean of windows; positions beyond the ends don't count.
    static func pool(
        _ input: LayerValue, _ form: LayerOperation.Pooling, sizes: [Int]
    ) -> LayerValue {
        let windows = Windows(
            input.sizes, sizes, kernel: form.size, strides: form.strides,
            dilation: form.size.map { _ in 1 }, padding: form.padding)
        var value = LayerValue(count: input.count, sizes: sizes)
        let channels = input.channels
        let size = value.size
        var seen = [Float](repeating: 0, count: windows.output.rows * windows.output.columns)
        windows.forEach { output, _, _ in seen[output] += 1 }
        value.change { result, count in
            if form.kind == .maximum {
                for index in 0..<count { result[index] = -.infinity }
            }
            input.numbers.withUnsafeBufferPointer { numbers in
                guard let numbers = numbers.baseAddress else { return }
                for text in 0..<input.count {
                    windows.forEach { output, _, position in
                        let source = numbers + text * input.size + position * channels
                        let target = result + text * size + output * channels
                        reduce(form.kind, source, into: target, channels)
                    }
                }
            }
            if form.kind == .average {
                for index in 0..<count { result[index] /= seen[index % size / channels] }
            }
        }
        return value
    }

    /// The maximum over all positions, or the mean over those that count.
    static func poolAll(
        _ input: LayerValue, _ kind: LayerOperation.Pooling.Kind, sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: input.count, sizes: sizes)
        let channels = input.channels
        let positions = input.sizes.dropLast().reduce(1, *)
        let mask = input.sizes.count == 2 && kind == .average ? input.mask : nil
        value.change { result, count in
            if kind == .maximum { for index in 0..<count { result[index] = -.infinity } }
            input.numbers.withUnsafeBufferPointer { numbers in
                guard let numbers = numbers.baseAddress else { return }
                for text in 0..<input.count {
                    let target = result + text * channels
                    var counted: Float = 0
                    for position in 0..<positions {
                        if let mask, !mask[text * positions + position] { continue }
                        counted += 1
                        reduce(
                            kind, numbers + text * input.size + position * channels, into: target,
                            channels)
                    }
                    guard kind == .average else { continue }
                    for channel in 0..<channels { target[channel] /= counted }
                }
            }
        }
        return value
    }

    @inline(__always)
    private static func reduce(
        _ kind: LayerOperation.Pooling.Kind, _ source: UnsafePointer<Float>,
        into target: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        switch kind {
        case .maximum:
            // Without a branch, for vector code. An overflow is infinite before it is no number,
            // and wins.
            for index in 0..<count {
                target[index] = source[index] > target[index] ? source[index] : target[index]
            }
        case .average: for index in 0..<count { target[index] += source[index] }
        }
    }
}
