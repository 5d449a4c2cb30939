/// The data of a report's plots.
public struct ScoreCurves: Codable, Sendable {
    /// A point of a curve.
    public struct Point: Codable, Sendable, Equatable {
        /// The horizontal coordinate, from 0 to 1.
        public var x: Double
        /// The vertical coordinate, from 0 to 1.
        public var y: Double
    }

    /// Messages of one range of probabilities.
    public struct Bin: Codable, Sendable, Equatable {
        /// The lowest probability of the range.
        public var low: Double
        /// The end of the range.
        public var high: Double
        /// Ham messages in the range.
        public var ham: Int
        /// Spam messages in the range.
        public var spam: Int
        /// The mean probability of the messages; 0 for an empty bin.
        public var meanProbability: Double

        enum CodingKeys: String, CodingKey {
            case low, high, ham, spam
            case meanProbability = "mean_probability"
        }

        /// The share of spam; nil for an empty bin.
        public var frequency: Double? {
            ham + spam > 0 ? Double(spam) / Double(ham + spam) : nil
        }
    }

    /// The ROC curve: recall by false-positive rate; empty without ham or without spam.
    public var roc: [Point] = []
    /// Precision by recall; empty without ham or without spam.
    public var precisionRecall: [Point] = []
    /// Ten bins for the calibration plot.
    public var calibration: [Bin]
    /// Twenty bins for the histogram.
    public var histogram: [Bin]

    enum CodingKeys: String, CodingKey {
        case roc, calibration, histogram
        case precisionRecall = "precision_recall"
    }

    /// Points of the precision-recall curve closer than these are left out.
    private static let recallStep = 0.001
    private static let precisionStep = 0.002

    init(_ outcomes: [Outcome]) {
        calibration = ScoreCurves.bins(outcomes, 10)
        histogram = ScoreCurves.bins(outcomes, 20)
        let spam = outcomes.count(where: \.isSpam)
        let ham = outcomes.count - spam
        guard spam > 0, ham > 0 else { return }
        let sorted = outcomes.sorted { $0.probability > $1.probability }
        roc.append(Point(x: 0, y: 0))
        var spamAbove = 0
        var hamAbove = 0
        var index = 0
        while index < sorted.count {
            // Messages with equal scores are one step.
            let step = sorted[index...].prefix { $0.probability == sorted[index].probability }
            index = step.endIndex
            spamAbove += step.count(where: \.isSpam)
            hamAbove += step.count { !$0.isSpam }
            let recall = Double(spamAbove) / Double(spam)
            ScoreCurves.append(Point(x: Double(hamAbove) / Double(ham), y: recall), to: &roc)
            // The curve changes with each message; a point for each thousandth of recall shows it
            // well.
            let precision = Double(spamAbove) / Double(spamAbove + hamAbove)
            if let last = precisionRecall.last, recall - last.x < ScoreCurves.recallStep,
                index < sorted.count,
                abs(precision - last.y) < ScoreCurves.precisionStep
            {
                continue
            }
            precisionRecall.append(Point(x: recall, y: precision))
        }
    }

    /// Appends a point; if it is in line with the two before it, it replaces the last one.
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
            let index = min(count - 1, max(0, Int(outcome.probability * Double(count))))
            if outcome.isSpam { bins[index].spam += 1 } else { bins[index].ham += 1 }
            sums[index] += outcome.probability
        }
        for index in bins.indices where bins[index].ham + bins[index].spam > 0 {
            bins[index].meanProbability = sums[index] / Double(bins[index].ham + bins[index].spam)
        }
        return bins
    }
}
