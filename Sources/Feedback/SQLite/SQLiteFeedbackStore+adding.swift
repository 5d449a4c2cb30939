import Foundation
import GRDB

extension SQLiteFeedbackStore {
    /// Stores labels in one transaction, in their order.
    public func add(_ labels: [NewLabel]) throws(FeedbackError) -> [LabelReceipt] {
        for label in labels {
            if let defect = label.defect { throw invalid(defect) }
        }
        return try changeLabels { ledger throws in
            var receipts: [LabelReceipt] = []
            for label in labels { receipts.append(try ledger.add(label)) }
            return receipts
        }
    }

    /// Labels a message by its entry in the history.
    public func add(_ label: HistoryLabel) throws(FeedbackError) -> LabelReceipt {
        let receipts = try changeLabels { ledger throws in
            let rows = try ledger.db.rows(
                "SELECT \(HistoryEntry.columns) FROM history WHERE id = ?", [label.id])
            guard let entry = try rows.first.map({ try HistoryEntry($0) }) else {
                return [LabelReceipt(outcome: .notInHistory)]
            }
            let whole = label.label(of: entry)
            if let defect = whole.defect { throw invalid(defect) }
            return [try ledger.add(whole)]
        }
        return receipts[0]
    }

    /// Replaces the features of labels.
    public func replaceFeatures(
        _ features: [Int64: LabelFeatures]
    ) throws(FeedbackError) -> Int {
        for feature in features.values {
            if let defect = feature.defect { throw invalid(defect) }
        }
        return try write { db in
            var ledger = try LabelLedger(db, options: options)
            var count = 0
            for (id, new) in features.sorted(by: { $0.key < $1.key }) {
                try db.run(
                    "UPDATE label SET feature_version = ?, features = ? WHERE id = ?",
                    [new.version, Data(new.bytes), id])
                count += db.changesCount
            }
            if count > 0 { ledger.markRewritten() }
            try ledger.finish()
            return count
        }
    }

    /// Changes labels in one transaction, and completes the receipts.
    private func changeLabels(
        _ body: (inout LabelLedger) throws -> [LabelReceipt]
    ) throws(FeedbackError) -> [LabelReceipt] {
        try write { db in
            var ledger = try LabelLedger(db, options: options)
            var receipts = try body(&ledger)
            try ledger.finish()
            let newLabels = try SQLiteFeedbackStore.newLabels(db)
            for index in receipts.indices {
                receipts[index].newLabels = newLabels
                receipts[index].revision = ledger.revision
            }
            return receipts
        }
    }
}
