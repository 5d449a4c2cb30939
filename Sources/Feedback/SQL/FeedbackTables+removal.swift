import Foundation

extension FeedbackTables {
    /// Removes labels as if they had never been given, and overwrites their bytes on disk.
    func remove(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        let removal = try engine.write { try remove(selection.condition, $0) }
        if removal.count > 0 { engine.didRemoveLabels() }
        return removal
    }

    /// Removes the labels of which a condition is true.
    func remove(_ condition: LabelCondition, _ db: any SQLSession) throws -> LabelRemoval {
        var ledger = try LabelLedger(db, options: options)
        let entries = try selected(condition, db)
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
            count: entries.count, active: active, newLabels: try FeedbackTables.newLabels(db),
            revision: ledger.revision)
    }

    /// Lets held labels count.
    func confirm(_ selection: LabelSelection) throws(FeedbackError) -> LabelRemoval {
        try engine.write { try confirm(selection.condition, $0) }
    }

    /// Lets the held ones of the labels count of which a condition is true.
    func confirm(_ condition: LabelCondition, _ db: any SQLSession) throws -> LabelRemoval {
        var ledger = try LabelLedger(db, options: options)
        let held = try selected(condition, db).filter { $0.admission == .held }
            .sorted { $0.given < $1.given }
        let count = try ledger.release(held, as: .confirmed)
        try ledger.finish()
        var active = 0
        for entry in held {
            active += Int(
                try db.number(
                    "SELECT COUNT(*) FROM label WHERE id = ? AND state = 'active'", [entry.id]))
        }
        return LabelRemoval(
            count: count, active: active, newLabels: try FeedbackTables.newLabels(db),
            revision: ledger.revision)
    }

    private func selected(
        _ condition: LabelCondition, _ db: any SQLSession
    ) throws -> [LabelEntry] {
        try db.rows(
            "SELECT \(LabelEntry.columns) FROM label WHERE \(condition.sql)", condition.arguments
        ).map { try LabelEntry($0) }
    }
}

/// Which rows of the table of labels, in SQL.
struct LabelCondition {
    var sql: String
    var arguments: SQLArguments

    /// The same, without labels that were given after a time, or given again.
    func given(until time: Int64) -> LabelCondition {
        LabelCondition(
            sql: "\(sql) AND time <= ? AND said <= ?", arguments: arguments + [time, time])
    }
}

extension LabelSelection {
    /// The selection as a condition of SQL.
    var condition: LabelCondition {
        func condition(_ sql: String, _ arguments: SQLArguments) -> LabelCondition {
            LabelCondition(sql: sql, arguments: arguments)
        }
        return switch self {
        case .all: condition("1 = 1", [])
        case .message(let digest): condition("digest = ?", [Data(digest.bytes)])
        case .messageBy(let digest, let source):
            condition("digest = ? AND source = ?", [Data(digest.bytes), source.description])
        case .source(let source): condition("source = ?", [source.description])
        case .person(let person): condition("person = ?", [person.lowercased()])
        case .mailbox(let mailbox): condition("mailbox = ?", [mailbox])
        case .time(let range):
            condition("time BETWEEN ? AND ?", [range.lowerBound, range.upperBound])
        case .before(let time): condition("time < ?", [time])
        }
    }
}
