/// The weights of a network, row-major.
public struct Parameters: Sendable, Equatable {
    public let shape: NetworkShape
    /// `[vocabulary, embedding]`; row 0 is zero.
    public var embedding: [Float]
    /// `[kernelRows, embedding]`: row (width, offset, filter) is what the filter looks for at that
    /// offset of its window.
    public var kernels: [Float]
    /// `[features]`
    public var kernelBias: [Float]
    /// `[hidden, features]`, empty for a linear head.
    public var hidden: [Float]
    /// `[hidden]`
    public var hiddenBias: [Float]
    /// `[outputs, hidden]`, or `[outputs, features]` for a linear head.
    public var output: [Float]
    /// `[outputs]`
    public var outputBias: [Float]

    /// All zero.
    public init(zeros shape: NetworkShape) {
        self.shape = shape
        embedding = [Float](repeating: 0, count: shape.vocabulary * shape.embedding)
        kernels = [Float](repeating: 0, count: shape.kernelRows * shape.embedding)
        kernelBias = [Float](repeating: 0, count: shape.features)
        hidden = [Float](repeating: 0, count: shape.hidden * shape.features)
        hiddenBias = [Float](repeating: 0, count: shape.hidden)
        output = [Float](repeating: 0, count: shape.outputs * shape.headInputs)
        outputBias = [Float](repeating: 0, count: shape.outputs)
    }

    /// Random start: embedding N(0, 0.1), kernels N(0, 1/√(width·embedding)), dense layers
    /// N(0, 1/√inputs), biases zero.
    public init(random shape: NetworkShape, using generator: inout RandomSource) {
        self.init(zeros: shape)
        for index in shape.embedding..<embedding.count {
            embedding[index] = 0.1 * generator.nextNormal()
        }
        for (place, width) in shape.widths.enumerated() {
            let scale = 1 / Float(width * shape.embedding).squareRoot()
            let first = shape.firstRow(ofWidthAt: place) * shape.embedding
            for index in first..<(first + width * shape.filters * shape.embedding) {
                kernels[index] = scale * generator.nextNormal()
            }
        }
        let hiddenScale = (2 / Float(shape.features)).squareRoot()
        for index in hidden.indices { hidden[index] = hiddenScale * generator.nextNormal() }
        let outputScale = 1 / Float(shape.headInputs).squareRoot()
        for index in output.indices { output[index] = outputScale * generator.nextNormal() }
    }

    /// A network whose logits are these times the factor.
    public func scaledOutput(by factor: Float) -> Parameters {
        var scaled = self
        for index in output.indices { scaled.output[index] *= factor }
        for index in outputBias.indices { scaled.outputBias[index] *= factor }
        return scaled
    }

    /// Name, dimensions and place of each tensor, for files and for checks over all weights.
    package static let tensors:
        [(name: String, path: WritableKeyPath<Parameters, [Float]> & Sendable)] = [
            ("embedding.weight", \.embedding),
            ("convolution.weight", \.kernels),
            ("convolution.bias", \.kernelBias),
            ("hidden.weight", \.hidden),
            ("hidden.bias", \.hiddenBias),
            ("output.weight", \.output),
            ("output.bias", \.outputBias),
        ]

    /// The dimensions a tensor has in a network of this shape.
    static func dimensions(of name: String, in shape: NetworkShape) -> [Int] {
        switch name {
        case "embedding.weight": return [shape.vocabulary, shape.embedding]
        case "convolution.weight": return [shape.kernelRows, shape.embedding]
        case "convolution.bias": return [shape.features]
        case "hidden.weight": return [shape.hidden, shape.features]
        case "hidden.bias": return [shape.hidden]
        case "output.weight": return [shape.outputs, shape.headInputs]
        default: return [shape.outputs]
        }
    }

    /// The weights as named arrays, for a file.
    public var named: [NamedTensor] {
        Parameters.tensors.map {
            NamedTensor(
                name: $0.name, dimensions: Parameters.dimensions(of: $0.name, in: shape),
                values: self[keyPath: $0.path])
        }
    }

    /// Takes the weights of a network of this shape from a file; nothing may be missing.
    ///
    /// - Parameter values: gives the numbers of a tensor by name and dimensions, or throws.
    public init(shape: NetworkShape, values: (String, [Int]) throws -> [Float]) rethrows {
        self.init(zeros: shape)
        for tensor in Parameters.tensors {
            self[keyPath: tensor.path] = try values(
                tensor.name, Parameters.dimensions(of: tensor.name, in: shape))
        }
    }
}
