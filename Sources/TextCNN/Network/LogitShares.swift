/// The contributions of a message's tokens to one of its logits.
///
/// After global max pooling each filter stands for one window of tokens. A linear head adds the
/// filters up. A hidden layer of rectifiers is linear at one message as well: active units pass
/// their sums on, the others pass nothing. So the shares of all windows and the base add up to the
/// logit exactly. With a hidden layer this holds for the message as it is; without some of its
/// tokens other units may be active. The contributions of the linear term's words and pairs are
/// added to the windows of the same tokens.
public struct LogitShares: Sendable, Equatable {
    /// Tokens `start..<(start + width)` of the message, and their contribution.
    public struct Window: Sendable, Equatable {
        /// The index of the first token.
        public var start: Int
        /// The number of tokens.
        public var width: Int
        /// The contribution to the logit, before calibration.
        public var share: Double
    }

    /// The logit without any window: biases, as far as this message activates them.
    public var base: Double
    /// One for each stretch of tokens that some filter selected, by start and width.
    public var windows: [Window]

    /// The tokens of the segment that decides, as ranges of the message; nil when the whole message
    /// does.
    public var segment: [Range<Int>]?

    /// False when the shares are slopes and not parts of the logit itself.
    public var isExact = true

    /// Shares found in another way.
    init(base: Double, windows: [Window], isExact: Bool) {
        self.base = base
        self.windows = windows
        self.isExact = isExact
    }

    /// The sum of the base and all shares.
    public var logit: Double { windows.reduce(base) { $0 + $1.share } }

    /// Attributes a logit to windows.
    ///
    /// Of a network that scores by segments the windows are those of the segment that decides.
    ///
    /// - Parameters:
    ///   - network: the network that serves.
    ///   - ids: the message.
    ///   - label: the index of the logit.
    ///   - deciding: the windows that the logit rests on.
    init(
        _ network: Network, _ ids: [Int32], label: Int, deciding: DecidingWindows
    ) {
        let parameters = network.parameters
        let shape = parameters.shape
        let values = network.features(deciding.best.sums)
        let (slopes, constant) = LogitShares.slopes(parameters, values, label)
        // Start and width in one key; a pair of the linear term has width 2.
        let widest = 1 + max(2, shape.widths.max() ?? 0)
        base = constant - Double(deciding.deduction)
        segment = deciding.isPart ? deciding.ranges : nil
        // By key; not a number where no filter selected a window.
        var shares = [Double](repeating: .nan, count: (ids.count + 1) * widest)
        func add(_ share: Double, _ start: Int, _ width: Int) {
            let key = start * widest + width
            shares[key] = shares[key].isNaN ? share : shares[key] + share
        }
        for feature in values.indices {
            let silent = parameters.silentFeature(feature)
            base += slopes[feature] * Double(silent)
            guard let start = deciding.best.starts[feature] else { continue }
            let width = min(shape.widths[feature / shape.filters], ids.count - start)
            let gain = slopes[feature] * (Double(values[feature]) - Double(silent))
            add(gain, start, width)
        }
        if let linear = network.linear {
            base += Double(linear.bias)
            for window in linear.windows(ids, deciding.ranges) {
                add(window.share, window.start, window.width)
            }
        }
        for fact in network.segmentation?.author?.shares(ids[deciding.facts]) ?? [] {
            add(Double(fact.share), fact.index, 1)
        }
        windows = shares.indices.lazy.filter { !shares[$0].isNaN }.map { key in
            Window(start: key / widest, width: key % widest, share: shares[key])
        }
    }

    /// The logit as `constant + Σ slope · feature`, which holds at this message; slopes
    /// `[features]`.
    private static func slopes(
        _ parameters: Parameters, _ features: [Float], _ label: Int
    ) -> (slopes: [Double], constant: Double) {
        let shape = parameters.shape
        let output = parameters.output[(label * shape.headInputs)...].prefix(shape.headInputs)
        var constant = Double(parameters.outputBias[label])
        guard shape.hidden > 0 else { return (output.map(Double.init), constant) }
        var slopes = [Double](repeating: 0, count: shape.features)
        let sums = Network.dense(features, parameters.hidden, parameters.hiddenBias)
        for (unit, weight) in output.enumerated() where sums[unit] > 0 {
            constant += Double(weight) * Double(parameters.hiddenBias[unit])
            let row = (unit * shape.features)..<((unit + 1) * shape.features)
            precondition(row.upperBound <= parameters.hidden.count)
            add(Double(weight), parameters.hidden, from: row.lowerBound, to: &slopes, row.count)
        }
        return (slopes, constant)
    }

    /// Adds `factor · values[from...]` to `count` numbers; both must hold as many.
    ///
    /// Pointers let the compiler turn the loop into vector code.
    private static func add(
        _ factor: Double, _ values: UnsafePointer<Float>, from: Int,
        to sum: UnsafeMutablePointer<Double>, _ count: Int
    ) {
        for index in 0..<count { sum[index] += factor * Double(values[from + index]) }
    }
}

