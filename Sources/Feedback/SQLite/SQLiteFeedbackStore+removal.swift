import Foundation
import GRDB

extension SQLiteFeedbackStore {
    /// Removes labels as if they had never been given, and overwrites their bytes on disk.
    public func remove(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        let removal = try write { db in
            let entries = try selected(selection, db)
            var ledger = try LabelLedger(db, options: options)
            let condition = selection.condition
            try db.run("DELETE FROM label WHERE \(condition.sql)", condition.arguments)
            let active = entries.count { $0.state == .active }
            if active > 0 {
                ledger.markRewritten()
            } else if !entries.isEmpty {
                _ = ledger.nextRevision()
            }
            try ledger.withdraw(entries)
            try ledger.finish()
            return LabelRemoval(
                count: entries.count, active: active,
                newLabels: try SQLiteFeedbackStore.newLabels(db), revision: ledger.revision)
        }
        // The log still holds the removed bytes. A reader may prevent its truncation, and the
        // labels are removed all the same.
        if removal.count > 0 {
            _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        }
        return removal
    }

    /// Lets held labels count.
    public func confirm(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        try write { db in
            let held = try selected(selection, db).filter { $0.admission == .held }
                .sorted { $0.given < $1.given }
            var ledger = try LabelLedger(db, options: options)
            let count = try ledger.release(held, as: .confirmed)
            try ledger.finish()
            var active = 0
            for entry in held {
                active += Int(
                    try db.number(
                        "SELECT COUNT(*) FROM label WHERE id = ? AND state = 'active'", [entry.id]))
            }
            return LabelRemoval(
                count: count, active: active, newLabels: try SQLiteFeedbackStore.newLabels(db),
                revision: ledger.revision)
        }
    }

    private func selected(_ selection: LabelSelection, _ db: Database) throws -> [LabelEntry] {
        let condition = selection.condition
        return try db.rows(
            "SELECT \(LabelEntry.columns) FROM label WHERE \(condition.sql)", condition.arguments
        ).map { try LabelEntry($0) }
    }
}

extension LabelSelection {
    /// The selection as a condition of SQL.
    var condition: (sql: String, arguments: StatementArguments) {
        switch self {
        case .all: ("1", [])
        case .message(let digest): ("digest = ?", [Data(digest.bytes)])
        case .messageBy(let digest, let source):
            ("digest = ? AND source = ?", [Data(digest.bytes), source.description])
        case .source(let source): ("source = ?", [source.description])
        case .person(let person): ("person = ?", [person.lowercased()])
        case .mailbox(let mailbox): ("mailbox = ?", [mailbox])
        case .time(let range):
            ("time BETWEEN ? AND ?", [range.lowerBound, range.upperBound])
        case .before(let time): ("time < ?", [time])
        }
    }
}
