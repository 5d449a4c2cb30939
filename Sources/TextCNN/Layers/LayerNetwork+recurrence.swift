extension LayerNetwork {
    /// A recurrent layer over each text; the weights are kernel, recurrent kernel, and bias if
    /// there is one.
    static func recur(
        _ input: LayerValue, _ form: LayerOperation.Recurrent, _ weights: ArraySlice<[Float]>
    ) -> LayerValue {
        var reader = RecurrentReader(input, form, Array(weights))
        reader.read()
        var value = reader.outputs
        if form.returnsSequences { value.mask = input.mask }
        return value
    }

    /// Two recurrent layers whose outputs are joined; the second one's are turned round.
    static func recurBothWays(
        _ input: LayerValue, _ forward: LayerOperation.Recurrent,
        _ backward: LayerOperation.Recurrent, _ merge: LayerOperation.Merge?, _ weights: [[Float]]
    ) -> LayerValue {
        let split = forward.usesBias ? 3 : 2
        let one = recur(input, forward, weights[..<split])
        var other = recur(input, backward, weights[split...])
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
        let source = value.numbers
        let count = value.count
        value.change { numbers, _ in
            for text in 0..<count {
                for position in 0..<length {
                    let from = (text * length + length - 1 - position) * channels
                    let target = numbers + (text * length + position) * channels
                    for channel in 0..<channels { target[channel] = source[from + channel] }
                }
            }
        }
    }
}

/// Reads texts position by position, all texts of a batch at once.
private struct RecurrentReader {
    private let input: LayerValue
    private let form: LayerOperation.Recurrent
    private let length: Int
    private let units: Int
    private let columns: Int
    /// `[texts, positions, columns]`: the products with the kernel, bias included.
    private var products: [Float]
    /// `[units, columns]`, but for a GRU whose reset gate comes first: the gates' columns alone.
    private let recurrent: [Float]
    /// `[units, units]`: the candidate's columns of that GRU.
    private let candidate: [Float]
    /// `[columns]`: the bias of the recurrent product, of ``gruResetAfter`` alone.
    private let recurrentBias: [Float]
    /// `[texts, units]`.
    private var state: [Float]
    /// `[texts, units]`: the cells of an LSTM.
    private var cells: [Float]
    private(set) var outputs: LayerValue

    init(_ input: LayerValue, _ form: LayerOperation.Recurrent, _ weights: [[Float]]) {
        self.input = input
        self.form = form
        length = input.sizes[0]
        units = form.units
        columns = form.cell.blocks * units
        state = [Float](repeating: 0, count: input.count * units)
        cells = form.cell == .lstm ? state : []
        outputs = LayerValue(
            count: input.count, sizes: (form.returnsSequences ? [length] : []) + [units])
        let bias = form.usesBias ? Array(weights[2].prefix(columns)) : nil
        recurrentBias =
            form.usesBias && form.cell == .gruResetAfter ? Array(weights[2].dropFirst(columns)) : []
        if form.cell == .gru {
            let columns = self.columns
            let units = self.units
            recurrent = (0..<units).flatMap { weights[1][($0 * columns)...].prefix(2 * units) }
            candidate = (0..<units).flatMap {
                weights[1][($0 * columns + 2 * units)...].prefix(units)
            }
        } else {
            recurrent = weights[1]
            candidate = []
        }
        let rows = LayerNetwork.multiply(
            input, weights[0], bias: bias, .linear, sizes: [length, columns])
        products = rows.numbers
    }

    mutating func read() {
        for step in 0..<length {
            let position = form.readsBackwards ? length - 1 - step : step
            // A masked position leaves state and cells as they are.
            let texts = (0..<input.count).filter { text in
                input.mask.map { $0[text * length + position] } ?? true
            }
            if !texts.isEmpty {
                switch form.cell {
                case .simple: readSimple(texts, position)
                case .lstm: readLSTM(texts, position)
                case .gru: readGRU(texts, position)
                case .gruResetAfter: readGRUResetAfter(texts, position)
                }
            }
            if form.returnsSequences { keep(step, at: position, texts) }
        }
        if !form.returnsSequences { keepLast() }
    }

    /// Stores the outputs of a position, in the order of reading.
    private mutating func keep(_ step: Int, at position: Int, _ texts: [Int]) {
        var next = 0
        for text in 0..<input.count {
            let isRead = next < texts.count && texts[next] == text
            if isRead { next += 1 }
            if !isRead && form.zeroesMasked { continue }
            let target = (text * length + step) * units
            for unit in 0..<units { outputs.numbers[target + unit] = state[text * units + unit] }
        }
    }

    private mutating func keepLast() {
        let last = form.readsBackwards ? 0 : length - 1
        for text in 0..<input.count {
            if form.zeroesMasked, let mask = input.mask, !mask[text * length + last] { continue }
            for unit in 0..<units {
                outputs.numbers[text * units + unit] = state[text * units + unit]
            }
        }
    }

