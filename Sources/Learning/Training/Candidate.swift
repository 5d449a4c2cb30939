import Corpora
import Models
import Scoring
import TextCNN

/// A trained network with all that dev decides: the kind of its tables, calibration and thresholds.
struct Candidate {
    let network: Network
    let labels: [String]
    let tables: TableChoice
    let calibration: Calibration
    /// Of the spam head; empty for others.
    let thresholds: [String: Threshold]
    /// Of several independent labels; nil for others.
    let labelThreshold: Double?
    private let labelling: Labelling
    private let serving: ServingNetwork

    init(_ network: Network, _ data: EncodedData, _ labelling: Labelling) {
        self.network = network
        self.labelling = labelling
        labels = data.labels
        let (tables, logits) = TableChoice.measure(
            network, labelling.head, on: data.dev.map(\.example))
        self.tables = tables
        serving = ServingNetwork(network, precision: tables.chosen)
        let dev = zip(logits, data.dev.map(\.example.targets)).map { (logits: $0, targets: $1) }
        switch labelling {
        case .exclusive:
            calibration = Calibration(fittingScaleOf: dev, head: .softmax)
            thresholds = [:]
            labelThreshold = nil
        case .several:
            let calibration = Calibration(
                fitting: dev.flatMap { entry in
                    zip(entry.logits, entry.targets).map { (logit: $0, isSpam: $1 > 0.5) }
                })
            self.calibration = calibration
            thresholds = [:]
            labelThreshold = Candidate.labelThreshold(dev, calibration)
        case .spam:
            let scored = dev.map { (logit: $0.logits[0], isSpam: $0.targets[0] > 0.5) }
            let calibration = Calibration(fitting: scored)
            self.calibration = calibration
            let probabilities = scored.map { (calibration.probability($0.logit), $0.isSpam) }
            thresholds = [
                "tag": Threshold(falsePositiveRate: 0.005, minimum: 0.9, scored: probabilities),
                "reject": Threshold(falsePositiveRate: 0.001, minimum: 0.99, scored: probabilities),
            ]
            labelThreshold = nil
        }
    }

    /// The probability that gives the best micro-F1, among twentieths.
    private static func labelThreshold(
        _ dev: [(logits: [Float], targets: [Float])], _ calibration: Calibration
    ) -> Double {
        let decisions = dev.flatMap { entry in
            zip(entry.logits, entry.targets).map { (calibration.probability($0), $1 > 0.5) }
        }
        let all = decisions.count(where: \.1)
        func f1(_ threshold: Double) -> Double {
            let said = decisions.filter { $0.0 >= threshold }
            return 2 * Double(said.count(where: \.1)) / Double(max(said.count + all, 1))
        }
        return stride(from: 0.1, through: 0.9, by: 0.05).max { f1($0) < f1($1) } ?? 0.5
    }

    /// What the model is worth on a part of the data; nil when there is none of it.
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
                        Outcome(entry.item, calibration.probability(logits[0]))
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
