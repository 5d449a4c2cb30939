/// The layers of an imported network, in an order in which each follows its inputs.
///
/// Value 0 is the row of ids; the layer with index i computes value i + 1. The last layer's value
/// is the output.
public struct LayerGraph: Codable, Sendable, Equatable {
    /// One use of a layer.
    public struct Node: Codable, Sendable, Equatable {
        /// The layer's name in the file it came from.
        public var name: String
        /// The values it reads.
        public var inputs: [Int]
        /// What it computes.
        public var operation: LayerOperation
        /// The index of the first use of the layer: several uses share its weights.
        public var layer: Int

        /// A use of a layer.
        public init(name: String, inputs: [Int], operation: LayerOperation, layer: Int) {
            self.name = name
            self.inputs = inputs
            self.operation = operation
            self.layer = layer
        }
    }

    /// The ids of a text; nil when it may have any number.
    public var length: Int?
    /// The layers.
    public var layers: [Node]

    /// A graph of these layers; ``checked()`` says whether it is sound.
    public init(length: Int?, layers: [Node]) {
        self.length = length
        self.layers = layers
    }

    /// What is wrong with a layer.
    public struct Defect: Error, CustomStringConvertible {
        /// The layer's name.
        public var layer: String
        /// What is wrong with it.
        public var reason: String
        /// The defect for a human reader.
        public var description: String { "layer \"\(layer)\" \(reason)" }

        /// A defect of a layer.
        public init(layer: String, reason: String) {
            self.layer = layer
            self.reason = reason
        }
    }

    /// Bounds that keep a hostile file from asking for absurd memory or time.
    public enum Limit {
        /// Layers of a graph.
        public static let layers = 2_000
        /// Rows of an embedding.
        public static let vocabulary = 5_000_000
        /// Numbers of one embedding row.
        public static let embedding = 1_024
        /// Filters and units.
        public static let units = 8_192
        /// Kernel sizes along an axis.
        public static let kernel = 1_024
        /// Ids of a text.
        public static let length = 65_535
        /// Numbers that one layer makes of one text.
        public static let activations = 1 << 24
        /// Numbers of one weight tensor.
        public static let weights = 1 << 29
        /// Multiplications for one text.
        public static let work = 8_000_000_000
    }

    /// Numbers of the output.
    public var outputs: Int? {
        guard let shapes = try? shapes(), let last = shapes.last, last.count == 1 else {
            return nil
        }
        return last[0]
    }

    /// The largest id that the embeddings know, plus 1.
    public var vocabulary: Int {
        layers.compactMap {
            if case .embedding(let vocabulary, _, _) = $0.operation { return vocabulary }
            return nil
        }.min() ?? 0
    }

    /// The shape of each value, the ids first; nil for a number of positions that the text decides.
    ///
    /// - Throws: ``Defect`` of the first layer that can't work on its inputs.
    public func shapes() throws(Defect) -> [[Int?]] {
        guard layers.count <= Limit.layers else {
            throw Defect(layer: layers[Limit.layers].name, reason: "is one too many")
        }
        var shapes: [[Int?]] = [[length]]
        if let length, !(1...Limit.length).contains(length) {
            throw Defect(
                layer: "input", reason: "has \(length) ids; 1 to \(Limit.length) are possible")
        }
        for (index, node) in layers.enumerated() {
            guard !node.inputs.isEmpty, node.inputs.allSatisfy({ (0...index).contains($0) }),
                (0...index).contains(node.layer)
            else { throw Defect(layer: node.name, reason: "reads a layer that comes later") }
            do {
                let shape = try node.operation.shape(of: node.inputs.map { shapes[$0] })
                if node.layer != index {
                    let first = layers[node.layer]
                    let weights = try node.operation.weights(of: node.inputs.map { shapes[$0] })
                    guard
                        try weights.elementsEqual(
                            first.operation.weights(of: first.inputs.map { shapes[$0] }),
                            by: { $0.name == $1.name && $0.dimensions == $1.dimensions })
                    else { throw LayerOperation.Misfit("is used on inputs of unlike shapes") }
                }
                shapes.append(shape)
            } catch let misfit as LayerOperation.Misfit {
                throw Defect(layer: node.name, reason: misfit.reason)
            } catch { throw Defect(layer: node.name, reason: "\(error)") }
        }
        return shapes
    }

    /// Names and dimensions of all weights.
    ///
    /// - Throws: ``Defect``.
    public func weights() throws(Defect) -> [(name: String, layer: Int, dimensions: [Int])] {
        let shapes = try shapes()
        var result: [(name: String, layer: Int, dimensions: [Int])] = []
        for (index, node) in layers.enumerated() where node.layer == index {
            do {
                for weight in try node.operation.weights(of: node.inputs.map { shapes[$0] }) {
                    guard let count = LayerOperation.product(weight.dimensions),
                        count <= Limit.weights
                    else {
                        throw LayerOperation.Misfit(
                            "has a \(weight.name) of \(weight.dimensions), beyond the limit of 2 GiB"
                        )
                    }
                    result.append(("\(index).\(weight.name)", index, weight.dimensions))
                }
            } catch let misfit as LayerOperation.Misfit {
                throw Defect(layer: node.name, reason: misfit.reason)
            } catch { throw Defect(layer: node.name, reason: "\(error)") }
        }
        return result
    }

    /// Multiplications for a text of so many ids, roughly; nil when a layer can't work on it.
    public func work(length: Int) -> Int? {
        var graph = self
        graph.length = length
        guard let shapes = try? graph.shapes() else { return nil }
        var sum = 0
        for (index, node) in layers.enumerated() {
            let output = LayerOperation.product(shapes[index + 1].map { $0 ?? 1 }) ?? 0
            let (work, overflow) = node.operation.work(
                of: node.inputs.map { shapes[$0].map { $0 ?? 1 } }, output: output)
            guard !overflow, work < Limit.work * 1_000 else { return Int.max }
            sum += work
        }
        return sum
    }
}
