import CKernels

/// Reads texts position by position, all texts of a batch at once.
struct RecurrentReader {
    private let input: LayerValue
    private let form: LayerOperation.Recurrent
    private let length: Int
    private let units: Int
    private let columns: Int
    /// `[texts, positions, columns]`: the products with the kernel, bias included.
    private let products: LayerValue
    private let recurrent: PanelMatrix
    /// Of a GRU whose reset gate comes first.
    private let candidate: PanelMatrix?
    /// `[texts, units]`.
    private var state: [Float]
    /// `[texts, units]`: the cells of an LSTM.
    private var cells: [Float]
    /// `[texts read, columns]`.
    private var sums: [Float]
    /// `[texts read, columns]`: products with the state, of a GRU.
    private var inner: [Float]
    /// `[texts read, units]`: the states and cells of the texts that are read, where not all are.
    private var readState: [Float] = []
    private var readCells: [Float] = []
    private(set) var outputs: LayerValue

    init(_ input: LayerValue, _ form: LayerOperation.Recurrent, _ matrices: [PanelMatrix]) {
        self.input = input
        self.form = form
        length = input.sizes[0]
        units = form.units
        columns = form.cell.blocks * units
        state = [Float](repeating: 0, count: input.count * units)
        cells = form.cell == .lstm ? state : []
        sums = [Float](repeating: 0, count: input.count * columns)
        inner = form.cell == .gru || form.cell == .gruResetAfter ? sums : []
        if input.mask != nil {
            readState = state
            readCells = cells
        }
        outputs = LayerValue(
            count: input.count, sizes: (form.returnsSequences ? [length] : []) + [units])
        recurrent = matrices[1]
        candidate = matrices.count > 2 ? matrices[2] : nil
        products = LayerNetwork.multiply(input, matrices[0], .linear, sizes: [length, columns])
    }

    mutating func read() {
        let all = Array(0..<input.count)
        for step in 0..<length {
            let position = form.readsBackwards ? length - 1 - step : step
            // A masked position leaves state and cells as they are.
            let texts =
                input.mask.map { mask in all.filter { mask[$0 * length + position] } } ?? all
            if texts.count == all.count {
                readAll(texts, position)
            } else if !texts.isEmpty {
                readSome(texts, position)
            }
            if form.returnsSequences { keep(step, texts) }
        }
        if !form.returnsSequences { keepLast() }
    }

    /// Reads a position of all texts.
    private mutating func readAll(_ texts: [Int], _ position: Int) {
        // Taken out and put back, so that nothing is copied.
        var all = state
        var allCells = cells
        state = []
        cells = []
        read(texts, position, &all, &allCells)
        state = all
        cells = allCells
    }

    /// Reads a position of some texts, whose states are brought together.
    private mutating func readSome(_ texts: [Int], _ position: Int) {
        var some = readState
        var someCells = readCells
        readState = []
        readCells = []
        RecurrentReader.gather(state, texts, units, into: &some)
        if !cells.isEmpty { RecurrentReader.gather(cells, texts, units, into: &someCells) }
        read(texts, position, &some, &someCells)
        RecurrentReader.scatter(some, texts, units, into: &state)
        if !cells.isEmpty { RecurrentReader.scatter(someCells, texts, units, into: &cells) }
        readState = some
        readCells = someCells
    }

    private static func gather(
        _ rows: [Float], _ texts: [Int], _ width: Int, into target: inout [Float]
    ) {
        copy(rows, into: &target, texts.enumerated().map { ($1, $0) }, width)
    }

    private static func scatter(
        _ rows: [Float], _ texts: [Int], _ width: Int, into target: inout [Float]
    ) {
        copy(rows, into: &target, texts.enumerated().map { ($0, $1) }, width)
    }

