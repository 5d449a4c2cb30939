import Corpora
import Models
import TextCNN

extension DataSet {
    /// A sample of the train part: each data set and label by the square root of its size, as they
    /// weigh in training, so that large sets don't crowd out the rest.
    ///
    /// - Parameters:
    ///   - size: messages at most.
    ///   - seed: the same data, size and seed give the same sample.
    /// - Returns: the sample, in random order.
    public func reservoir(size: Int, seed: UInt64) -> Reservoir {
        let train = part(.train)
        let strata = Dictionary(grouping: train.indices) { "\(train[$0].set)\t\(train[$0].label)" }
            .sorted { $0.key < $1.key }.map(\.value)
        let counts = DataSet.shares(of: size, among: strata.map(\.count))
        var random = RandomSource(seed: seed)
        var chosen: [Int] = []
        for (indices, count) in zip(strata, counts) {
            var indices = indices
            random.shuffle(&indices)
            chosen += indices.prefix(count)
        }
        random.shuffle(&chosen)
        return Reservoir(
            chosen.map { index in
                let item = train[index]
                return Reservoir.Message(
                    set: item.set, label: item.label, date: item.date, tokens: item.tokens)
            })
    }

    /// Divides a size by the square roots of the counts; what a small stratum lacks goes to the
    /// others.
    static func shares(of size: Int, among counts: [Int]) -> [Int] {
        var shares = [Int](repeating: 0, count: counts.count)
        var rest = min(size, counts.reduce(0, +))
        // Each round fills a stratum or hands out all but the remainders of a division.
        while rest > 0 {
            let open = counts.indices.filter { shares[$0] < counts[$0] }
            let roots = open.map { Double(counts[$0]).squareRoot() }
            let sum = roots.reduce(0, +)
            let round = rest
            for (index, root) in zip(open, roots) where rest > 0 {
                let share = max(1, Int(Double(round) * root / sum))
                let count = min(share, counts[index] - shares[index], rest)
                shares[index] += count
                rest -= count
            }
        }
        return shares
    }
}
