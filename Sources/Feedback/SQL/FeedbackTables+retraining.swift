import Foundation

extension FeedbackTables {
    /// Starts a retraining unless one runs.
    func startRetraining(
        reason: String, owner: LeaseOwner, time: Int64, lease: Int64
    ) throws(FeedbackError) -> RetrainingStart {
        try engine.write { db in
            try db.lockStore()
            let running = try db.rows(
                """
                SELECT \(RetrainingJob.columns), lease_end FROM retraining
                WHERE state = 'running'
                """
            ).first
            if let running {
                let job = try RetrainingJob(running)
                let end = running.values.last.flatMap { Int64($0) } ?? 0
                guard try end < time || engine.isAbandoned(job, db) else { return .busy(job) }
                try db.run(
                    "UPDATE retraining SET state = 'abandoned', ended = ? WHERE id = ?",
                    [time, job.id])
            }
            let id = try db.insert(
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
                    id: id, state: .running, reason: reason, started: time,
                    ended: nil, candidate: "", figures: "", owner: owner))
        }
    }

    /// Renews the lease of a retraining and records its progress.
    func renewRetraining(
        _ job: Int64, owner: LeaseOwner, progress: String, until: Int64
    ) throws(FeedbackError) {
        try engine.write { db in
            let count = try db.run(
                """
                UPDATE retraining SET owner_domain = ?, owner_process = ?, owner_start = ?,
                figures = ?, lease_end = ? WHERE id = ? AND state = 'running'
                """,
                [
                    owner.domain, owner.processID, Int64(bitPattern: owner.startTicks), progress,
                    until, job,
                ])
            try checkRan(job, count)
            try engine.didRenew(job, db)
        }
    }

    /// Records the end of a retraining, once.
    func finishRetraining(_ job: Int64, _ end: RetrainingEnd) throws(FeedbackError) {
        guard end.state != .running else { throw invalid("a retraining can't end as running") }
        try engine.write { db in
            let count = try db.run(
                """
                UPDATE retraining SET state = ?, candidate = ?, figures = ?, ended = ?
                WHERE id = ? AND state = 'running'
                """, [end.state.rawValue, end.candidate, end.figures, end.time, job])
            try checkRan(job, count)
        }
        engine.didFinish(job)
    }

    private func checkRan(_ job: Int64, _ count: Int) throws {
        guard count == 1 else {
            throw FeedbackError(
                .leaseLost, store: engine.store,
                reason: "retraining \(job) does not run any more: its lease ended or it was "
                    + "finished; its result must not be used")
        }
    }

    /// The last retrainings, newest first.
    func retrainings(limit: Int) throws(FeedbackError) -> [RetrainingJob] {
        try engine.read { try FeedbackTables.retrainings($0, limit: limit) }
    }

    static func retrainings(_ db: any SQLSession, limit: Int) throws -> [RetrainingJob] {
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

    init(_ row: SQLRow) throws {
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