    /// The products at a position for some texts, `[texts, columns]`.
    private func sums(_ texts: [Int], _ position: Int) -> [Float] {
        var sums: [Float] = []
        sums.reserveCapacity(texts.count * columns)
        for text in texts {
            sums += products[((text * length + position) * columns)...].prefix(columns)
        }
        return sums
    }

    /// The states of some texts, `[texts, units]`.
    private func states(_ texts: [Int]) -> [Float] {
        guard texts.count < input.count else { return state }
        return texts.flatMap { state[($0 * units)...].prefix(units) }
    }

    private func apply(
        _ activation: LayerActivation, _ sums: inout [Float], row: Int, _ blocks: Range<Int>,
        width: Int
    ) {
        sums.withUnsafeMutableBufferPointer { sums in
            guard let base = sums.baseAddress else { return }
            activation.apply(
                base + row * width + blocks.lowerBound * units, blocks.count * units, width: units)
        }
    }

    private mutating func readSimple(_ texts: [Int], _ position: Int) {
        var sums = sums(texts, position)
        LayerKernels.multiplyRows(
            states(texts), rows: texts.count, inner: units, recurrent, columns: columns,
            into: &sums)
        for (row, text) in texts.enumerated() {
            apply(form.activation, &sums, row: row, 0..<1, width: columns)
            for unit in 0..<units { state[text * units + unit] = sums[row * units + unit] }
        }
    }

    private mutating func readLSTM(_ texts: [Int], _ position: Int) {
        var sums = sums(texts, position)
        LayerKernels.multiplyRows(
            states(texts), rows: texts.count, inner: units, recurrent, columns: columns,
            into: &sums)
        var bounded = [Float](repeating: 0, count: units)
        for (row, text) in texts.enumerated() {
            // Blocks: input, forget, candidate, output.
            apply(form.gateActivation, &sums, row: row, 0..<2, width: columns)
            apply(form.activation, &sums, row: row, 2..<3, width: columns)
            apply(form.gateActivation, &sums, row: row, 3..<4, width: columns)
            let first = row * columns
            for unit in 0..<units {
                let cell =
                    sums[first + units + unit] * cells[text * units + unit]
                    + sums[first + unit] * sums[first + 2 * units + unit]
                cells[text * units + unit] = cell
                bounded[unit] = cell
            }
            bounded.withUnsafeMutableBufferPointer { bounded in
                guard let base = bounded.baseAddress else { return }
                form.activation.apply(base, units, width: units)
            }
            for unit in 0..<units {
                state[text * units + unit] = sums[first + 3 * units + unit] * bounded[unit]
            }
        }
    }

    private mutating func readGRU(_ texts: [Int], _ position: Int) {
        let sums = sums(texts, position)
        let states = states(texts)
        var gates = [Float](repeating: 0, count: texts.count * 2 * units)
        var news = [Float](repeating: 0, count: texts.count * units)
        for row in texts.indices {
            for column in 0..<(2 * units) {
                gates[row * 2 * units + column] = sums[row * columns + column]
            }
            for unit in 0..<units {
                news[row * units + unit] = sums[row * columns + 2 * units + unit]
            }
        }
        LayerKernels.multiplyRows(
            states, rows: texts.count, inner: units, recurrent, columns: 2 * units, into: &gates)
        var reset = states
        for row in texts.indices {
            apply(form.gateActivation, &gates, row: row, 0..<2, width: 2 * units)
            for unit in 0..<units {
                reset[row * units + unit] *= gates[row * 2 * units + units + unit]
            }
        }
        LayerKernels.multiplyRows(
            reset, rows: texts.count, inner: units, candidate, columns: units, into: &news)
        for (row, text) in texts.enumerated() {
            apply(form.activation, &news, row: row, 0..<1, width: units)
            for unit in 0..<units {
                let update = gates[row * 2 * units + unit]
                state[text * units + unit] =
                    update * states[row * units + unit] + (1 - update) * news[row * units + unit]
            }
        }
    }

    private mutating func readGRUResetAfter(_ texts: [Int], _ position: Int) {
        var sums = sums(texts, position)
        let states = states(texts)
        var inner: [Float] = []
        for _ in texts {
            inner +=
                recurrentBias.isEmpty
                ? [Float](repeating: 0, count: columns) : recurrentBias
        }
        LayerKernels.multiplyRows(
            states, rows: texts.count, inner: units, recurrent, columns: columns, into: &inner)
        for (row, text) in texts.enumerated() {
            let first = row * columns
            for column in 0..<(2 * units) { sums[first + column] += inner[first + column] }
            apply(form.gateActivation, &sums, row: row, 0..<2, width: columns)
            for unit in 0..<units {
                sums[first + 2 * units + unit] +=
                    sums[first + units + unit] * inner[first + 2 * units + unit]
            }
            apply(form.activation, &sums, row: row, 2..<3, width: columns)
            for unit in 0..<units {
                let update = sums[first + unit]
                state[text * units + unit] =
                    update * states[row * units + unit]
                    + (1 - update) * sums[first + 2 * units + unit]
            }
        }
    }
}
