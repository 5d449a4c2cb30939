import TextCNN

/// Networks with random weights, and messages for them.
enum Fixture {
    static let vocabulary = 500

    /// A network of all widths with random biases.
    static func network(hidden: Int = 8, filters: Int = 16, seed: UInt64 = 9) -> Network {
        var random = RandomSource(seed: seed)
        var parameters = Parameters(
            random: NetworkShape(
                vocabulary: vocabulary, embedding: 16, widths: [2, 3, 4, 5], filters: filters,
                hidden: hidden), using: &random)
        for index in parameters.kernelBias.indices {
            parameters.kernelBias[index] = 0.05 * random.nextNormal()
        }
        return Network(parameters)
    }

    /// Messages shorter than any window, as long as one, and long.
    static let messages: [[Int32]] = {
        var random = RandomSource(seed: 4)
        return [0, 1, 2, 3, 4, 5, 17, 100, 512].map { length in
            (0..<length).map { _ in Int32(random.nextIndex(below: vocabulary)) }
        }
    }()

    /// One filter of width 2 over embeddings of one number: words 1, 2 and 3 are 1, 2 and 4, the
    /// filter is (1, 10) with bias 0.5, and the logit is twice the feature, less 1.
    static var tiny: Parameters {
        var parameters = Parameters(
            zeros: NetworkShape(vocabulary: 4, embedding: 1, widths: [2], filters: 1, hidden: 0))
        parameters.embedding = [0, 1, 2, 4]
        parameters.kernels = [1, 10]
        parameters.kernelBias = [0.5]
        parameters.output = [2]
        parameters.outputBias = [-1]
        return parameters
    }

    static func term(seed: UInt64 = 1, bits: Int = 10) -> LinearTerm {
        var random = RandomSource(seed: seed)
        return LinearTerm(
            weights: (0..<1 << bits).map { _ in random.nextNormal() },
            rarity: (0..<1 << bits).map { _ in 1 + random.nextUniform() }, bias: 0.25)
    }
}
