import Foundation
import GRDB

extension SQLiteFeedbackStore {
    /// Starts a retraining unless one runs.
    public func startRetraining(
        reason: String, owner: LeaseOwner, time: Int64, lease: Int64
    ) throws(FeedbackError) -> RetrainingStart {
        try write { db in
            let running = try db.rows(
                """
                SELECT \(RetrainingJob.columns), lease_end FROM retraining
                WHERE state = 'running'
                """
            ).first
            if let running {
                let job = try RetrainingJob(running)
                let end = Int64.fromDatabaseValue(running["lease_end"]) ?? 0
                guard job.owner.isDead || end < time else { return .busy(job) }
                try db.run(
                    "UPDATE retraining SET state = 'abandoned', ended = ? WHERE id = ?",
                    [time, job.id])
            }
            try db.run(
                """
                INSERT INTO retraining (state, reason, started, candidate, figures, owner_domain,
                owner_process, owner_start, lease_end) VALUES ('running', ?, ?, '', '', ?, ?, ?, ?)
                """,
                [
                    reason, time, owner.domain, owner.processID,
                    Int64(bitPattern: owner.startTicks), time + lease,
                ])
            return .started(
                RetrainingJob(
                    id: db.lastInsertedRowID, state: .running, reason: reason, started: time,
                    ended: nil, candidate: "", figures: "", owner: owner))
        }
    }

    /// Renews the lease of a retraining and records its progress.
    public func renewRetraining(
        _ job: Int64, owner: LeaseOwner, progress: String, until: Int64
    ) throws(FeedbackError) {
        try write { db in
            try db.run(
                """
                UPDATE retraining SET owner_domain = ?, owner_process = ?, owner_start = ?,
                figures = ?, lease_end = ? WHERE id = ? AND state = 'running'
                """,
                [
                    owner.domain, owner.processID, Int64(bitPattern: owner.startTicks), progress,
                    until, job,
                ])
            try checkRan(job, db)
        }
    }

    /// Records the end of a retraining, once.
    public func finishRetraining(_ job: Int64, _ end: RetrainingEnd) throws(FeedbackError) {
        guard end.state != .running else { throw invalid("a retraining can't end as running") }
        try write { db in
            try db.run(
                """
                UPDATE retraining SET state = ?, candidate = ?, figures = ?, ended = ?
                WHERE id = ? AND state = 'running'
                """, [end.state.rawValue, end.candidate, end.figures, end.time, job])
            try checkRan(job, db)
        }
    }

    private func checkRan(_ job: Int64, _ db: Database) throws {
        guard db.changesCount == 1 else {
            throw FeedbackError(
                .leaseLost, store: path,
                reason: "retraining \(job) does not run any more: its lease ended or it was "
                    + "finished; its result must not be used")
        }
    }

    /// The last retrainings, newest first.
    public func retrainings(limit: Int) throws(FeedbackError) -> [RetrainingJob] {
        try read { try SQLiteFeedbackStore.retrainings($0, limit: limit) }
    }

    static func retrainings(_ db: Database, limit: Int) throws -> [RetrainingJob] {
        try db.rows(
            "SELECT \(RetrainingJob.columns) FROM retraining ORDER BY id DESC LIMIT ?",
            [max(limit, 0)]
        ).map { try RetrainingJob($0) }
    }
}

extension RetrainingJob {
    static let columns = """
        id, state, reason, started, ended, candidate, figures, owner_domain, owner_process, \
        owner_start
        """

    init(_ row: Row) throws {
        var columns = ColumnReader(row)
        self.init(
            id: try columns.next(), state: try columns.make { State(rawValue: $0) },
            reason: try columns.next(), started: try columns.next(),
            ended: try columns.optional(), candidate: try columns.next(),
            figures: try columns.next(),
            owner: LeaseOwner(
                domain: try columns.next(), processID: try columns.next(),
                startTicks: UInt64(bitPattern: try columns.next())))
    }
}
