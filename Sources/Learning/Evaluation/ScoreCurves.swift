/// What a report's plots show.
public struct ScoreCurves: Codable, Sendable {
    public struct Point: Codable, Sendable, Equatable {
        public var x: Double
        public var y: Double
    }

    /// Messages of one range of probabilities.
    public struct Bin: Codable, Sendable, Equatable {
        public var low: Double
        public var high: Double
        public var ham: Int
        public var spam: Int
        public var meanProbability: Double

        enum CodingKeys: String, CodingKey {
            case low, high, ham, spam
            case meanProbability = "mean_probability"
        }

        /// Share of spam; nil for an empty bin.
        public var frequency: Double? {
            ham + spam > 0 ? Double(spam) / Double(ham + spam) : nil
        }
    }

    /// False-positive rate and recall.
    public var roc: [Point] = []
    /// Recall and precision.
    public var precisionRecall: [Point] = []
    /// Ten for calibration.
    public var calibration: [Bin]
    /// Twenty for the histogram.
    public var histogram: [Bin]

    enum CodingKeys: String, CodingKey {
        case roc, calibration, histogram
        case precisionRecall = "precision_recall"
    }

    init(_ outcomes: [Outcome]) {
        calibration = ScoreCurves.bins(outcomes, 10)
        histogram = ScoreCurves.bins(outcomes, 20)
        let spam = outcomes.count(where: \.isSpam)
        let ham = outcomes.count - spam
        guard spam > 0, ham > 0 else { return }
        let sorted = outcomes.sorted { $0.probability > $1.probability }
        roc.append(Point(x: 0, y: 0))
        var found = 0
        var wrong = 0
        var index = 0
        while index < sorted.count {
            // Equal scores are one step.
            let step = sorted[index...].prefix { $0.probability == sorted[index].probability }
            index = step.endIndex
            found += step.count(where: \.isSpam)
            wrong += step.count { !$0.isSpam }
            let recall = Double(found) / Double(spam)
            ScoreCurves.append(Point(x: Double(wrong) / Double(ham), y: recall), to: &roc)
            // Between two spam precision bends: every thousandth of recall shows that well.
            let precision = Double(found) / Double(found + wrong)
            if let last = precisionRecall.last, recall - last.x < 0.001, index < sorted.count,
                abs(precision - last.y) < 0.002
            {
                continue
            }
            precisionRecall.append(Point(x: recall, y: precision))
        }
    }

    /// A point in line with the two before it takes the last one's place.
    private static func append(_ point: Point, to curve: inout [Point]) {
        if curve.count > 1 {
            let (last, before) = (curve[curve.count - 1], curve[curve.count - 2])
            if last.x == before.x && point.x == last.x || last.y == before.y && point.y == last.y {
                curve.removeLast()
            }
        }
        curve.append(point)
    }

    private static func bins(_ outcomes: [Outcome], _ count: Int) -> [Bin] {
        var sums = [Double](repeating: 0, count: count)
        var bins = (0..<count).map {
            Bin(
                low: Double($0) / Double(count), high: Double($0 + 1) / Double(count), ham: 0,
                spam: 0, meanProbability: 0)
        }
        for outcome in outcomes where outcome.probability.isFinite {
            let place = min(count - 1, max(0, Int(outcome.probability * Double(count))))
            if outcome.isSpam { bins[place].spam += 1 } else { bins[place].ham += 1 }
            sums[place] += outcome.probability
        }
        for place in bins.indices where bins[place].ham + bins[place].spam > 0 {
            bins[place].meanProbability = sums[place] / Double(bins[place].ham + bins[place].spam)
        }
        return bins
    }
}
