/// A network made ready to serve: as tables where memory allows, else as it is. Whatever way is
/// taken is checked against the plain network first.
public struct ServingNetwork: Sendable {
    /// How scores are worked out.
    public enum Way: Sendable {
        case tables(OffsetTables)
        case plain(Network)
    }

    public let way: Way

    /// - Parameters:
    ///   - precision: how exact the tables must be.
    ///   - memoryLimit: bytes that the table may take; without room for it the plain network serves,
    ///     some fifty times slower.
    public init(_ network: Network, precision: OffsetTables.Precision, memoryLimit: Int = .max) {
        way = ServingNetwork.choose(network, precision, memoryLimit)
    }

    private static func choose(
        _ network: Network, _ precision: OffsetTables.Precision, _ memoryLimit: Int
    ) -> Way {
        let shape = network.parameters.shape
        guard OffsetTables.bytes(of: shape, precision: precision) <= memoryLimit else {
            return .plain(network)
        }
        // A vector unit that gets it wrong would be a fault of ours; mail must be judged rightly
        // even so.
        for unit in [OffsetTables.VectorUnit.best, .baseline] {
            if let tables = OffsetTables(network, precision: precision, unit: unit),
                tables.isFaithful
            {
                return .tables(tables)
            }
        }
        return .plain(network)
    }

    /// The logits of one message, `[outputs]`. The same ids give the same bits on every thread.
    public func logits(_ ids: [Int32]) -> [Float] {
        switch way {
        case .tables(let tables): tables.logits(ids)
        case .plain(let network): network.logits(ids)
        }
    }
}

extension ServingNetwork: CustomStringConvertible {
    /// For the log: `int16 tables of 107 MB, avx512`.
    public var description: String {
        switch way {
        case .tables(let tables):
            "\(tables.precision) tables of \(tables.bytes / 1_000_000) MB, \(tables.unit)"
        case .plain: "no tables"
        }
    }
}

extension OffsetTables {
    /// True when the filters find what the plain network finds, as near as rounded entries can be,
    /// on a few messages of words from all over the vocabulary.
    var isFaithful: Bool {
        var random = RandomSource(seed: 1)
        let vocabulary = network.parameters.shape.vocabulary
        return [1, 2, 7, 60].allSatisfy { length in
            agrees(on: (0..<length).map { _ in Int32(random.nextIndex(below: vocabulary)) })
        }
    }

    /// Every entry is off by at most half a unit, so a window of `width` words by `width` halves.
    func agrees(on ids: [Int32]) -> Bool {
        let shape = network.parameters.shape
        let plain = network.pooled(ids)
        let own = pooled(ids)
        return plain.indices.allSatisfy { feature in
            let width = Float(shape.widths[feature / shape.filters])
            let allowed = width * unitValue(ofFeature: feature) * 0.51 + 1e-5 * abs(plain[feature])
            return abs(plain[feature] - own[feature]) <= allowed || !plain[feature].isFinite
        }
    }
}
