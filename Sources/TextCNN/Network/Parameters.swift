/// The weights of a convolutional network, row-major.
public struct Parameters: Sendable, Equatable {
    /// The sizes that the lengths of all arrays follow from.
    public let shape: NetworkShape
    /// The embedding of each token, `[vocabulary, embedding]`; row 0 is zero.
    public var embedding: [Float]
    /// The filters, `[kernelRows, embedding]`.
    ///
    /// A row is the part of one filter for one offset in its window; see
    /// ``NetworkShape/kernelRows`` for the order.
    public var kernels: [Float]
    /// The bias of each filter, `[features]`.
    public var kernelBias: [Float]
    /// Weights of the hidden layer, `[hidden, features]`; empty for a linear head.
    public var hidden: [Float]
    /// Biases of the hidden layer, `[hidden]`.
    public var hiddenBias: [Float]
    /// Weights of the output layer, `[outputs, hidden]`, or `[outputs, features]` for a linear
    /// head.
    public var output: [Float]
    /// Biases of the output layer, `[outputs]`.
    public var outputBias: [Float]

    /// Weights that are all zero.
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

    /// The random start of training.
    ///
    /// Normal distributions with mean 0 and these deviations: embedding 0.1, filters 1/√(width ·
    /// embedding), hidden layer √(2 / features), output layer 1/√inputs. Biases are zero, and so is
    /// the row of `<pad>`.
    public init(random shape: NetworkShape, using generator: inout RandomSource) {
        self.init(zeros: shape)
        for index in shape.embedding..<embedding.count {
            embedding[index] = 0.1 * generator.nextNormal()
        }
        for (widthIndex, width) in shape.widths.enumerated() {
            let scale = 1 / Float(width * shape.embedding).squareRoot()
            let first = shape.firstRow(ofWidthAt: widthIndex) * shape.embedding
            for index in first..<(first + width * shape.filters * shape.embedding) {
                kernels[index] = scale * generator.nextNormal()
            }
        }
        let hiddenScale = (2 / Float(shape.features)).squareRoot()
        for index in hidden.indices { hidden[index] = hiddenScale * generator.nextNormal() }
        let outputScale = 1 / Float(shape.headInputs).squareRoot()
        for index in output.indices { output[index] = outputScale * generator.nextNormal() }
    }

    /// These weights with an output layer that multiplies the logits by a factor.
    public func scaledOutput(by factor: Float) -> Parameters {
        var scaled = self
        for index in output.indices { scaled.output[index] *= factor }
        for index in outputBias.indices { scaled.outputBias[index] *= factor }
        return scaled
    }

    /// The name of each array in a weights file and the property that holds it, in the order of
    /// files.
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

    /// The dimensions of a tensor in a network of this shape.
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

    /// The weights as named tensors, for a file.
    public var named: [NamedTensor] {
        Parameters.tensors.map {
            NamedTensor(
                name: $0.name, dimensions: Parameters.dimensions(of: $0.name, in: shape),
                values: self[keyPath: $0.path])
        }
    }

    /// Reads the weights of a network of this shape; every tensor must exist.
    ///
    /// - Parameters:
    ///   - shape: the sizes of the network.
    ///   - values: returns the numbers of a tensor by name and dimensions, or throws.
    /// - Throws: what `values` throws.
    public init(shape: NetworkShape, values: (String, [Int]) throws -> [Float]) rethrows {
        self.init(zeros: shape)
        for tensor in Parameters.tensors {
            self[keyPath: tensor.path] = try values(
                tensor.name, Parameters.dimensions(of: tensor.name, in: shape))
        }
    }
}
