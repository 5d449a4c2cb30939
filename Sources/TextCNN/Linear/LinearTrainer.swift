import Glibc

/// Learns a ``LinearTerm``: logistic regression with L2 penalty, by coordinate ascent on its dual
/// problem (Yu, Huang and Lin 2011, Dual coordinate descent methods for logistic regression and
/// maximum entropy models). The same data, options and seed give the same bits.
public struct LinearTrainer {
    /// Choices of the linear term.
    public struct Options: Codable, Sendable, Equatable {
        /// Its part of the whole logit; the network has the rest. 0 for no linear term.
        public var share: Float = 0.4
        /// What an error on a message costs beside the penalty; more fits the training mail closer.
        public var cost: Float = 30
        /// Buckets, as a power of two.
        public var bits = 18
        /// Rounds over the messages at most.
        public var rounds = 20

        public init() {}
    }

    private struct Row {
        var buckets: [UInt32]
        /// 1 over the length of the message's values.
        var scale: Float
        /// 1 for spam, else -1.
        var sign: Double
        var cost: Double
        /// The message's dual variable, in 0...cost.
        var pull = 0.0
    }

    private let options: Options
    private let rarity: [Float]
    private var rows: [Row]
    private var weights: [Double]
    private var bias = 0.0

    /// - Parameter examples: with one target each.
    public static func train(
        _ examples: [TrainingExample], options: Options, seed: UInt64
    ) -> LinearTerm {
        var trainer = LinearTrainer(examples, options)
        var random = RandomSource(seed: seed &+ 0x6C69_6E65)
        var order = Array(trainer.rows.indices)
        for _ in 0..<options.rounds {
            random.shuffle(&order)
            var largest = 0.0
            for index in order { largest = max(largest, trainer.improve(index)) }
            if largest < 0.001 { break }
        }
        return LinearTerm(
            weights: trainer.weights.map(Float.init), rarity: trainer.rarity,
            bias: Float(trainer.bias))
    }

    private init(_ examples: [TrainingExample], _ options: Options) {
        self.options = options
        let bits = options.bits
        let buckets = examples.map { LinearTerm.buckets(of: $0.ids, bits: bits) }
        var met = [Int32](repeating: 0, count: 1 << bits)
        for bucket in buckets.joined() { met[Int(bucket)] += 1 }
        let rarity = met.map { 1 + logf(Float(1 + examples.count) / Float(1 + $0)) }
        rows = zip(examples, buckets).map { example, buckets in
            let square = buckets.reduce(Float(0)) { $0 + rarity[Int($1)] * rarity[Int($1)] }
            return Row(
                buckets: buckets, scale: square > 0 ? 1 / square.squareRoot() : 0,
                sign: example.targets[0] > 0.5 ? 1 : -1,
                cost: Double(options.cost * example.weight))
        }
        self.rarity = rarity
        weights = [Double](repeating: 0, count: 1 << bits)
    }

    /// Sets one message's pull to the best value there is while the others stay.
    ///
    /// - Returns: how much it changed, as a share of its cost.
    private mutating func improve(_ index: Int) -> Double {
        let row = rows[index]
        guard row.cost > 0 else { return 0 }
        var sum = 0.0
        for bucket in row.buckets { sum += weights[Int(bucket)] * Double(rarity[Int(bucket)]) }
        let margin = row.sign * (sum * Double(row.scale) + bias)
        // The bias is a value of 1 in every message.
        let square = (row.buckets.isEmpty ? 0.0 : 1.0) + 1
        let pull = LinearTrainer.bestPull(row.pull, margin: margin, square: square, row.cost)
        let change = (pull - row.pull) * row.sign
        rows[index].pull = pull
        bias += change
        let step = change * Double(row.scale)
        for bucket in row.buckets { weights[Int(bucket)] += step * Double(rarity[Int(bucket)]) }
        return abs(change) / row.cost
    }

    /// The pull at which the message is exactly as probable as its margin says.
    ///
    /// In log-odds `t` of the pull, `pull = cost · σ(t)`, the derivative of the dual is
    /// `t + margin + square · (cost · σ(t) − old)`: it rises all the way, so Newton's steps, kept
    /// between the bounds, find the one root.
    private static func bestPull(
        _ old: Double, margin: Double, square: Double, _ cost: Double
    ) -> Double {
        var low = -margin - square * (cost - old)
        var high = -margin + square * old
        var odds = min(max(-margin, low), high)
        for _ in 0..<60 {
            let part = 1 / (1 + exp(-odds))
            let slope = odds + margin + square * (cost * part - old)
            if slope > 0 { high = odds } else { low = odds }
            let next = odds - slope / (1 + square * cost * part * (1 - part))
            let step = next > low && next < high ? next : (low + high) / 2
            if abs(step - odds) < 1e-9 { break }
            odds = step
        }
        return cost / (1 + exp(-odds))
    }
}
