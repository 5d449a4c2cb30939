import Foundation
import GRDB

extension SQLiteFeedbackStore {
    /// The number of the last change, of any process.
    public func revision() throws(FeedbackError) -> Int64 {
        try read { try $0.number("SELECT revision FROM store") }
    }

    /// What has happened to the active labels since a revision.
    public func changes(
        since revision: Int64, limit: Int
    ) throws(FeedbackError) -> LabelChanges {
        try read { db in
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
    public func replay(
        withPayload: Bool, _ body: (StoredLabel) -> Void
    ) throws(FeedbackError) -> Int64 {
        try read { db in
            let revision = try db.number("SELECT revision FROM store")
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT \(StoredLabel.columns(withPayload: withPayload)) FROM label
                        WHERE state = 'active' ORDER BY sequence
                        """))
            while let row = try rows.next() { body(try StoredLabel(row)) }
            return revision
        }
    }

    /// Lists labels in any state, by id, with their payload.
    public func labels(
        _ selection: LabelSelection, state: LabelState?, after: Int64, limit: Int
    ) throws(FeedbackError) -> [StoredLabel] {
        try read { db in
            let condition = selection.condition
            return try db.rows(
                """
                SELECT \(StoredLabel.columns(withPayload: true)) FROM label
                WHERE \(condition.sql) AND (? IS NULL OR state = ?) AND id > ?
                ORDER BY id LIMIT ?
                """,
                condition.arguments + [state?.rawValue, state?.rawValue, after, max(limit, 0)]
            ).map { try StoredLabel($0) }
        }
    }

    /// Active labels that no archived retraining has used.
    public func newLabels() throws(FeedbackError) -> Int {
        try read { try SQLiteFeedbackStore.newLabels($0) }
    }

    static func newLabels(_ db: Database) throws -> Int {
        Int(try db.number("SELECT COUNT(*) FROM label WHERE state = 'active' AND job IS NULL"))
    }

    /// Marks the active labels that a retraining has used.
    public func archive(upTo revision: Int64, job: Int64) throws(FeedbackError) -> Int {
        try write { db in
            guard try db.exists("SELECT 1 FROM retraining WHERE id = ?", [job]) else {
                throw invalid("there is no retraining \(job)")
            }
            var ledger = try LabelLedger(db, options: options)
            try db.run(
                """
                UPDATE label SET job = ?, revision = ?
                WHERE state = 'active' AND job IS NULL AND sequence <= ?
                """, [job, ledger.nextRevision(), revision])
            let count = db.changesCount
            try ledger.finish()
            return count
        }
    }
}
