import Foundation

extension FeedbackTables {
    /// What the store holds.
    func status() throws(FeedbackError) -> FeedbackStatus {
        try engine.read { db in
            var status = FeedbackStatus()
            try addCounts(to: &status, db)
            status.newLabels = try FeedbackTables.newLabels(db)
            status.archived = status.states[.active, default: 0] - status.newLabels
            let times = try db.rows("SELECT MIN(time), MAX(time) FROM label WHERE state = 'active'")
            if let row = times.first {
                var columns = ColumnReader(row)
                status.oldest = try columns.optional()
                status.newest = try columns.optional()
            }
            status.history = Int(try db.number("SELECT COUNT(*) FROM history"))
            status.revision = try db.number("SELECT revision FROM store")
            status.lastRetraining = try FeedbackTables.retrainings(db, limit: 1).first
            status.bytes = try engine.bytes(db)
            return status
        }
    }

    private func addCounts(to status: inout FeedbackStatus, _ db: any SQLSession) throws {
        var sources: [LabelSource: FeedbackStatus.SourceCount] = [:]
        let rows = try db.rows(
            "SELECT source, class, state, COUNT(*) FROM label GROUP BY source, class, state")
        for row in rows {
            var columns = ColumnReader(row)
            let source = try columns.make { try? LabelSource(parsing: $0) }
            let labelClass = try columns.make { LabelClass(rawValue: $0) }
            let state = try columns.make { LabelState(rawValue: $0) }
            let count: Int = try columns.next()
            status.states[state, default: 0] += count
            var entry =
                sources[source] ?? .init(source: source, active: [:], held: 0, total: 0)
            entry.total += count
            if state == .held { entry.held += count }
            if state == .active {
                entry.active[labelClass, default: 0] += count
                status.classes[labelClass, default: 0] += count
            }
            sources[source] = entry
        }
        status.sourceCount = sources.count
        let ordered = sources.values.sorted {
            ($1.total, $0.source.description) < ($0.total, $1.source.description)
        }
        status.sources = Array(ordered.prefix(FeedbackStatus.longestSourceList))
    }
}
