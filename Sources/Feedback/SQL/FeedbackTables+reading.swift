import Foundation

extension FeedbackTables {
    /// The number of the last change, of any process.
    func revision() throws(FeedbackError) -> Int64 {
        try engine.read { try $0.number("SELECT revision FROM store") }
    }

    /// What has happened to the active labels since a revision.
    func changes(
        since revision: Int64, limit: Int
    ) throws(FeedbackError) -> LabelChanges {
        try engine.read { db in
            let last = try db.number("SELECT revision FROM store")
            let rewritten = try db.number("SELECT rewritten FROM store")
            // A larger revision than ours was seen in a store that a backup has replaced.
            guard revision >= rewritten, revision <= last else { return .rewritten }
            if revision == last { return .appended([], revision: last) }
            let labels = try db.rows(
                """
                SELECT \(StoredLabel.columns(withPayload: false)) FROM label
                WHERE state = 'active' AND sequence > ? ORDER BY sequence LIMIT ?
                """, [revision, max(limit, 1)]
            ).map { try StoredLabel($0) }
            guard labels.count == max(limit, 1), let end = labels.last else {
                return .appended(labels, revision: last)
            }
            return .appended(labels, revision: end.sequence)
        }
    }

    /// Reads all active labels in their order, as they are at one moment.
    func replay(
        withPayload: Bool, _ body: (StoredLabel) -> Void
    ) throws(FeedbackError) -> Int64 {
        try engine.read { db in
            let revision = try db.number("SELECT revision FROM store")
            var last = Int64.min
            var count: Int
            repeat {
                count = 0
                try db.forEachRow(
                    """
                    SELECT \(StoredLabel.columns(withPayload: withPayload)) FROM label
                    WHERE state = 'active' AND sequence > ? ORDER BY sequence LIMIT ?
                    """, [last, FeedbackTables.pageSize]
                ) { row in
                    let label = try StoredLabel(row)
                    body(label)
                    last = label.sequence
                    count += 1
                }
            } while count == FeedbackTables.pageSize
            return revision
        }
    }

    /// Lists labels in any state, by id, with their payload.
    func labels(
        _ selection: LabelSelection, state: LabelState?, after: Int64, limit: Int
    ) throws(FeedbackError) -> [StoredLabel] {
        try engine.read { db in
            let condition = selection.condition
            return try db.rows(
                """
                SELECT \(StoredLabel.columns(withPayload: true)) FROM label
                WHERE \(condition.sql) \(state == nil ? "" : "AND state = ?") AND id > ?
                ORDER BY id LIMIT ?
                """,
                condition.arguments + SQLArguments(state.map { [$0.rawValue.sqlValue] } ?? [])
                    + [after, max(limit, 0)]
            ).map { try StoredLabel($0) }
        }
    }

    /// Active labels that no archived retraining has used.
    func newLabels() throws(FeedbackError) -> Int {
        try engine.read { try FeedbackTables.newLabels($0) }
    }

    static func newLabels(_ db: any SQLSession) throws -> Int {
        Int(try db.number("SELECT COUNT(*) FROM label WHERE state = 'active' AND job IS NULL"))
    }

    /// Marks the active labels that a retraining has used.
    func archive(upTo revision: Int64, job: Int64) throws(FeedbackError) -> Int {
        try engine.write { db in
            guard try db.exists("SELECT 1 FROM retraining WHERE id = ?", [job]) else {
                throw invalid("there is no retraining \(job)")
            }
            var ledger = try LabelLedger(db, options: options)
            let count = try db.run(
                """
                UPDATE label SET job = ?, revision = ?
                WHERE state = 'active' AND job IS NULL AND sequence <= ?
                """, [job, ledger.nextRevision(), revision])
            try ledger.finish()
            return count
        }
    }
}