extension Parameters {
    /// The value of a pooled feature when no window of the message has a sum above 0.
    func silentFeature(_ feature: Int) -> Float { max(0, kernelBias[feature]) }
}

/// The windows that a message's logit rests on.
struct DecidingWindows {
    /// The best windows, of the whole message or of the segment that decides.
    var best: BestWindows
    /// The parts of the message that count.
    var ranges: [Range<Int>]
    /// Whether these are a segment of several.
    var isPart: Bool
    /// What is taken off their logit.
    var deduction: Float
    /// All facts of the message, those that the network does not read first.
    var facts: Range<Int>

    /// - Parameters:
    ///   - network: the network that serves.
    ///   - ids: the message.
    ///   - features: the pooled features of parts of the message, `[parts, features]`.
    ///   - find: the best windows that begin in a range.
    init(
        _ network: Network, _ ids: [Int32], features: ([Range<Int>]) -> [Float],
        find: (Range<Int>) -> BestWindows
    ) {
        let score = network.segmentation.map {
            network.segmentScore(ids, $0, features: features)
        }
        ranges = score?.ranges ?? [ids.indices]
        isPart = (score?.segments ?? 1) > 1
        deduction = score?.deduction ?? 0
        facts = score?.facts ?? 0..<0
        best = find(ranges[0])
        for range in ranges.dropFirst() { best.raise(to: find(range)) }
    }
}

extension ServingNetwork {
    /// Attributes a logit to the tokens of the message, from the same sums that serve.
    ///
    /// - Parameters:
    ///   - ids: fewer than 65,536.
    ///   - label: the index of the logit, in `0..<outputs`.
    /// - Returns: the share of each window.
    public func shares(_ ids: [Int32], label: Int = 0) -> LogitShares {
        LogitShares(network, ids, label: label, deciding: decidingWindows(ids))
    }

    /// The tokens of the segment that decides, as ranges of the message; nil for a network that
    /// reads messages as a whole, and for a message that is one segment.
    public func decidingSegment(_ ids: [Int32]) -> [Range<Int>]? {
        guard let segmentation = network.segmentation,
            segmentation.parts(of: ids).segmentCount > 1
        else { return nil }
        return withWindows(of: ids) { features, _ in
            network.segmentScore(ids, segmentation, features: features).ranges
        }
    }

    /// The logits when only some windows may contribute.
    ///
    /// A filter whose best window is not kept counts as one that matched nothing, and a word or
    /// pair of the linear term that is not kept adds nothing. Of a network that scores by segments
    /// the one that decides is scored again.
    ///
    /// - Parameters:
    ///   - ids: fewer than 65,536.
    ///   - isKept: whether the window of the tokens with these indices may contribute.
    /// - Returns: one logit for each label, `[outputs]`.
    public func logits(_ ids: [Int32], keeping isKept: (Range<Int>) -> Bool) -> [Float] {
        let shape = network.parameters.shape
        let deciding = decidingWindows(ids)
        var features = network.features(deciding.best.sums)
        for (feature, start) in deciding.best.starts.enumerated() {
            guard let start else { continue }
            let end = min(start + shape.widths[feature / shape.filters], ids.count)
            if !isKept(start..<end) {
                features[feature] = network.parameters.silentFeature(feature)
            }
        }
        var logits = network.head(features)
        if let linear = network.linear {
            logits[0] += linear.windows(ids, deciding.ranges).reduce(linear.bias) { sum, window in
                let words = window.start..<(window.start + window.width)
                return isKept(words) ? sum + Float(window.share) : sum
            }
        }
        if deciding.deduction != 0 { logits[0] -= deciding.deduction }
        if let author = network.segmentation?.author {
            logits[0] += author.sum(
                deciding.facts.filter { isKept($0..<($0 + 1)) }.map { ids[$0] })
        }
        return logits
    }

    private var network: Network {
        switch backend {
        case .tables(let tables): tables.network
        case .plain(let network): network
        }
    }

    private func decidingWindows(_ ids: [Int32]) -> DecidingWindows {
        withWindows(of: ids) { DecidingWindows(network, ids, features: $0, find: $1) }
    }

    /// Calls `body` with what finds the pooled features of parts of a message, and the best windows
    /// of a part, which takes longer.
    private func withWindows<Result>(
        of ids: [Int32],
        _ body: (
            _ features: ([Range<Int>]) -> [Float], _ find: (Range<Int>) -> BestWindows
        ) -> Result
    ) -> Result {
        switch backend {
        case .tables(let tables):
            return body({ tables.features(ids, $0) }, { tables.windows(ids, $0) })
        case .plain(let network):
            let products = network.products(ids)
            return body(
                { network.features(ids, $0, products) }, { network.windows(ids, $0, products) })
        }
    }
}
