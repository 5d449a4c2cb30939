import Glibc

/// Trains a ``LinearTerm``: logistic regression with an L2 penalty.
///
/// It minimises `½ (‖w‖² + b²) + Σ cost · ln(1 + e^(−sign · logit))` by coordinate ascent on the
/// dual problem (Yu, Huang and Lin 2011, Dual coordinate descent methods for logistic regression
/// and maximum entropy models). The same data, options and seed give the same bits.
public struct LinearTrainer {
    /// Options of the linear term.
    public struct Options: Codable, Sendable, Equatable {
        /// The weight of the term in the logit, from 0 to below 1.
        ///
        /// The network has the rest; 0 for no linear term.
        public var share: Float = 0.4
        /// The inverse strength of the penalty (C): larger values fit the training mail more
        /// closely.
        public var cost: Float = 30
        /// The number of buckets, as a power of two.
        public var bits = 18
        /// The largest number of rounds over the messages.
        public var rounds = 20

        /// The defaults.
        public init() {}
    }

    private struct Row {
        var buckets: [UInt32]
        /// 1 divided by the length of the message's values before scaling.
        var scale: Float
        /// 1 for spam, else -1.
        var sign: Double
        /// The options' cost times the weight of the message.
        var cost: Double
        /// The dual variable of the message, in `0...cost`.
        var dual = 0.0
    }

    /// Training ends after a round in which no dual variable moves by more than this share of its
    /// cost.
    private static let tolerance = 0.001
    /// Added to the seed, so that the network and its linear term shuffle differently: "line".
    private static let seedOffset: UInt64 = 0x6C69_6E65

    private let options: Options
    private let rarity: [Float]
    private var rows: [Row]
    private var weights: [Double]
    private var bias = 0.0

    /// Trains a term.
    ///
    /// - Parameters:
    ///   - examples: with one target each.
    ///   - options: cost, buckets and rounds; the share is the caller's to apply.
    ///   - seed: of the order in which messages are visited.
    ///   - isWanted: false for a bucket that counts for nothing because of where it occurs: the
    ///     number of messages with it, by data set; nil if all count.
    /// - Returns: a term whose logit is not yet scaled by the share.
    public static func train(
        _ examples: [TrainingExample], options: Options, seed: UInt64,
        where isWanted: ((_ messages: [Int32]) -> Bool)? = nil
    ) -> LinearTerm {
        var trainer = LinearTrainer(examples, options, isWanted)
        var random = RandomSource(seed: seed &+ seedOffset)
        var order = Array(trainer.rows.indices)
        for _ in 0..<options.rounds {
            random.shuffle(&order)
            var largest = 0.0
            for index in order { largest = max(largest, trainer.improve(index)) }
            if largest < tolerance { break }
        }
        return LinearTerm(
            weights: trainer.weights.map(Float.init), rarity: trainer.rarity,
            bias: Float(trainer.bias))
    }

    private init(
        _ examples: [TrainingExample], _ options: Options, _ isWanted: (([Int32]) -> Bool)?
    ) {
        self.options = options
        let bits = options.bits
        let buckets = examples.map { LinearTerm.buckets(of: $0.ids, bits: bits) }
        var messages = [Int32](repeating: 0, count: 1 << bits)
        for bucket in buckets.joined() { messages[Int(bucket)] += 1 }
        var rarity = messages.map { 1 + logf(Float(1 + examples.count) / Float(1 + $0)) }
        if let isWanted {
            let sources = LinearTrainer.sources(of: buckets, examples, bits: bits)
            for bucket in rarity.indices where !isWanted(sources(bucket)) { rarity[bucket] = 0 }
        }
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

    /// The messages with a bucket, by data set.
    private static func sources(
        of buckets: [[UInt32]], _ examples: [TrainingExample], bits: Int
    ) -> (_ bucket: Int) -> [Int32] {
        let count = Int(examples.map(\.source).max() ?? 0) + 1
        var messages = [Int32](repeating: 0, count: count << bits)
        for (example, buckets) in zip(examples, buckets) {
            for bucket in buckets { messages[Int(bucket) * count + Int(example.source)] += 1 }
        }
        return { bucket in Array(messages[(bucket * count)..<((bucket + 1) * count)]) }
    }

    /// Sets the dual variable of one message to its best value while the others are fixed; returns
    /// its change as a share of the cost.
    private mutating func improve(_ index: Int) -> Double {
        let row = rows[index]
        guard row.cost > 0 else { return 0 }
        var sum = 0.0
        for bucket in row.buckets { sum += weights[Int(bucket)] * Double(rarity[Int(bucket)]) }
        let margin = row.sign * (sum * Double(row.scale) + bias)
        // The squared length of the scaled values, and 1 for the bias, a value of 1 in every
        // message.
        let square = (row.buckets.isEmpty ? 0.0 : 1.0) + 1
        let dual = LinearTrainer.bestDual(
            row.dual, margin: margin, square: square, cost: row.cost)
        let change = (dual - row.dual) * row.sign
        rows[index].dual = dual
        bias += change
        let step = change * Double(row.scale)
        for bucket in row.buckets { weights[Int(bucket)] += step * Double(rarity[Int(bucket)]) }
        return abs(change) / row.cost
    }

    /// The dual variable at which the objective is largest.
    ///
    /// With `dual = cost · σ(t)` the derivative of the objective by the dual variable vanishes
    /// where `t + margin + square · (cost · σ(t) − old) = 0`. The left side rises with t, so
    /// Newton's steps, kept between bounds, find its one root.
    private static func bestDual(
        _ old: Double, margin: Double, square: Double, cost: Double
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
