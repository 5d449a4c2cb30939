import CKernels

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

        /// Rows and columns of an input with its zeros around it.
        var padded: (rows: Int, columns: Int) {
            (
                max(
                    front.rows + input.rows,
                    (output.rows - 1) * stride.rows + (kernel.rows - 1) * dilation.rows + 1),
                max(
                    front.columns + input.columns,
                    (output.columns - 1) * stride.columns
                        + (kernel.columns - 1) * dilation.columns + 1)
            )
        }

        /// Whether all windows lie within the input.
        var isWithin: Bool { padded == input }

        /// Copies the rows of an input to where they are in the padded one.
        func pad(
            _ source: UnsafePointer<Float>, channels: Int,
            into target: UnsafeMutablePointer<Float>
        ) {
            let width = input.columns * channels
            if padded.columns == input.columns {
                (target + front.rows * width).update(from: source, count: input.rows * width)
                return
            }
            for row in 0..<input.rows {
                let position = (front.rows + row) * padded.columns + front.columns
                (target + position * channels).update(from: source + row * width, count: width)
            }
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

    /// The matrices of a convolution, one for each group.
    static func matrices(
        _ form: LayerOperation.Convolution, _ weights: [[Float]]
    ) -> [PanelMatrix] {
        let filters = form.filters / form.groups
        return (0..<form.groups).map { group in
            let range = (group * filters)..<((group + 1) * filters)
            return PanelMatrix(
                weights[0], stride: form.filters, range: range,
                bias: form.usesBias ? weights[1][range] : nil,
                segments: segments(of: form))
        }
    }

    /// Stretches of which a window consists where it is read without a copy.
    private static func segments(of form: LayerOperation.Convolution) -> Int {
        if form.kernel.count == 1 {
            return form.groups > 1 || form.dilation[0] > 1 ? form.kernel[0] : 1
        }
        return isCopied(form) ? 1 : form.kernel[0]
    }

    /// Whether windows are copied one by one to be multiplied.
    private static func isCopied(_ form: LayerOperation.Convolution) -> Bool {
        form.kernel.count > 1 && (form.groups > 1 || form.dilation[1] > 1)
    }

    /// A convolution as a matrix product of each text's windows, which overlap in memory.
    static func convolve(
        _ input: LayerValue, _ form: LayerOperation.Convolution, _ matrices: [PanelMatrix],
        sizes: [Int]
    ) -> LayerValue {
        let windows = Windows(
            input.sizes, sizes, kernel: form.kernel, strides: form.strides,
            dilation: form.dilation, padding: form.padding)
        let channels = input.channels
        let part = channels / form.groups
        let filters = form.filters / form.groups
        let rows = windows.output.rows * windows.output.columns
        let isCopied = isCopied(form)
        let inner = matrices[0].terms
        let padded = windows.padded
        // Zeros beyond the ends are never written.
        var copy = [Float](
            repeating: 0,
            count: isCopied
                ? rows * inner
                : windows.isWithin ? 0 : padded.rows * padded.columns * channels)
        let line = padded.columns * channels
        return LayerValue(count: input.count, sizes: sizes) { result in
            input.read { numbers in
                for text in 0..<input.count {
                    let source = numbers + text * input.size
                    let target = result + text * rows * form.filters
                    copy.withUnsafeMutableBufferPointer { copy in
                        for group in 0..<form.groups {
                            let first = group * part
                            var layout = PanelMatrix.Layout(
                                rows: rows, stride: windows.stride.rows * line,
                                jump: windows.dilation.rows * line, resultStride: form.filters,
                                clamps: form.activation == .relu)
                            let matrix = matrices[group]
                            if isCopied, let copy = copy.baseAddress {
                                windows.forEach { output, entry, position in
                                    (copy + output * inner + entry * part).update(
                                        from: source + position * channels + first, count: part)
                                }
                                layout.stride = inner
                                matrix.multiply(copy, layout, into: target + group * filters)
                                continue
                            }
                            var left = source + first
                            if let copy = copy.baseAddress, !windows.isWithin {
                                if group == 0 {
                                    windows.pad(source, channels: channels, into: copy)
                                }
                                left = UnsafePointer(copy) + first
                            }
                            if windows.output.columns == 1 {
                                matrix.multiply(left, layout, into: target + group * filters)
                                continue
                            }
                            layout.rows = windows.output.columns
                            layout.stride = windows.stride.columns * channels
                            for row in 0..<windows.output.rows {
                                matrix.multiply(
                                    left + row * windows.stride.rows * line, layout,
                                    into: target + row * windows.output.columns * form.filters)
                            }
                        }
                    }
                    if form.activation != .relu {
                        form.activation.apply(
                            target, rows * form.filters, width: form.filters)
                    }
                }
            }
        }
    }

    /// A convolution of each channel by itself, then a product with a matrix if there is one.
    static func convolveApart(
        _ input: LayerValue, _ form: LayerOperation.Convolution, _ multiplier: Int,
        _ pointwise: PanelMatrix?, _ weights: [[Float]], sizes: [Int]
    ) -> LayerValue {
        let windows = Windows(
            input.sizes, sizes, kernel: form.kernel, strides: form.strides,
            dilation: form.dilation, padding: form.padding)
        let channels = input.channels
        let width = channels * multiplier
        let rows = windows.output.rows
        let isCopied = multiplier > 1 || form.kernel.count > 1
        var copy = [Float](
            repeating: 0,
            count: isCopied || windows.isWithin ? 0 : windows.padded.rows * channels)
        var value = LayerValue(count: input.count, sizes: sizes.dropLast() + [width])
        let size = value.size
        value.change { result, count in
            input.read { numbers in
                for text in 0..<input.count {
                    let source = numbers + text * input.size
                    let target = result + text * size
                    if isCopied {
                        windows.forEach { output, entry, position in
                            addProducts(
                                source + position * channels, weights[0], from: entry * width,
                                multiplier, into: target + output * width, channels)
                        }
                        continue
                    }
                    copy.withUnsafeMutableBufferPointer { copy in
                        var left = source
                        if let copy = copy.baseAddress, !windows.isWithin {
                            windows.pad(source, channels: channels, into: copy)
                            left = UnsafePointer(copy)
                        }
                        siftd_convolve_channels(
                            LayerKernels.unit, left, rows, windows.stride.rows * channels,
                            form.kernel[0], windows.dilation.rows * channels, weights[0], channels,
                            target)
                    }
                }
            }
            guard pointwise == nil else { return }
            if form.usesBias { addRows(weights[1], to: result, count) }
            form.activation.apply(result, count, width: width)
        }
        guard let pointwise else { return value }
        return multiply(value, pointwise, form.activation, sizes: sizes)
    }

    private static func addProducts(
        _ source: UnsafePointer<Float>, _ kernel: [Float], from first: Int, _ multiplier: Int,
        into target: UnsafeMutablePointer<Float>, _ channels: Int
    ) {
        for channel in 0..<channels {
            for copy in 0..<multiplier {
                let index = channel * multiplier + copy
                target[index] += source[channel] * kernel[first + index]
            }
        }
    }

    private static func addRows(
        _ bias: [Float], to values: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        var row = 0
        while row < count {
            for (column, number) in bias.enumerated() { values[row + column] += number }
            row += bias.count
        }
    }

    /// The maximum or mean of windows; positions beyond the ends don't count.
    static func pool(
        _ input: LayerValue, _ form: LayerOperation.Pooling, sizes: [Int]
    ) -> LayerValue {
        let windows = Windows(
            input.sizes, sizes, kernel: form.size, strides: form.strides,
            dilation: form.size.map { _ in 1 }, padding: form.padding)
        let channels = input.channels
        let columns = windows.input.columns * channels
        // Without windows over the second axis a row is a position of many channels.
        guard windows.kernel.columns == 1, windows.stride.columns == 1 else {
            return poolPlane(input, form.kind, windows, sizes: sizes)
        }
        return LayerValue(count: input.count, sizes: sizes) { result in
            input.read { numbers in
                for text in 0..<input.count {
                    for row in 0..<windows.output.rows {
                        let start = row * windows.stride.rows - windows.front.rows
                        let first = max(start, 0)
                        let count = min(start + windows.kernel.rows, windows.input.rows) - first
                        let target = result + (text * windows.output.rows + row) * columns
                        LayerKernels.reduce(
                            form.kind, numbers + text * input.size + first * columns, count: count,
                            stride: columns, columns: columns, into: target)
                        guard form.kind == .average else { continue }
                        for column in 0..<columns { target[column] /= Float(count) }
                    }
                }
            }
        }
    }

    /// Windows over two axes.
    private static func poolPlane(
        _ input: LayerValue, _ kind: LayerOperation.Pooling.Kind, _ windows: Windows, sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: input.count, sizes: sizes)
        let channels = input.channels
        let size = value.size
        var seen = [Float](repeating: 0, count: windows.output.rows * windows.output.columns)
        windows.forEach { output, _, _ in seen[output] += 1 }
        value.change { result, count in
            if kind == .maximum { result.update(repeating: -.infinity, count: count) }
            input.read { numbers in
                for text in 0..<input.count {
                    windows.forEach { output, _, position in
                        let source = numbers + text * input.size + position * channels
                        let target = result + text * size + output * channels
                        for channel in 0..<channels {
                            if kind == .average {
                                target[channel] += source[channel]
                            } else if source[channel] > target[channel] {
                                target[channel] = source[channel]
                            }
                        }
                    }
                }
            }
            if kind == .average {
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
        guard positions > 0 else {
            // Keras' maximum over nothing; a mean over nothing is no number.
            value.change { $0.update(repeating: kind == .maximum ? -.infinity : .nan, count: $1) }
            return value
        }
        let mask = input.sizes.count == 2 && kind == .average ? input.mask : nil
        value.change { result, _ in
            input.read { numbers in
                for text in 0..<input.count {
                    let target = result + text * channels
                    let source = numbers + text * input.size
                    guard let mask else {
                        LayerKernels.reduce(
                            kind, source, count: positions, stride: channels, columns: channels,
                            into: target)
                        guard kind == .average else { continue }
                        for channel in 0..<channels { target[channel] /= Float(positions) }
                        continue
                    }
                    var counted: Float = 0
                    for position in 0..<positions where mask[text * positions + position] {
                        counted += 1
                        let row = source + position * channels
                        for channel in 0..<channels { target[channel] += row[channel] }
                    }
                    for channel in 0..<channels { target[channel] /= counted }
                }
            }
        }
        return value
    }
}
