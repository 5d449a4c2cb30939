/// An imported network with its weights: the plain forward pass, in 32-bit floats.
///
/// Texts of equal length are computed together. The same ids give the same bits alone and among
/// others: a matrix product covers the positions of one text, or sums each row in a fixed order.
public struct LayerNetwork: Sendable {
    /// The layers.
    public let graph: LayerGraph
    /// The weights of each layer, in the order of `LayerOperation.weights(of:)`.
    let weights: [[[Float]]]
    /// The matrices of each layer, for the kernels.
    private let matrices: [[PanelMatrix]]
    /// The sizes of each value, where texts have a fixed length.
    private let sizes: [[Int]]?
    /// Texts computed together at most.
    private let together: Int
    /// The last reader of each value, so that its memory can be used again.
    private let lastReaders: [Int]
    private let names: [(name: String, layer: Int, dimensions: [Int])]

    /// A network of these layers.
    ///
    /// - Parameters:
    ///   - graph: the layers.
    ///   - values: the numbers of a tensor by its name, such as `3.kernel`, and its dimensions.
    /// - Throws: ``LayerGraph/Defect``, or any error of `values`.
    public init(_ graph: LayerGraph, values: (String, [Int]) throws -> [Float]) throws {
        self.graph = graph
        names = try graph.weights()
        var weights = [[[Float]]](repeating: [], count: graph.layers.count)
        for (name, layer, dimensions) in names {
            let numbers = try values(name, dimensions)
            precondition(numbers.count == dimensions.reduce(1, *), "a tensor of another size")
            weights[layer].append(numbers)
        }
        for (index, node) in graph.layers.enumerated() where node.layer != index {
            weights[index] = weights[node.layer]
        }
        for (index, node) in graph.layers.enumerated() {
            guard case .normalization(_, let epsilon, _, _) = node.operation,
                let variances = weights[index].last
            else { continue }
            guard variances.allSatisfy({ Double($0) + epsilon > 0 }) else {
                throw LayerGraph.Defect(
                    layer: node.name, reason: "has a variance that is not above 0")
            }
        }
        self.weights = weights
        var matrices = [[PanelMatrix]](repeating: [], count: graph.layers.count)
        for (index, node) in graph.layers.enumerated() {
            matrices[index] =
                node.layer == index
                ? LayerNetwork.matrices(node.operation, weights[index]) : matrices[node.layer]
        }
        self.matrices = matrices
        let shapes = try graph.shapes()
        sizes = graph.length.map { _ in shapes.map { $0.map { $0 ?? 0 } } }
        together = LayerNetwork.together(graph, shapes)
        var lastReaders = [Int](repeating: Int.max, count: graph.layers.count + 1)
        for (index, node) in graph.layers.enumerated() {
            for input in node.inputs { lastReaders[input] = index }
        }
        self.lastReaders = lastReaders
    }

    /// The same weights in a graph that differs in the length of texts alone.
    ///
    /// - Throws: ``LayerGraph/Defect`` when a layer can't work on texts of this length.
    public func fixed(_ graph: LayerGraph) throws -> LayerNetwork {
        let tensors = Dictionary(
            uniqueKeysWithValues: self.tensors.map { ($0.name, $0.values) })
        return try LayerNetwork(graph) { name, _ in tensors[name] ?? [] }
    }

    /// All weights by name, in the order of the layers.
    public var tensors: [NamedTensor] {
        var next = [Int](repeating: 0, count: graph.layers.count)
        return names.map { name, layer, dimensions in
            defer { next[layer] += 1 }
            return NamedTensor(
                name: name, dimensions: dimensions, values: weights[layer][next[layer]])
        }
    }

    /// The outputs for texts, `[outputs]` each.
    ///
    /// - Parameter texts: ids of each text, padding included.
    /// - Returns: nil for a text for which the network has no number: one that is too short, whose
    ///   positions are all masked, or whose ids are not rows of the embedding.
    public func outputs(_ texts: [[Int32]]) -> [[Float]?] {
        var results = [[Float]?](repeating: nil, count: texts.count)
        let groups = Dictionary(grouping: texts.indices) { texts[$0].count }
        for group in groups.values {
            var first = 0
            while first < group.count {
                let part = group[first..<min(first + together, group.count)]
                first = part.endIndex
                guard let value = value(of: part.map { texts[$0] }) else { continue }
                for (position, index) in part.enumerated() {
                    let row = value.numbers[(position * value.size)..<((position + 1) * value.size)]
                    if row.allSatisfy(\.isFinite) { results[index] = Array(row) }
                }
            }
        }
        return results
    }

    /// The outputs for one text, `[outputs]`; see ``outputs(_:)``.
    public func outputs(_ ids: [Int32]) -> [Float]? { outputs([ids])[0] }

    /// Factors for the embedding rows at some positions of one text of a batch.
    struct Scaling {
        /// The positions.
        var positions: Range<Int>
        /// The factor.
        var factor: Float
    }

    /// The last layer's value for texts of equally many ids; nil when there is none.
    ///
    /// There is one scaling for each text, or none at all.
    func value(of texts: [[Int32]], scaling: [Scaling] = []) -> LayerValue? {
        var values = [LayerValue?](repeating: nil, count: graph.layers.count + 1)
        guard run(texts, scaling, from: 0, &values, keepsAll: false) else { return nil }
        return values[graph.layers.count]
    }

