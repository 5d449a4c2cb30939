import Glibc

/// Learns the weights of a ``FactTerm`` by logistic regression on messages that a network has not
/// seen, with the network's logit as one of the variables (stacked generalisation, Wolpert 1992).
public enum FactTrainer {
    /// One message.
    public struct Row: Sendable {
        /// The logit of the network that has not seen mail like it.
        public var logit: Float
        /// The ids of its facts.
        public var facts: [Int32]
        /// Whether it is spam.
        public var isSpam: Bool
        /// The number of its data set.
        public var source: Int32

        /// A message.
        public init(logit: Float, facts: [Int32], isSpam: Bool, source: Int32) {
            self.logit = logit
            self.facts = facts
            self.isSpam = isSpam
            self.source = source
        }
    }

    /// What a weight may be, in log-odds, and what it is where nothing tells.
    public struct Prior: Sendable {
        /// What it may be.
        public var range: ClosedRange<Double>
        /// What it is expected to be: few messages change it little.
        public var expected: Double

        /// A prior, whose range has the expected weight.
        public init(_ range: ClosedRange<Double>, expected: Double = 0) {
            self.range = range
            self.expected = expected
        }
    }

    /// The factor of the squared distances from what is expected in what is minimised.
    private static let regularisation = 0.03
    /// Messages of one data set and label that count in full; more weigh as much together.
    private static let fullWeight = 100.0
    private static let mostSweeps = 500
    /// A step of a weight that ends the search.
    private static let smallStep = 1e-4
    /// Of a network whose logit says less, facts would say everything.
    private static let leastSlope = 0.05

    /// The term; nil when the messages are of one label, or the network can't tell the labels
    /// apart.
    ///
    /// - Parameters:
    ///   - rows: the messages.
    ///   - facts: the ids that get a weight.
    ///   - unread: those of them that the network does not read.
    ///   - bound: how far the facts of a message may lower its logit.
    /// - Returns: weights in units of the logit.
    public static func train(
        _ rows: [Row], of facts: [Int32: Prior], unread: Set<Int32> = [], bound: Float
    ) -> FactTerm? {
        guard Set(rows.map(\.isSpam)).count == 2 else { return nil }
        var fit = Fit(rows, weights: weights(of: rows), priors: facts)
        for _ in 0..<mostSweeps {
            if fit.sweep() < smallStep { break }
        }
        guard fit.slope >= leastSlope else { return nil }
        let range = FactTerm.weightRange
        let weights = facts.map { fact, prior in
            let weight = Float((fit.facts[fact] ?? prior.expected) / fit.slope)
            return (fact, min(max(weight, range.lowerBound), range.upperBound))
        }
        return FactTerm(
            weights: Dictionary(uniqueKeysWithValues: weights), unread: unread, bound: bound)
    }

    /// The weights of messages: data sets weigh much the same, and both labels the same.
    private static func weights(of rows: [Row]) -> [Double] {
        struct Group: Hashable {
            var source: Int32
            var isSpam: Bool
        }
        func group(_ row: Row) -> Group { Group(source: row.source, isSpam: row.isSpam) }
        let counts = Dictionary(grouping: rows, by: group).mapValues(\.count)
        var weights = rows.map { min(1, fullWeight / Double(counts[group($0)] ?? 1)) }
        for isSpam in [false, true] {
            let sum = zip(rows, weights).reduce(0) { $1.0.isSpam == isSpam ? $0 + $1.1 : $0 }
            for index in rows.indices where rows[index].isSpam == isSpam {
                weights[index] *= Double(rows.count) / (2 * sum)
            }
        }
        return weights
    }

    /// Coordinate descent: one Newton step for each variable in turn.
    private struct Fit {
        /// The weight of the network's logit.
        var slope = 1.0
        var facts: [Int32: Double] = [:]
        private var constant = 0.0
        private let logits: [Double]
        private let isSpam: [Bool]
        private let weights: [Double]
        private let ids: [Int32]
        private let priors: [Int32: Prior]
        private var holders: [Int32: [Int]] = [:]
        /// The sum of all variables of each message.
        private var sums: [Double]

        init(_ rows: [Row], weights: [Double], priors: [Int32: Prior]) {
            self.priors = priors
            logits = rows.map { Double($0.logit) }
            isSpam = rows.map(\.isSpam)
            self.weights = weights
            for (index, row) in rows.enumerated() {
                for fact in Set(row.facts) { holders[fact, default: []].append(index) }
            }
            ids = holders.keys.sorted()
            sums = logits
        }

        /// Moves each variable once; returns the longest step.
        mutating func sweep() -> Double {
            let all = Array(logits.indices)
            var longest = 0.0
            let any = Prior(-.infinity ... .infinity)
            let constantStep = step(all, from: constant, any, 0) { _ in 1 }
            constant += constantStep
            let logits = self.logits
            let slopeStep = step(all, from: slope, any, 0) { logits[$0] }
            slope += slopeStep
            longest = max(abs(constantStep), abs(slopeStep))
            for id in ids {
                let weight = facts[id] ?? 0
                let factStep = step(
                    holders[id] ?? [], from: weight, priors[id] ?? any, regularisation
                ) { _ in 1 }
                facts[id] = weight + factStep
                longest = max(longest, abs(factStep))
            }
            return longest
        }

        /// The Newton step of one variable, already added to the sums.
        private mutating func step(
            _ indices: [Int], from weight: Double, _ prior: Prior, _ regularisation: Double,
            value: (Int) -> Double
        ) -> Double {
            let count = Double(logits.count)
            var slope = regularisation * (weight - prior.expected) * count
            var curvature = regularisation * count + 1e-6
            for index in indices {
                let probability = 1 / (1 + exp(-sums[index]))
                let x = value(index)
                slope += weights[index] * x * (probability - (isSpam[index] ? 1 : 0))
                curvature += weights[index] * x * x * probability * (1 - probability)
            }
            // Far from the minimum a whole step may lead beyond it.
            let wanted = weight + min(max(-slope / curvature, -1), 1)
            let step = min(max(wanted, prior.range.lowerBound), prior.range.upperBound) - weight
            for index in indices { sums[index] += step * value(index) }
            return step
        }
    }
}
