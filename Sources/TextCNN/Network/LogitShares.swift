/// What the words of one message add to one of its logits.
///
/// After global max pooling every filter speaks of one window of words. A linear head adds those up;
/// a hidden layer of rectifiers is, at one message, linear too: the units that are on pass their sums
/// through, the others pass nothing. So the shares of all windows and the base add up to the logit:
/// exactly, but with a hidden layer only for this message as it is, since leaving words out may
/// switch units. What the linear term adds for words and pairs is added to their windows.
public struct LogitShares: Sendable, Equatable {
    /// Words `start..<(start + width)` of the message, and what they add.
    public struct Window: Sendable, Equatable {
        public var start: Int
        public var width: Int
        public var share: Double
    }

    /// What is left when no window adds anything: biases, as far as this message switches them on.
    public var base: Double
    /// One for each stretch of words that some filter chose, by start and width.
    public var windows: [Window]

    public var logit: Double { windows.reduce(base) { $0 + $1.share } }

    /// - Parameters:
    ///   - ids: the message.
    ///   - pooled: what the filters found, `[features]`.
    ///   - starts: where, `[features]`.
    init(
        _ network: Network, _ ids: [Int32], pooled: [Float], starts: [Int?], label: Int
    ) {
        let parameters = network.parameters
        let shape = parameters.shape
        let (slopes, constant) = LogitShares.slopes(parameters, pooled, label)
        let widest = 1 + max(2, shape.widths.max() ?? 0)
        base = constant
        var shares: [Int: Double] = [:]
        for feature in pooled.indices {
            let silent = max(0, parameters.kernelBias[feature])
            base += slopes[feature] * Double(silent)
            guard let start = starts[feature] else { continue }
            let width = min(shape.widths[feature / shape.filters], ids.count - start)
            let gain = slopes[feature] * (Double(pooled[feature]) - Double(silent))
            shares[start * widest + width, default: 0] += gain
        }
        if let linear = network.linear {
            base += Double(linear.bias)
            for window in linear.windows(ids) {
                shares[window.start * widest + window.width, default: 0] += window.share
            }
        }
        windows = shares.map {
            Window(start: $0.key / widest, width: $0.key % widest, share: $0.value)
        }
        windows.sort { ($0.start, $0.width) < ($1.start, $1.width) }
    }

    /// The logit as `constant + Σ slope · feature`, which holds at this message.
    private static func slopes(
        _ parameters: Parameters, _ pooled: [Float], _ label: Int
    ) -> (slopes: [Double], constant: Double) {
        let shape = parameters.shape
        let output = parameters.output[(label * shape.headInputs)...].prefix(shape.headInputs)
        var constant = Double(parameters.outputBias[label])
        guard shape.hidden > 0 else { return (output.map(Double.init), constant) }
        var slopes = [Double](repeating: 0, count: shape.features)
        let sums = Network.dense(pooled, parameters.hidden, parameters.hiddenBias)
        for (unit, weight) in output.enumerated() where sums[unit] > 0 {
            constant += Double(weight) * Double(parameters.hiddenBias[unit])
            let row = parameters.hidden[(unit * shape.features)...].prefix(shape.features)
            add(Double(weight), row, to: &slopes)
        }
        return (slopes, constant)
    }

    /// `sum += factor · values`.
    private static func add(
        _ factor: Double, _ values: ArraySlice<Float>, to sum: inout [Double]
    ) {
        precondition(values.count == sum.count)
        // Pointers make this loop vector code; both hold as many values.
        sum.withUnsafeMutableBufferPointer { sum in
            values.withUnsafeBufferPointer { values in
                guard let sum = sum.baseAddress, let base = values.baseAddress else { return }
                for index in 0..<values.count { sum[index] += factor * Double(base[index]) }
            }
        }
    }
}

extension ServingNetwork {
    /// Why a logit is what it is, by the same sums that serve.
    ///
    /// - Parameters:
    ///   - ids: fewer than 65,536.
    ///   - label: which logit, in `0..<outputs`.
    public func shares(_ ids: [Int32], label: Int = 0) -> LogitShares {
        let (network, found) = self.found(ids)
        return LogitShares(
            network, ids, pooled: found.pooled, starts: found.starts, label: label)
    }

    /// The logits as they would be if the filters, words and pairs whose windows are not kept had
    /// found nothing.
    ///
    /// - Parameter isKept: asked with the places of a window's words.
    public func logits(_ ids: [Int32], keeping isKept: (Range<Int>) -> Bool) -> [Float] {
        let (network, found) = self.found(ids)
        let shape = network.parameters.shape
        var pooled = found.pooled
        for (feature, start) in found.starts.enumerated() {
            guard let start else { continue }
            let end = min(start + shape.widths[feature / shape.filters], ids.count)
            if !isKept(start..<end) {
                pooled[feature] = max(0, network.parameters.kernelBias[feature])
            }
        }
        var logits = network.head(pooled)
        if let linear = network.linear {
            logits[0] += linear.windows(ids).reduce(linear.bias) { sum, window in
                let words = window.start..<(window.start + window.width)
                return isKept(words) ? sum + Float(window.share) : sum
            }
        }
        return logits
    }

    private func found(_ ids: [Int32]) -> (Network, (pooled: [Float], starts: [Int?])) {
        switch way {
        case .tables(let tables): (tables.network, tables.found(ids))
        case .plain(let network): (network, network.found(ids))
        }
    }
}
