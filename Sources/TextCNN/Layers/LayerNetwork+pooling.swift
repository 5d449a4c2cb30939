extension LayerNetwork {
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
