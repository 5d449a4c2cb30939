import Foundation
import TextCNN

/// Whether 8-bit tables serve a model as well as 16-bit ones: measured on its dev part.
struct TableChoice: Codable, Sendable {
    /// What one kind of table does to the scores.
    struct Loss: Codable, Sendable {
        /// Of the logits, nil when dev has one label only.
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

    var chosen: OffsetTables.Entry
    /// By kind of entry.
    var losses: [String: Loss]

    /// 8 bits must cost no more than this much of the area under the ROC curve…
    static let allowedAUC = 0.0001
    /// … and of the log loss, as a share of it.
    static let allowedLogLoss = 0.01

    /// - Parameter dev: ids and label of each message.
    /// - Returns: the choice, and the logits that it gives on dev.
    static func measure(
        _ network: Network, on dev: [(ids: [Int32], isSpam: Bool)]
    ) -> (choice: TableChoice, logits: [Float]) {
        let plain = Parallel.map(dev) { network.logits($0.ids)[0] }
        var losses: [String: Loss] = [:]
        var logits: [OffsetTables.Entry: [Float]] = [:]
        for entry in OffsetTables.Entry.allCases {
            let serving = ServingNetwork(network, entry: entry)
            let own = Parallel.map(dev) { serving.logits($0.ids)[0] }
            logits[entry] = own
            losses[entry.rawValue] = Loss(
                own, plain: plain, dev,
                bytes: OffsetTables.bytes(of: network.parameters.shape, entry: entry))
        }
        let fits = losses["int8"].flatMap { small in
            losses["int16"].map { small.isAsGood(as: $0) }
        }
        let chosen: OffsetTables.Entry = fits == true ? .int8 : .int16
        return (TableChoice(chosen: chosen, losses: losses), logits[chosen] ?? plain)
    }
}

extension TableChoice.Loss {
    fileprivate init(
        _ logits: [Float], plain: [Float], _ dev: [(ids: [Int32], isSpam: Bool)], bytes: Int
    ) {
        let scored = zip(logits, dev).map { logit, message in
            (probability: Double(Network.sigmoid(logit)), isSpam: message.isSpam)
        }
        rocAUC = Measures(scored).rocAUC
        let sum = zip(logits, dev).reduce(0.0) { sum, pair in
            let margin = Double(pair.1.isSpam ? pair.0 : -pair.0)
            return sum + max(0, -margin) + log1p(exp(-abs(margin)))
        }
        logLoss = sum / Double(max(dev.count, 1))
        largestLogitDifference = zip(logits, plain).reduce(0) {
            max($0, abs(Double($1.0) - Double($1.1)))
        }
        self.bytes = bytes
    }

    fileprivate func isAsGood(as other: Self) -> Bool {
        logLoss <= other.logLoss * (1 + TableChoice.allowedLogLoss)
            && (rocAUC ?? 1) >= (other.rocAUC ?? 1) - TableChoice.allowedAUC
    }
}
