/// An imported network prepared for serving: by tables if it has the form for them and memory
/// allows, else layer by layer.
///
/// Tables are checked against the layers before they are used.
public struct ServingLayers: Sendable {
    let network: LayerNetwork
    private let tables: BranchTables?
    /// Ids from which on a text always has a number, unless all are padding.
    public let shortText: Int

    /// The largest difference that tables of floats may make, of logits relative to those above 1.
    private static let allowed: Float = 1e-5
    /// Positions to look for the shortest text that has a number.
    private static let longestShortText = 2_000

    /// Builds the tables and checks them.
    ///
    /// - Parameters:
    ///   - network: the network to serve.
    ///   - precision: how the entries of the tables are stored; nil for 32-bit floats.
    ///   - memoryLimit: bytes that the tables may take.
    public init(
        _ network: LayerNetwork, precision: OffsetTables.Precision? = nil, memoryLimit: Int = .max
    ) {
        self.network = network
        let limit = min(memoryLimit, ServingLayers.largestTables)
        let tables = BranchTables(network, precision: precision, memoryLimit: limit)
        self.tables = tables.flatMap { ServingLayers.agree($0, network) ? $0 : nil }
        shortText =
            network.graph.length != nil
            ? 0
            : (0..<ServingLayers.longestShortText).first { network.graph.work(length: $0) != nil }
                ?? ServingLayers.longestShortText
    }

    /// Bytes of tables at most: larger ones would not be read faster than layers are computed.
    private static let largestTables = 2 << 30

    /// Whether tables agree with the layers on texts of random ids.
    private static func agree(_ tables: BranchTables, _ network: LayerNetwork) -> Bool {
        var random = RandomSource(seed: 1)
        let lengths = network.graph.length.map { [$0, $0, $0] } ?? [3, 12, 70]
        return lengths.enumerated().allSatisfy { number, length in
            // The first text is padding but for some ids.
            let ids = (0..<length).map { position in
                number == 0 && position > 4
                    ? 0 : Int32(random.nextIndex(below: network.graph.vocabulary))
            }
            let plain = network.value(of: [ids])
            let found = tables.value(of: [ids])
            guard let plain, let found else { return plain == nil && found == nil }
            let allowed: Float =
                switch tables.precision {
                case nil: ServingLayers.allowed
                case .int16: 0.05
                case .int8: 5
                }
            return zip(plain.numbers, found.numbers).allSatisfy { one, other in
                abs(one - other) <= allowed * max(1, abs(one)) || !one.isFinite
            }
        }
    }

    /// Whether tables serve.
    public var usesTables: Bool { tables != nil }

    /// How many texts are best computed together.
    ///
    /// Layers read their weights once for all texts of a batch; tables gain nothing.
    public var batchLimit: Int { tables == nil ? network.batchLimit : 1 }

    /// The outputs for texts, `[outputs]` each; nil for a text that has no number.
    ///
    /// The same ids give the same bits alone and among others, on every thread.
    public func outputs(_ texts: [[Int32]]) -> [[Float]?] {
        guard let tables else { return network.outputs(texts) }
        var results = [[Float]?](repeating: nil, count: texts.count)
        let groups = Dictionary(grouping: texts.indices) { texts[$0].count }
        for group in groups.values {
            guard let value = tables.value(of: group.map { texts[$0] }) else { continue }
            for (position, index) in group.enumerated() {
                let row = value.numbers[(position * value.size)..<((position + 1) * value.size)]
                if row.allSatisfy(\.isFinite) { results[index] = Array(row) }
            }
        }
        return results
    }
}

extension ServingLayers: CustomStringConvertible {
    /// For the log: `float32 tables of 12 MB, avx512`, or `layers`.
    public var description: String {
        guard let tables else { return "layers" }
        let precision = tables.precision.map { "\($0)" } ?? "float32"
        return "\(precision) tables of \(tables.bytes / 1_000_000) MB, "
            + "\(OffsetTables.VectorUnit.best)"
    }
}