    /// All values for one text; nil when the network has no number for it.
    func values(of ids: [Int32]) -> [LayerValue]? {
        var values = [LayerValue?](repeating: nil, count: graph.layers.count + 1)
        guard run([ids], [], from: 0, &values, keepsAll: true) else { return nil }
        values[0] = LayerValue(count: 1, sizes: [0])
        return values.compactMap { $0 }
    }

    /// Computes the values that are not there yet and whose inputs are.
    ///
    /// - Returns: false when a layer can't work on what it gets.
    func run(
        _ texts: [[Int32]], _ scaling: [Scaling], from first: Int, _ values: inout [LayerValue?],
        keepsAll: Bool
    ) -> Bool {
        guard let length = texts.first?.count else { return false }
        if let fixed = graph.length, fixed != length { return false }
        for index in first..<graph.layers.count where values[index + 1] == nil {
            let node = graph.layers[index]
            var inputs: [LayerValue] = []
            if node.inputs != [0] {
                for input in node.inputs {
                    guard let value = values[input] else { return false }
                    inputs.append(value)
                }
                if !keepsAll {
                    // Without another reader the layer may change the numbers in place.
                    for input in node.inputs where lastReaders[input] == index {
                        values[input] = nil
                    }
                }
            }
            guard
                let value = try? compute(index, inputs: &inputs, texts: texts, scaling: scaling)
            else { return false }
            values[index + 1] = value
        }
        return true
    }

    /// The value of one layer.
    ///
    /// - Throws: `LayerOperation.Misfit`.
    func compute(
        _ index: Int, inputs: inout [LayerValue], texts: [[Int32]] = [], scaling: [Scaling] = []
    ) throws -> LayerValue {
        let node = graph.layers[index]
        let weights = self.weights[index]
        if case .embedding(_, let size, let masksZero) = node.operation {
            return try LayerNetwork.embed(
                texts, weights[0], size: size, masksZero: masksZero, scaling: scaling)
        }
        guard !inputs.isEmpty else {
            throw LayerOperation.Misfit("reads the ids and is no Embedding")
        }
        let sizes =
            try self.sizes?[index + 1]
            ?? node.operation.shape(of: inputs.map { $0.sizes.map { $0 } }).map { $0 ?? 0 }
        switch node.operation {
        case .embedding: throw LayerOperation.Misfit("is an Embedding of an Embedding")
        case .convolution(let form):
            return LayerNetwork.convolve(inputs[0], form, matrices[index], sizes: sizes)
        case .separable(let form, let multiplier, _):
            return LayerNetwork.convolveApart(
                inputs[0], form, multiplier, matrices[index].first, weights, sizes: sizes)
        case .pooling(let form): return LayerNetwork.pool(inputs[0], form, sizes: sizes)
        case .globalPooling(let kind, _):
            return LayerNetwork.poolAll(inputs[0], kind, sizes: sizes)
        case .dense(_, _, let activation):
            return LayerNetwork.multiply(inputs[0], matrices[index][0], activation, sizes: sizes)
        case .merge(let merge, let rule, let fillsMasked):
            if fillsMasked, inputs.contains(where: { $0.mask != nil }) {
                return LayerNetwork.mergeUnmasked(inputs, merge, rule, sizes: sizes)
            }
            return LayerNetwork.merge(inputs, merge, rule, sizes: sizes)
        case .concatenate(let axis, let rule):
            return LayerNetwork.concatenate(inputs, axis, rule, sizes: sizes)
        case .recurrent(let form):
            return LayerNetwork.recur(inputs[0], form, matrices[index][...])
        case .bidirectional(let forward, let backward, let merge):
            return LayerNetwork.recurBothWays(
                inputs[0], forward, backward, merge, matrices[index])
        default:
            var value = inputs[0]
            inputs = []
            LayerNetwork.change(&value, node.operation, weights, sizes: sizes)
            return value
        }
    }

    private static func embed(
        _ texts: [[Int32]], _ rows: [Float], size: Int, masksZero: Bool, scaling: [Scaling]
    ) throws -> LayerValue {
        let length = texts[0].count
        var mask: [Bool] = []
        let vocabulary = Int32(clamping: rows.count / max(size, 1))
        for ids in texts {
            guard ids.allSatisfy({ (0..<vocabulary).contains($0) }) else {
                throw LayerOperation.Misfit("has no row for an id")
            }
            if masksZero { mask += ids.map { $0 != 0 } }
        }
        return LayerValue(
            count: texts.count, sizes: [length, size], mask: masksZero ? mask : nil
        ) { numbers in
            rows.withUnsafeBufferPointer { rows in
                guard let rows = rows.baseAddress else { return }
                for (text, ids) in texts.enumerated() {
                    // Every id is a row, as checked above.
                    for (position, id) in ids.enumerated() {
                        let target = numbers + (text * length + position) * size
                        target.update(from: rows + Int(id) * size, count: size)
                    }
                    guard !scaling.isEmpty else { continue }
                    for position in scaling[text].positions {
                        let target = numbers + (text * length + position) * size
                        for channel in 0..<size { target[channel] *= scaling[text].factor }
                    }
                }
            }
        }
    }
}
