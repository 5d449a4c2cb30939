/// How good the labels of a model with several are, against the true ones.
public struct LabelMeasures: Codable, Sendable, Equatable {
    /// Of one label.
    public struct Counts: Codable, Sendable, Equatable {
        public var truePositives = 0
        public var falsePositives = 0
        public var falseNegatives = 0

        enum CodingKeys: String, CodingKey {
            case truePositives = "tp"
            case falsePositives = "fp"
            case falseNegatives = "fn"
        }

        /// 0 for a label that is neither there nor said.
        public var f1: Double {
            let all = 2 * truePositives + falsePositives + falseNegatives
            return all > 0 ? 2 * Double(truePositives) / Double(all) : 0
        }
    }

    public var messages = 0
    /// Messages whose labels are all right.
    public var accuracy = 0.0
    /// Over all decisions, and the mean of the labels'.
    public var microF1 = 0.0
    public var macroF1 = 0.0
    public var labels: [String: Counts] = [:]

    enum CodingKeys: String, CodingKey {
        case messages, accuracy, labels
        case microF1 = "micro_f1"
        case macroF1 = "macro_f1"
    }

    /// - Parameter judged: what was said and what is true, one set of labels a message each.
    public init(_ judged: [(said: Set<String>, truth: Set<String>)], labels names: [String]) {
        var all = Counts()
        // Labels that the model doesn't know can only be missed.
        let names = Set(names).union(judged.flatMap(\.truth)).sorted()
        for name in names {
            var own = Counts()
            for (said, truth) in judged {
                switch (said.contains(name), truth.contains(name)) {
                case (true, true): own.truePositives += 1
                case (true, false): own.falsePositives += 1
                case (false, true): own.falseNegatives += 1
                case (false, false): break
                }
            }
            all.truePositives += own.truePositives
            all.falsePositives += own.falsePositives
            all.falseNegatives += own.falseNegatives
            labels[name] = own
        }
        messages = judged.count
        let right = judged.count { $0.said == $0.truth }
        accuracy = judged.isEmpty ? 0 : Double(right) / Double(judged.count)
        microF1 = all.f1
        macroF1 =
            names.isEmpty
            ? 0 : names.reduce(0) { $0 + (labels[$1]?.f1 ?? 0) } / Double(names.count)
    }
}
