extension LayerNetwork {
    /// How many texts are best computed together: recurrent steps gain more from others.
    var batchLimit: Int {
        isRecurrent ? LayerNetwork.stepsTogether : LayerNetwork.rowsTogether
    }

    private var isRecurrent: Bool {
        graph.layers.contains {
            switch $0.operation {
            case .recurrent, .bidirectional: true
            default: false
            }
        }
    }

    /// How many texts are computed together: as many as share the reading of large weights, else as
    /// many as keep what layers make of them in the CPU's second cache.
    static func together(_ graph: LayerGraph, _ shapes: [[Int?]]) -> Int {
        var most = 1
        for node in graph.layers {
            switch node.operation {
            case .recurrent, .bidirectional: most = stepsTogether
            case .dense(let units, _, _):
                let shape = shapes[node.inputs[0]]
                guard shape.count == 1, let terms = shape[0], terms * units > largeMatrix else {
                    continue
                }
                most = max(most, rowsTogether)
            default: continue
            }
        }
        let largest =
            shapes.map { LayerOperation.product($0.map { $0 ?? assumedLength }) ?? .max }.max() ?? 1
        return max(most, min(numbersTogether / max(largest, 1), stepsTogether))
    }

    /// Texts whose recurrent steps are computed together.
    private static let stepsTogether = 32
    /// Texts that share the reading of a matrix of more than so many numbers.
    private static let rowsTogether = 8
    private static let largeMatrix = 1 << 16
    /// Numbers that the largest layer makes of the texts computed together.
    private static let numbersTogether = 1 << 14
    /// Ids of a text of open length.
    private static let assumedLength = 200
}
