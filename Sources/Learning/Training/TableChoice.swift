import Foundation
import TextCNN

/// Whether 8-bit tables serve a model as well as 16-bit ones: measured on its dev part.
struct TableChoice: Codable, Sendable {
    /// What one kind of table does to the scores.
    struct Loss: Codable, Sendable {
        /// Of the first label's logits, nil when dev has one of its values only.
        var rocAUC: Double?
        var logLoss: Double
        /// Against the plain network, over all dev messages.
        var largestLogitDifference: Double
        var bytes: Int

        enum CodingKeys: String, CodingKey {
            case bytes
            case rocAUC = "roc_auc"
            case logLoss = "log_loss"
            case largestLogitDifference = "largest_logit_difference"
        }
    }

    var chosen: OffsetTables.Precision
    /// By kind of precision.
    var losses: [String: Loss]

    /// 8 bits must cost no more than this much of the area under the ROC curve…
    static let allowedAUC = 0.0001
    /// … and of the log loss, as a share of it.
    static let allowedLogLoss = 0.01

    /// - Returns: the choice, and the logits that it gives on dev, `[messages][labels]`.
    static func measure(
        _ network: Network, _ head: Head, on dev: [TrainingExample]
    ) -> (choice: TableChoice, logits: [[Float]]) {
        let plain = Parallel.map(dev) { network.logits($0.ids) }
        var losses: [String: Loss] = [:]
        var logits: [OffsetTables.Precision: [[Float]]] = [:]
        for precision in OffsetTables.Precision.allCases {
            let serving = ServingNetwork(network, precision: precision)
            let own = Parallel.map(dev) { serving.logits($0.ids) }
            logits[precision] = own
            losses[precision.rawValue] = Loss(
                own, plain: plain, dev, head,
                bytes: OffsetTables.bytes(of: network.parameters.shape, precision: precision))
        }
        let fits = losses["int8"].flatMap { small in
            losses["int16"].map { small.isAsGood(as: $0) }
        }
        let chosen: OffsetTables.Precision = fits == true ? .int8 : .int16
        return (TableChoice(chosen: chosen, losses: losses), logits[chosen] ?? plain)
    }
}

extension TableChoice.Loss {
    fileprivate init(
        _ logits: [[Float]], plain: [[Float]], _ dev: [TrainingExample], _ head: Head, bytes: Int
    ) {
        let scored = zip(logits, dev).map { logits, message in
            (probability: head.probabilities(logits)[0], isSpam: message.targets[0] > 0.5)
        }
        rocAUC = Measures(scored).rocAUC
        let sum = zip(logits, dev).reduce(0.0) {
            $0 + head.loss($1.0, targets: $1.1.targets).loss
        }
        logLoss = sum / Double(max(dev.count, 1))
        largestLogitDifference = zip(logits, plain).reduce(0) { most, pair in
            zip(pair.0, pair.1).reduce(most) { max($0, abs(Double($1.0) - Double($1.1))) }
        }
        self.bytes = bytes
    }

    fileprivate func isAsGood(as other: Self) -> Bool {
        logLoss <= other.logLoss * (1 + TableChoice.allowedLogLoss)
            && (rocAUC ?? 1) >= (other.rocAUC ?? 1) - TableChoice.allowedAUC
    }
}