    private static func copy(
        _ source: [Float], into target: inout [Float], _ rows: [(from: Int, to: Int)], _ width: Int
    ) {
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else {
                    return
                }
                for (from, to) in rows {
                    (target + to * width).update(from: source + from * width, count: width)
                }
            }
        }
    }

    /// Stores the outputs of a position, in the order of reading.
    private mutating func keep(_ step: Int, _ texts: [Int]) {
        let rows = form.zeroesMasked ? texts : Array(0..<input.count)
        RecurrentReader.copy(
            state, into: &outputs.numbers, rows.map { ($0, $0 * length + step) }, units)
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

    /// One step of some texts with their states and cells, `[texts, units]`.
    private mutating func read(
        _ texts: [Int], _ position: Int, _ state: inout [Float], _ cells: inout [Float]
    ) {
        let (length, columns) = (length, columns)
        RecurrentReader.copy(
            products.numbers, into: &sums,
            texts.enumerated().map { ($1 * length + position, $0) }, columns)
        let step = Step(
            form: form, rows: texts.count, units: units, columns: columns, recurrent: recurrent,
            candidate: candidate)
        sums.withUnsafeMutableBufferPointer { sums in
            inner.withUnsafeMutableBufferPointer { inner in
                state.withUnsafeMutableBufferPointer { state in
                    cells.withUnsafeMutableBufferPointer { cells in
                        guard let sums = sums.baseAddress, let state = state.baseAddress else {
                            return
                        }
                        switch form.cell {
                        case .simple: step.simple(sums, state)
                        case .lstm:
                            if let cells = cells.baseAddress { step.lstm(sums, state, cells) }
                        case .gru: if let inner = inner.baseAddress { step.gru(sums, state, inner) }
                        case .gruResetAfter:
                            if let inner = inner.baseAddress {
                                step.gruResetAfter(sums, state, inner)
                            }
                        }
                    }
                }
            }
        }
    }
}

extension RecurrentReader {
    /// The equations of one step for some texts; sums are `[rows, columns]` and hold the products
    /// with the input, states are `[rows, units]`.
    private struct Step {
        typealias Numbers = UnsafeMutablePointer<Float>

        let form: LayerOperation.Recurrent
        let rows: Int
        let units: Int
        let columns: Int
        let recurrent: PanelMatrix
        let candidate: PanelMatrix?

        private func add(_ matrix: PanelMatrix, _ state: Numbers, to sums: Numbers) {
            matrix.multiply(
                state, .init(rows: rows, stride: units, resultStride: columns, adds: true),
                into: sums)
        }

        private func apply(_ activation: LayerActivation, _ sums: Numbers, blocks: Range<Int>) {
            // Softmax works on the numbers of a block.
            activation.apply(
                sums + blocks.lowerBound * units, rows: rows, stride: columns,
                count: blocks.count * units, width: units)
        }

        func simple(_ sums: Numbers, _ state: Numbers) {
            add(recurrent, state, to: sums)
            apply(form.activation, sums, blocks: 0..<1)
            state.update(from: sums, count: rows * units)
        }

        func lstm(_ sums: Numbers, _ state: Numbers, _ cells: Numbers) {
            add(recurrent, state, to: sums)
            // Blocks: input, forget, candidate, output.
            apply(form.gateActivation, sums, blocks: 0..<2)
            apply(form.activation, sums, blocks: 2..<3)
            apply(form.gateActivation, sums, blocks: 3..<4)
            siftd_lstm_cells(LayerKernels.unit, sums, cells, rows, units)
            apply(form.activation, sums, blocks: 2..<3)
            for row in 0..<rows {
                let bounded = sums + row * columns + 2 * units
                let target = state + row * units
                for unit in 0..<units { target[unit] = bounded[units + unit] * bounded[unit] }
            }
        }

        /// The reset gate scales the state before the product.
        ///
        /// `reset` has room for `[rows, units]`.
        func gru(_ sums: Numbers, _ state: Numbers, _ reset: Numbers) {
            guard let candidate else { return }
            add(recurrent, state, to: sums)
            apply(form.gateActivation, sums, blocks: 0..<2)
            for row in 0..<rows {
                let gate = sums + row * columns + units
                for unit in 0..<units {
                    reset[row * units + unit] = gate[unit] * state[row * units + unit]
                }
            }
            add(candidate, reset, to: sums + 2 * units)
            finish(sums, state)
        }

        /// The reset gate scales the product with the state, `[rows, columns]`.
        func gruResetAfter(_ sums: Numbers, _ state: Numbers, _ inner: Numbers) {
            recurrent.multiply(
                state, .init(rows: rows, stride: units, resultStride: columns), into: inner)
            for row in 0..<rows {
                let sums = sums + row * columns
                let inner = inner + row * columns
                for column in 0..<(2 * units) { sums[column] += inner[column] }
            }
            apply(form.gateActivation, sums, blocks: 0..<2)
            for row in 0..<rows {
                let gate = sums + row * columns + units
                let inner = inner + row * columns + 2 * units
                for unit in 0..<units { gate[units + unit] += gate[unit] * inner[unit] }
            }
            finish(sums, state)
        }

        private func finish(_ sums: Numbers, _ state: Numbers) {
            apply(form.activation, sums, blocks: 2..<3)
            siftd_gru_states(
                LayerKernels.unit, sums, columns, sums + 2 * units, columns, state, rows, units)
        }
    }
}
