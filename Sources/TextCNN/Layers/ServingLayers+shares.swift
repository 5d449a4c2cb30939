extension ServingLayers {
    /// Attributes a logit to the ids of a text.
    ///
    /// Exact where the network ends in a maximum or mean over positions: each filter's part goes to
    /// the ids that its winning position sees. Otherwise approximate: the slope of the logit along
    /// each id's embedding row, times the row.
    ///
    /// - Parameters:
    ///   - ids: of one text.
    ///   - label: the index of the logit.
    /// - Returns: shares that add up to the logit with the base.
    public func shares(_ ids: [Int32], label: Int) -> LogitShares {
        guard let outputs = outputs([ids])[0] else {
            return LogitShares(base: 0, windows: [], isExact: false)
        }
        var shares =
            PooledShares(network, ids, label)?.shares ?? slopes(ids, label)
        // Layers and tables round differently in the last digits.
        shares.base += Double(outputs[label]) - shares.logit
        return shares
    }

    /// The step of the differences, as a share of the row.
    private static let step: Float = 0.01
    /// Stretches that get a share of their own, at most.
    private static let mostStretches = 128
    /// Multiplications of an explanation at most.
    private static let mostWork = 4_000_000_000
    /// Texts computed together.
    private static let batch = 16

    private func slopes(_ ids: [Int32], _ label: Int) -> LogitShares {
        let used = ids.indices.filter { ids[$0] != 0 }
        guard let first = used.first, let last = used.last else {
            return LogitShares(base: 0, windows: [], isExact: false)
        }
        let work = max(network.graph.work(length: ids.count) ?? 1, 1)
        let most = max(1, min(ServingLayers.mostStretches, ServingLayers.mostWork / work / 2))
        let width = (last - first + most) / most
        let stretches = stride(from: first, through: last, by: width).map {
            $0..<min($0 + width, last + 1)
        }
        var windows: [LogitShares.Window] = []
        var index = 0
        while index < stretches.count {
            let part = stretches[index..<min(index + ServingLayers.batch / 2, stretches.count)]
            let scaling = part.flatMap { range in
                [1 + ServingLayers.step, 1 - ServingLayers.step].map {
                    LayerNetwork.Scaling(positions: range, factor: $0)
                }
            }
            let texts = [[Int32]](repeating: ids, count: scaling.count)
            guard let value = network.value(of: texts, scaling: scaling) else { break }
            for (number, range) in part.enumerated() {
                let higher = value.numbers[2 * number * value.size + label]
                let lower = value.numbers[(2 * number + 1) * value.size + label]
                let share = Double(higher - lower) / Double(2 * ServingLayers.step)
                if share.isFinite {
                    windows.append(
                        LogitShares.Window(
                            start: range.lowerBound, width: range.count, share: share))
                }
            }
            index += part.count
        }
        return LogitShares(base: 0, windows: windows, isExact: false)
    }
}
