extension LayerNetwork {
    /// One or two axes of windows over the positions, with the channels behind them.
    struct Windows {
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
}
