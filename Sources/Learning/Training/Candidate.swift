import Corpora
import Models
import TextCNN

/// A trained network with everything that is chosen on dev: the precision of its tables, its
/// calibration and its thresholds.
struct Candidate {
    /// The trained network.
    let network: Network
    /// The labels, in the order of the logits.
    let labels: [String]
    /// The precision of the serving tables, and the reason for it.
    let tables: TableChoice
    /// Turns logits into probabilities.
    let calibration: Calibration
    /// The thresholds of a spam filter; empty for other labels.
    let thresholds: [String: Threshold]
    /// The threshold of several independent labels; nil for other kinds.
    let labelThreshold: Double?
    private let labelling: Labelling
    private let serving: ServingNetwork

    private typealias Scored = [(logits: [Float], targets: [Float])]

    /// Scores the dev part, once for each kind of table, and fits everything that is chosen on it.
    ///
    /// - Parameters:
    ///   - network: the trained network.
    ///   - data: its `dev` part is used alone.
    ///   - labelling: the kind of labels.
    ///   - doubtful: paths of messages that don't count when thresholds are chosen.
    ///   - leastTag: the least probability of the tag threshold.
    /// - Returns: the network with tables, calibration and thresholds.
    static func fit(
        _ network: Network, _ data: EncodedData, _ labelling: Labelling,
        doubtful: Set<String> = [], leastTag: Double = Threshold.leastTagProbability
    ) -> Candidate {
        let (tables, logits) = TableChoice.measure(
            network, labelling.head, on: data.dev.map(\.example))
        let dev = zip(logits, data.dev.map(\.example.targets)).map { (logits: $0, targets: $1) }
        let calibration = calibration(dev, labelling)
        return Candidate(
            network: network, labels: data.labels, tables: tables, calibration: calibration,
            thresholds: labelling == .spam
                ? thresholds(
                    ThresholdMail(
                        zip(data.dev, logits).map { ($0, calibration.probability($1[0])) },
                        doubtful: doubtful), leastTag)
                : [:],
            labelThreshold: labelling == .several ? labelThreshold(dev, calibration) : nil,
            labelling: labelling,
            serving: ServingNetwork(network, precision: tables.chosen))
    }

    private static func calibration(_ dev: Scored, _ labelling: Labelling) -> Calibration {
        switch labelling {
        case .exclusive: Calibration(fittingScaleOf: dev, head: .softmax)
        case .several, .spam:
            Calibration(
                fitting: dev.flatMap { message in
                    zip(message.logits, message.targets).map { (logit: $0, isSpam: $1 > 0.5) }
                })
        }
    }

    private static func thresholds(
        _ mail: ThresholdMail, _ leastTag: Double
    ) -> [String: Threshold] {
        [
            "tag": Threshold(
                falsePositiveRate: Threshold.tagFalsePositiveRate,
                minimum: leastTag, scored: mail.scored),
            "reject": Threshold(
                falsePositiveRate: Threshold.rejectFalsePositiveRate,
                minimum: Threshold.leastRejectProbability, scored: mail.scored),
        ]
    }

    /// The probability with the best micro-F1, among the twentieths from 0.1 to 0.9.
    private static func labelThreshold(_ dev: Scored, _ calibration: Calibration) -> Double {
        let decisions = dev.flatMap { message in
            zip(message.logits, message.targets).map { (calibration.probability($0), $1 > 0.5) }
        }
        let all = decisions.count(where: \.1)
        func f1(_ threshold: Double) -> Double {
            let predicted = decisions.filter { $0.0 >= threshold }
            return 2 * Double(predicted.count(where: \.1)) / Double(max(predicted.count + all, 1))
        }
        return stride(from: 0.1, through: 0.9, by: 0.05).max { f1($0) < f1($1) } ?? 0.5
    }

    /// Measures the model on a part of the data.
    ///
    /// - Parameters:
    ///   - entries: the messages of the part.
    ///   - part: its name, for the report.
    ///   - configuration: the model's.
    /// - Returns: nil when the part is empty.
    func measure(
        _ entries: [EncodedData.Entry], _ part: DataSplit, _ configuration: ModelConfiguration
    ) -> PartMeasures? {
        guard !entries.isEmpty else { return nil }
        let serving = self.serving
        let logits = Parallel.map(entries) { serving.logits($0.example.ids) }
        if labelling == .spam {
            return .spam(
                Evaluation(
                    zip(entries, logits).map { entry, logits in
                        Outcome(
                            set: entry.item.set, path: entry.item.path,
                            isSpam: entry.item.isSpam,
                            probability: calibration.probability(logits[0]))
                    }, model: configuration.id, part: part,
                    tag: thresholds["tag"]?.probability, seconds: nil))
        }
        let judge = LabelJudge(configuration)
        let judged = zip(entries, logits).map { entry, logits in
            (
                predicted: Set(judge.labels(logits)),
                truth: Set(labelling.names(of: entry.item.label))
            )
        }
        return .labels(
            LabelEvaluation(
                model: configuration.id, part: part,
                measures: LabelMeasures(judged, labels: labels)))
    }
}
