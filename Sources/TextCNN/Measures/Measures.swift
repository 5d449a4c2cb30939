/// Measures of a spam filter: its probabilities against the true labels.
public struct Measures: Codable, Sendable, Equatable {
    /// Messages by their label and whether they reach the threshold.
    public struct Confusion: Codable, Sendable, Equatable {
        /// Spam at or above the threshold.
        public var truePositives = 0
        /// Ham at or above the threshold.
        public var falsePositives = 0
        /// Ham below the threshold.
        public var trueNegatives = 0
        /// Spam below the threshold.
        public var falseNegatives = 0

        enum CodingKeys: String, CodingKey {
            case truePositives = "tp"
            case falsePositives = "fp"
            case trueNegatives = "tn"
            case falseNegatives = "fn"
        }
    }

    /// Ham messages measured.
    public var ham = 0
    /// Spam messages measured.
    public var spam = 0
    /// The probability at which a message counts as spam in ``confusion`` and the ratios derived
    /// from it.
    public var threshold: Double
    /// Messages by label and result.
    public var confusion = Confusion()
    /// The share of messages on the correct side of the threshold.
    public var accuracy = 0.0
    /// The share of spam among the messages called spam; nil if there are none.
    public var precision: Double?
    /// The share of spam that was called spam; nil without spam.
    public var recall: Double?
    /// The harmonic mean of precision and recall; nil without spam.
    public var f1: Double?
    /// The share of ham that was called spam; nil without ham.
    public var falsePositiveRate: Double?
    /// The area under the ROC curve; nil if the set lacks one of the labels.
    public var rocAUC: Double?
    /// The recall at the lowest threshold that calls at most this share of ham spam.
    ///
    /// By the rate as text, such as `0.001`; nil if the set lacks one of the labels.
    public var recallAtFPR: [String: Double]?
    /// The mean difference between probability and frequency of spam, over ten equal bins of
    /// probability.
    public var calibrationError = 0.0
    /// Messages that were read and scored in a second; nil if that was not measured.
    public var messagesPerSecond: Double?

    enum CodingKeys: String, CodingKey {
        case ham, spam, threshold, confusion, accuracy, precision, recall, f1
        case falsePositiveRate = "false_positive_rate"
        case rocAUC = "roc_auc"
        case recallAtFPR = "recall_at_fpr"
        case calibrationError = "calibration_error"
        case messagesPerSecond = "messages_per_second"
    }

    /// The false-positive rates that ``recallAtFPR`` reports.
    public static let reportedRates = [0.001, 0.005, 0.01]

    /// Measures a set of messages.
    ///
    /// - Parameters:
    ///   - scored: the probability of spam of each message, and whether it is spam.
    ///   - threshold: the probability at which a message is called spam.
    public init(_ scored: [(probability: Double, isSpam: Bool)], threshold: Double = 0.5) {
        self.threshold = threshold
        for (probability, isSpam) in scored {
            let called = probability >= threshold
            switch (called, isSpam) {
            case (true, true): confusion.truePositives += 1
            case (true, false): confusion.falsePositives += 1
            case (false, true): confusion.falseNegatives += 1
            case (false, false): confusion.trueNegatives += 1
            }
        }
        spam = confusion.truePositives + confusion.falseNegatives
        ham = confusion.trueNegatives + confusion.falsePositives
        let correct = confusion.truePositives + confusion.trueNegatives
        accuracy = Measures.ratio(correct, scored.count) ?? 0
        precision = Measures.ratio(
            confusion.truePositives, confusion.truePositives + confusion.falsePositives)
        recall = Measures.ratio(confusion.truePositives, spam)
        if spam > 0 {
            f1 = Measures.ratio(
                2 * confusion.truePositives,
                2 * confusion.truePositives + confusion.falsePositives + confusion.falseNegatives)
        }
        falsePositiveRate = Measures.ratio(confusion.falsePositives, ham)
        calibrationError = Measures.calibrationError(scored)
        guard ham > 0, spam > 0 else { return }
        rocAUC = Measures.rocAUC(scored)
        recallAtFPR = Dictionary(
            uniqueKeysWithValues: Measures.reportedRates.map { rate in
                let cut = Measures.threshold(
                    forFalsePositiveRate: rate, ham: scored.filter { !$0.isSpam }.map(\.probability)
                )
                let found = scored.count { $0.isSpam && $0.probability > cut }
                return ("\(rate)", Double(found) / Double(spam))
            })
    }

    /// The lowest probability above which at most this share of ham lies.
    public static func threshold(forFalsePositiveRate rate: Double, ham: [Double]) -> Double {
        let sorted = ham.sorted(by: >)
        let allowed = Int(rate * Double(sorted.count))
        return allowed < sorted.count ? sorted[allowed] : 0
    }

    /// The probability that a random spam scores above a random ham, ties counting half (the
    /// Mann-Whitney statistic).
    static func rocAUC(_ scored: [(probability: Double, isSpam: Bool)]) -> Double {
        let sorted = scored.sorted { $0.probability < $1.probability }
        var rankSum = 0.0
        var spam = 0.0
        var index = 0
        while index < sorted.count {
            var end = index
            while end < sorted.count, sorted[end].probability == sorted[index].probability {
                end += 1
            }
            let rank = Double(index + 1 + end) / 2
            let positives = sorted[index..<end].count(where: \.isSpam)
            rankSum += rank * Double(positives)
            spam += Double(positives)
            index = end
        }
        let ham = Double(sorted.count) - spam
        return (rankSum - spam * (spam + 1) / 2) / (spam * ham)
    }

    private static func calibrationError(
        _ scored: [(probability: Double, isSpam: Bool)]
    ) -> Double {
        var bins = [(count: Double, sum: Double, spam: Double)](repeating: (0, 0, 0), count: 10)
        for (probability, isSpam) in scored {
            let bin = min(9, max(0, Int(probability * 10)))
            bins[bin].count += 1
            bins[bin].sum += probability
            bins[bin].spam += isSpam ? 1 : 0
        }
        let total = bins.reduce(0) { $0 + abs($1.sum - $1.spam) }
        return scored.isEmpty ? 0 : total / Double(scored.count)
    }

    private static func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
