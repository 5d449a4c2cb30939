extension LayerNetwork {
    /// The matrices of a recurrent layer whose weights are kernel, recurrent kernel, and bias if
    /// there is one: for the input, for the state, and the candidate's of a GRU whose reset gate
    /// comes first.
    static func matrices(
        _ form: LayerOperation.Recurrent, _ weights: ArraySlice<[Float]>
    ) -> [PanelMatrix] {
        let weights = Array(weights)
        let columns = form.cell.blocks * form.units
        let bias = form.usesBias ? weights[2].prefix(columns) : nil
        let input = PanelMatrix(weights[0], columns: columns, bias: bias)
        switch form.cell {
        case .simple, .lstm:
            return [input, PanelMatrix(weights[1], columns: columns, bias: nil)]
        case .gruResetAfter:
            let bias = form.usesBias ? weights[2].dropFirst(columns) : nil
            return [input, PanelMatrix(weights[1], columns: columns, bias: bias)]
        case .gru:
            let gates = 2 * form.units
            return [0..<gates, gates..<columns].reduce(into: [input]) {
                $0.append(PanelMatrix(weights[1], stride: columns, range: $1, bias: nil))
            }
        }
    }

    /// A recurrent layer over each text.
    static func recur(
        _ input: LayerValue, _ form: LayerOperation.Recurrent, _ matrices: ArraySlice<PanelMatrix>
    ) -> LayerValue {
        var reader = RecurrentReader(input, form, Array(matrices))
        reader.read()
        var value = reader.outputs
        if form.returnsSequences { value.mask = input.mask }
        return value
    }

    /// Two recurrent layers whose outputs are joined; the second one's are turned round.
    static func recurBothWays(
        _ input: LayerValue, _ forward: LayerOperation.Recurrent,
        _ backward: LayerOperation.Recurrent, _ merge: LayerOperation.Merge?,
        _ matrices: [PanelMatrix]
    ) -> LayerValue {
        let split = forward.cell == .gru ? 3 : 2
        let one = recur(input, forward, matrices[..<split])
        var other = recur(input, backward, matrices[split...])
        if backward.returnsSequences { turn(&other) }
        var sizes = one.sizes
        guard let merge else {
            sizes[sizes.count - 1] += other.channels
            return concatenate([one, other], sizes.count - 1, .shared, sizes: sizes)
        }
        return self.merge([one, other], merge, .shared, sizes: sizes)
    }

    private static func turn(_ value: inout LayerValue) {
        let length = value.sizes[0]
        let channels = value.channels
        let source = value
        value = LayerValue(count: source.count, sizes: source.sizes, mask: source.mask) { numbers in
            source.read { source in
                for row in 0..<(value.count * length) {
                    let text = row / length
                    let other = (2 * text + 1) * length - 1 - row
                    (numbers + row * channels).update(
                        from: source + other * channels, count: channels)
                }
            }
        }
    }
}
