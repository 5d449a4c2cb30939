/// Measures of a model of several labels: its predictions against the true labels.
public struct LabelMeasures: Codable, Sendable, Equatable {
    /// The decisions on one label.
    public struct Counts: Codable, Sendable, Equatable {
        /// Messages that have the label and got it.
        public var truePositives = 0
        /// Messages that got the label without having it.
        public var falsePositives = 0
        /// Messages that have the label and did not get it.
        public var falseNegatives = 0

        enum CodingKeys: String, CodingKey {
            case truePositives = "tp"
            case falsePositives = "fp"
            case falseNegatives = "fn"
        }

        /// The harmonic mean of precision and recall; 0 for a label that no message has or got.
        public var f1: Double {
            let all = 2 * truePositives + falsePositives + falseNegatives
            return all > 0 ? 2 * Double(truePositives) / Double(all) : 0
        }
    }

    /// Messages measured.
    public var messages = 0
    /// The share of messages whose labels are all correct.
    public var accuracy = 0.0
    /// F1 over the decisions on all labels together.
    public var microF1 = 0.0
    /// The mean of the labels' F1.
    public var macroF1 = 0.0
    /// The decisions on each label, by its name.
    public var labels: [String: Counts] = [:]

    enum CodingKeys: String, CodingKey {
        case messages, accuracy, labels
        case microF1 = "micro_f1"
        case macroF1 = "macro_f1"
    }

    /// Compares predicted labels with the true ones.
    ///
    /// - Parameters:
    ///   - judged: for each message the labels that the model predicted and those it has.
    ///   - names: the labels of the model.
    public init(
        _ judged: [(predicted: Set<String>, truth: Set<String>)], labels names: [String]
    ) {
        var all = Counts()
        // A label that the model doesn't know can only be missed.
        let names = Set(names).union(judged.flatMap(\.truth)).sorted()
        for name in names {
            var counts = Counts()
            for (predicted, truth) in judged {
                switch (predicted.contains(name), truth.contains(name)) {
                case (true, true): counts.truePositives += 1
                case (true, false): counts.falsePositives += 1
                case (false, true): counts.falseNegatives += 1
                case (false, false): break
                }
            }
            all.truePositives += counts.truePositives
            all.falsePositives += counts.falsePositives
            all.falseNegatives += counts.falseNegatives
            labels[name] = counts
        }
        messages = judged.count
        let correct = judged.count { $0.predicted == $0.truth }
        accuracy = judged.isEmpty ? 0 : Double(correct) / Double(judged.count)
        microF1 = all.f1
        macroF1 =
            names.isEmpty
            ? 0 : names.reduce(0) { $0 + (labels[$1]?.f1 ?? 0) } / Double(names.count)
    }
}
