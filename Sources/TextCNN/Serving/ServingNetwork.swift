/// A network prepared for serving: as look-up tables if memory allows, else as it is.
///
/// Tables are checked against the plain network before they are used.
public struct ServingNetwork: Sendable {
    /// How logits are computed.
    public enum Backend: Sendable {
        /// By look-up in tables.
        case tables(OffsetTables)
        /// By the network itself, some fifty times slower.
        case plain(Network)
    }

    /// How logits are computed.
    public let backend: Backend

    /// Builds the tables and checks them.
    ///
    /// - Parameters:
    ///   - network: the network to serve.
    ///   - precision: how the entries of the tables are stored.
    ///   - memoryLimit: bytes that the tables may take. The plain network serves if they need more.
    public init(_ network: Network, precision: OffsetTables.Precision, memoryLimit: Int = .max) {
        let needed = OffsetTables.bytes(of: network.parameters.shape, precision: precision)
        let tables = needed <= memoryLimit ? ServingNetwork.tables(network, precision) : nil
        backend = tables.map(Backend.tables) ?? .plain(network)
    }

    /// Tables that agree with the plain network, for the fastest vector unit that has such; nil if
    /// there is none, or no memory.
    ///
    /// If a SIMD kernel disagrees with the plain network (a bug), siftd falls back rather than
    /// misjudge mail.
    private static func tables(
        _ network: Network, _ precision: OffsetTables.Precision
    ) -> OffsetTables? {
        for unit in [OffsetTables.VectorUnit.best, .baseline] {
            if let tables = OffsetTables(network, precision: precision, unit: unit),
                tables.isFaithful
            {
                return tables
            }
        }
        return nil
    }

    /// The logits of one message, `[outputs]`; the same ids give the same bits on every thread.
    ///
    /// - Parameter ids: each in `0..<vocabulary`.
    /// - Returns: one logit for each label.
    public func logits(_ ids: [Int32]) -> [Float] {
        switch backend {
        case .tables(let tables): tables.logits(ids)
        case .plain(let network): network.logits(ids)
        }
    }
}

extension ServingNetwork: CustomStringConvertible {
    /// For the log: `int16 tables of 107 MB, avx512`.
    public var description: String {
        switch backend {
        case .tables(let tables):
            "\(tables.precision) tables of \(tables.bytes / 1_000_000) MB, \(tables.unit)"
        case .plain: "no tables"
        }
    }
}

extension OffsetTables {
    /// Whether the tables agree with the plain network on a few messages of random tokens, as
    /// closely as rounded entries can.
    package var isFaithful: Bool {
        var random = RandomSource(seed: 1)
        let vocabulary = network.parameters.shape.vocabulary
        return [1, 2, 7, 60].allSatisfy { length in
            agrees(on: (0..<length).map { _ in Int32(random.nextIndex(below: vocabulary)) })
        }
    }

    /// Whether each feature of a message is within its rounding error of the plain network's.
    ///
    /// An entry is off by at most half a unit, so a window of `width` tokens is off by at most
    /// `width / 2` units. The margin above that covers the rounding of the float sums.
    package func agrees(on ids: [Int32]) -> Bool {
        let shape = network.parameters.shape
        let expected = network.features(ids)
        let served = features(ids)
        return expected.indices.allSatisfy { feature in
            let width = Float(shape.widths[feature / shape.filters])
            let allowed =
                width * unitValue(ofFeature: feature) * 0.51 + 1e-5 * abs(expected[feature])
            // Weights beyond the range of Float make infinite features, which no table can hold.
            return abs(expected[feature] - served[feature]) <= allowed
                || !expected[feature].isFinite
        }
    }
}
