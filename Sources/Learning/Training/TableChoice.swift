import Foundation
import TextCNN

/// The precision of a model's serving tables: 8 bits if they score the dev part as well as 16 bits.
struct TableChoice: Codable, Sendable {
    /// The quality of the scores with one kind of table.
    struct Loss: Codable, Sendable {
        /// The area under the ROC curve of the first label; nil when dev lacks one of its values.
        var rocAUC: Double?
        /// The mean loss of the dev part in nats.
        var logLoss: Double
        /// The largest difference from the plain network's logits, over the first dev messages.
        var largestLogitDifference: Double
        /// The size of the table.
        var bytes: Int

        enum CodingKeys: String, CodingKey {
            case bytes
            case rocAUC = "roc_auc"
            case logLoss = "log_loss"
            case largestLogitDifference = "largest_logit_difference"
        }
    }

    /// The precision to serve with.
    var chosen: OffsetTables.Precision
    /// The quality by precision.
    var losses: [String: Loss]

    /// The largest loss of area under the ROC curve at which 8 bits are chosen.
    static let allowedAUC = 0.0001
    /// The largest increase of the log loss at which 8 bits are chosen, as a share of it.
    static let allowedLogLoss = 0.01

    /// Messages that are scored by the plain network as well, which takes fifty times as long.
    private static let comparedMessages = 500

    /// Scores the dev part with each kind of table.
    ///
    /// - Parameters:
    ///   - network: the trained network.
    ///   - head: turns logits into a loss.
    ///   - dev: the dev part.
    /// - Returns: the choice, and its logits on dev, `[messages][labels]`.
    static func measure(
        _ network: Network, _ head: Head, on dev: [TrainingExample]
    ) -> (choice: TableChoice, logits: [[Float]]) {
        let plain = Parallel.map(Array(dev.prefix(comparedMessages))) { network.logits($0.ids) }
        var losses: [String: Loss] = [:]
        var logits: [OffsetTables.Precision: [[Float]]] = [:]
        for precision in OffsetTables.Precision.allCases {
            let serving = ServingNetwork(network, precision: precision)
            let served = Parallel.map(dev) { serving.logits($0.ids) }
            logits[precision] = served
            losses[precision.rawValue] = Loss(
                served, plain: plain, dev, head,
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
        largestLogitDifference = zip(logits, plain).reduce(0) { largest, pair in
            zip(pair.0, pair.1).reduce(largest) { max($0, abs(Double($1.0) - Double($1.1))) }
        }
        self.bytes = bytes
    }

    fileprivate func isAsGood(as other: Self) -> Bool {
        logLoss <= other.logLoss * (1 + TableChoice.allowedLogLoss)
            && (rocAUC ?? 1) >= (other.rocAUC ?? 1) - TableChoice.allowedAUC
    }
}
