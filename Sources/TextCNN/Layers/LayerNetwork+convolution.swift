import CKernels

extension LayerNetwork {
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
}
