extension LayerNetwork {
    /// The matrices of a layer.
    static func matrices(
        _ operation: LayerOperation, _ weights: [[Float]]
    ) -> [PanelMatrix] {
        switch operation {
        case .convolution(let form): return matrices(form, weights)
        case .separable(let form, _, true):
            return [
                PanelMatrix(
                    weights[1], columns: form.filters, bias: form.usesBias ? weights[2][...] : nil)
            ]
        case .dense(let units, let usesBias, _):
            return [
                PanelMatrix(weights[0], columns: units, bias: usesBias ? weights[1][...] : nil)
            ]
        case .recurrent(let form): return matrices(form, weights[...])
        case .bidirectional(let forward, let backward, _):
            let split = forward.usesBias ? 3 : 2
            return matrices(forward, weights[..<split]) + matrices(backward, weights[split...])
        default: return []
        }
    }

    /// A product with a matrix at every position.
    static func multiply(
        _ input: LayerValue, _ matrix: PanelMatrix, _ activation: LayerActivation, sizes: [Int]
    ) -> LayerValue {
        let rows = input.count * input.sizes.dropLast().reduce(1, *)
        let layout = PanelMatrix.Layout(
            rows: rows, stride: input.channels, resultStride: matrix.columns,
            clamps: activation == .relu)
        return LayerValue(count: input.count, sizes: sizes, mask: input.mask) { result in
            input.read { matrix.multiply($0, layout, into: result) }
            if activation != .relu {
                activation.apply(result, rows * matrix.columns, width: matrix.columns)
            }
        }
    }
}
