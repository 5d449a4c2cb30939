import Foundation

extension FeedbackTables {
    /// Stores labels in one transaction, in their order.
    func add(_ labels: [NewLabel]) throws(FeedbackError) -> [LabelReceipt] {
        for label in labels {
            if let defect = label.defect { throw invalid(defect) }
        }
        return try engine.write { try add(labels, $0) }
    }

    /// Stores labels that have no defect.
    ///
    /// - Parameters:
    ///   - labels: in their order.
    ///   - db: the transaction.
    ///   - removals: for labels that were given some time ago, what was taken back lately; nil for
    ///     labels of now. Their sources may have labelled the messages again since: the later word
    ///     holds then.
    /// - Returns: a receipt for each.
    /// - Throws: `FeedbackError`, or the engine's error.
    func add(
        _ labels: [NewLabel], _ db: any SQLSession, late removals: LateRemovals? = nil
    ) throws -> [LabelReceipt] {
        try changeLabels(db) { ledger throws in
            var receipts: [LabelReceipt] = []
            for label in labels {
                if let removals, try removals.include(label) || ledger.isOvertaken(label) {
                    receipts.append(LabelReceipt(outcome: .overtaken, digest: label.digest))
                } else {
                    receipts.append(try ledger.add(label))
                }
            }
            return receipts
        }
    }

    /// Labels a message by its entry in the history.
    func add(_ label: HistoryLabel) throws(FeedbackError) -> LabelReceipt {
        try engine.write { try add(label, $0) }
    }

    /// Labels a message by its entry in the history; see ``add(_:_:late:)``.
    func add(
        _ label: HistoryLabel, _ db: any SQLSession, late removals: LateRemovals? = nil
    ) throws -> LabelReceipt {
        let receipts = try changeLabels(db) { ledger throws in
            let rows = try ledger.db.rows(
                "SELECT \(HistoryEntry.columns) FROM history WHERE id = ?", [label.id])
            guard let entry = try rows.first.map({ try HistoryEntry($0) }) else {
                return [LabelReceipt(outcome: .notInHistory)]
            }
            let whole = label.label(of: entry)
            if let defect = whole.defect { throw invalid(defect) }
            if let removals, try removals.include(whole) || ledger.isOvertaken(whole) {
                return [LabelReceipt(outcome: .overtaken, digest: whole.digest)]
            }
            return [try ledger.add(whole)]
        }
        return receipts[0]
    }

    /// Replaces the features of labels.
    func replaceFeatures(
        _ features: [Int64: LabelFeatures]
    ) throws(FeedbackError) -> Int {
        for feature in features.values {
            if let defect = feature.defect { throw invalid(defect) }
        }
        return try engine.write { db in
            var ledger = try LabelLedger(db, options: options)
            var count = 0
            for (id, new) in features.sorted(by: { $0.key < $1.key }) {
                count += try db.run(
                    "UPDATE label SET feature_version = ?, features = ? WHERE id = ?",
                    [new.version, Data(new.bytes), id])
            }
            if count > 0 { ledger.markRewritten() }
            try ledger.finish()
            return count
        }
    }

    /// Changes labels, and completes the receipts.
    private func changeLabels(
        _ db: any SQLSession, _ body: (inout LabelLedger) throws -> [LabelReceipt]
    ) throws -> [LabelReceipt] {
        var ledger = try LabelLedger(db, options: options)
        var receipts = try body(&ledger)
        try ledger.finish()
        let newLabels = try FeedbackTables.newLabels(db)
        for index in receipts.indices {
            receipts[index].newLabels = newLabels
            receipts[index].revision = ledger.revision
        }
        return receipts
    }
}
