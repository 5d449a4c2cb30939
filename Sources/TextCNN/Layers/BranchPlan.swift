/// The parts of a network that tables can stand for.
struct BranchPlan {
    /// One convolution whose maximum alone is read.
    struct Branch {
        var width: Int
        var filters: Int
        var padding: LayerOperation.Padding
        var embeddings: [Float]
        var embeddingSize: Int
        /// `[width, embeddingSize, filters]`.
        var kernel: [Float]
        /// `[filters]`: factors of the sums, from a normalisation behind the convolution.
        var factors: [Float]
        /// `[filters]`: added to the scaled sums.
        var bias: [Float]
        var activation: LayerActivation
        var chain: [Int] = []
        var pool = 0
        var sizes: [Int]
        var pooledSizes: [Int] = []
    }

    private(set) var branches: [Branch] = []
    private(set) var replaced: Set<Int> = []
    private(set) var vocabulary = 0
    private let network: LayerNetwork
    private let shapes: [[Int?]]
    private let readers: [[Int]]

    /// Widths beyond this would make large tables for few savings.
    private static let widest = 32

    /// The plan of a network; nil when it has another form.
    init?(_ network: LayerNetwork) {
        self.network = network
        guard let shapes = try? network.graph.shapes() else { return nil }
        self.shapes = shapes
        var readers = [[Int]](repeating: [], count: shapes.count)
        for (index, node) in network.graph.layers.enumerated() {
            for input in node.inputs { readers[input].append(index) }
        }
        self.readers = readers
        vocabulary = network.graph.vocabulary
        for index in readers[0] {
            guard case .embedding(let rows, let size, _) = network.graph.layers[index].operation,
                rows == vocabulary
            else { return nil }
            replaced.insert(index)
            guard follow(index + 1, network.weights[index][0], size) else { return nil }
        }
        guard !branches.isEmpty else { return nil }
    }

    /// Follows an embedding to the convolutions that read it.
    private mutating func follow(_ value: Int, _ embeddings: [Float], _ size: Int) -> Bool {
        guard !readers[value].isEmpty else { return false }
        for index in readers[value] {
            switch network.graph.layers[index].operation {
            case .identity, .dropMask, .reshape:
                // Kim's form: `[positions, size, 1]` in front of a convolution of two axes.
                let shape = shapes[index + 1]
                guard shape.count < 3 || shape[1] == size && shape[2] == 1,
                    shape.count > 1, shape[0] == shapes[value][0]
                else { return false }
                replaced.insert(index)
                guard follow(index + 1, embeddings, size) else { return false }
            case .convolution(let form):
                guard add(index, form, embeddings, size) else { return false }
            default: return false
            }
        }
        return true
    }

    private mutating func add(
        _ index: Int, _ form: LayerOperation.Convolution, _ embeddings: [Float], _ size: Int
    ) -> Bool {
        guard form.groups == 1, form.strides.allSatisfy({ $0 == 1 }),
            form.dilation.allSatisfy({ $0 == 1 }), form.kernel[0] <= BranchPlan.widest,
            form.activation.isNondecreasing
        else { return false }
        if form.kernel.count == 2 {
            guard form.kernel[1] == size, form.padding == .valid else { return false }
        }
        let weights = network.weights[index]
        var branch = Branch(
            width: form.kernel[0], filters: form.filters, padding: form.padding,
            embeddings: embeddings, embeddingSize: size, kernel: weights[0],
            factors: [Float](repeating: 1, count: form.filters),
            bias: form.usesBias ? weights[1] : [Float](repeating: 0, count: form.filters),
            activation: form.activation,
            sizes: (form.kernel.count == 2 ? [1, 1] : [1]) + [form.filters])
        replaced.insert(index)
        return followToMaximum(index + 1, &branch)
    }

    /// Follows a convolution to the maximum over all its positions.
    private mutating func followToMaximum(_ value: Int, _ branch: inout Branch) -> Bool {
        guard readers[value].count == 1 else { return false }
        let index = readers[value][0]
        let node = network.graph.layers[index]
        switch node.operation {
        case .globalPooling(.maximum, _): break
        case .pooling(let form):
            // One window over everything.
            guard form.kind == .maximum, shapes[index + 1].dropLast().allSatisfy({ $0 == 1 }),
                zip(form.size, shapes[value]).allSatisfy({ size, length in
                    length.map { size >= $0 } ?? false
                })
            else { return false }
        case .identity, .dropMask:
            replaced.insert(index)
            return followToMaximum(index + 1, &branch)
        case .activation(let activation) where activation.isNondecreasing:
            branch.chain.append(index)
        case .rectifier(let slope, let threshold, _) where slope >= 0 && threshold >= 0:
            branch.chain.append(index)
        case .elu(let alpha) where alpha >= 0: branch.chain.append(index)
        case .rescaling(let scale, _) where scale >= 0: branch.chain.append(index)
        case .normalization(let axis, let epsilon, let center, let scale)
        where axis == shapes[value].count - 1:
            let (factors, offsets) = LayerNetwork.normalization(
                epsilon, center: center, scale: scale, network.weights[index])
            if branch.chain.isEmpty, branch.activation == .linear {
                for filter in factors.indices {
                    branch.factors[filter] *= factors[filter]
                    branch.bias[filter] = branch.bias[filter] * factors[filter] + offsets[filter]
                }
            } else {
                guard factors.allSatisfy({ $0 >= 0 }) else { return false }
                branch.chain.append(index)
            }
        default: return false
        }
        switch node.operation {
        case .globalPooling, .pooling:
            branch.pool = index
            branch.pooledSizes = shapes[index + 1].compactMap { $0 }
            branches.append(branch)
            return true
        default:
            replaced.insert(index)
            return followToMaximum(index + 1, &branch)
        }
    }
}
