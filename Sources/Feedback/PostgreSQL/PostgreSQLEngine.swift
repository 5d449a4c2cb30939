import Foundation
import PostgreSQL
import Synchronization

/// The tables of a store in a PostgreSQL database that several hosts share.
///
/// Nothing connects before the first call, so that a host can start while the database is away.
final class PostgreSQLEngine: SQLEngine {
    let pool: PostgreSQLPool
    private let isReady = Atomic(false)
    private let newest = Atomic<Int64>(0)
    private let trainerLock: TrainerLock

    /// Attempts of a transaction that the server undid because of another one.
    private static let attempts = 3
    /// For each look at a whole table.
    private static let checkSeconds = 600.0

    init(_ pool: PostgreSQLPool) {
        self.pool = pool
        trainerLock = TrainerLock(pool.address, limits: pool.limits)
    }

    var store: String { pool.address.url }

    /// The highest revision that this process has seen.
    var newestRevision: Int64 { newest.load(ordering: .relaxed) }

    /// Remembers a revision of the labels.
    func note(_ revision: Int64) { newest.max(revision, ordering: .relaxed) }

    private func session(_ connection: PostgreSQLConnection) -> PostgreSQLSession {
        PostgreSQLSession(connection: connection, newestRevision: newestRevision)
    }

    func read<Value>(
        _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value {
        try read(seconds: nil, body)
    }

    /// Reads at one moment; `seconds` is the limit of a statement, nil for that of the pool.
    private func read<Value>(
        seconds: Double?, _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value {
        try call(seconds) { connection in
            try connection.transaction(.repeatableRead, readOnly: true) {
                try body(session($0))
            }
        }
    }

    /// Each statement of a transaction sees what others have committed before it; those that change
    /// labels wait for each other first (``PostgreSQLSession/lockStore()``).
    func write<Value>(
        _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value {
        try write(seconds: nil, body)
    }

    /// Changes all or nothing; `seconds` is the limit of a statement or lock, nil for that of the
    /// pool.
    func write<Value>(
        seconds: Double?, _ body: (any SQLSession) throws -> Value
    ) throws(FeedbackError) -> Value {
        try call(seconds) { connection in
            try connection.transaction { try body(session($0)) }
        }
    }

    private func call<Value>(
        _ seconds: Double?, _ body: (PostgreSQLConnection) throws -> Value
    ) throws(FeedbackError) -> Value {
        var attempt = 1
        while true {
            do {
                return try pool.withConnection { connection in
                    try prepare(connection)
                    guard let seconds else { return try body(connection) }
                    return try connection.withLimit(seconds: seconds, body)
                }
            } catch let error as PostgreSQLError
                where error.isConflict && attempt < PostgreSQLEngine.attempts
            {
                attempt += 1
            } catch {
                throw FeedbackError(error, shared: store)
            }
        }
    }

    /// Brings the tables up to date, once.
    private func prepare(_ connection: PostgreSQLConnection) throws {
        guard !isReady.load(ordering: .acquiring) else { return }
        try PostgreSQLSchema.migrate(connection, store: store)
        isReady.store(true, ordering: .releasing)
    }

    func bytes(_ db: any SQLSession) throws -> Int64 {
        try ["label", "history", "retraining", "operation"].reduce(0) { sum, table in
            try sum + db.number("SELECT pg_total_relation_size('\(table)'::regclass)")
        }
    }

    /// The server's clock, which all hosts have in common.
    func time() throws(FeedbackError) -> Int64 {
        try read { try $0.number("SELECT \(PostgreSQLSchema.now)") }
    }

    /// A process of this host is looked up; one of another host has lost its connection if nobody
    /// holds the lock of its retraining.
    ///
    /// A process that has only just started, or whose server was just restarted, does not hold it
    /// yet, so its last sign of life counts too.
    func isAbandoned(_ job: RetrainingJob, _ db: any SQLSession) throws -> Bool {
        if job.owner.isDead { return true }
        let isSilent = try db.exists(
            "SELECT 1 FROM retraining WHERE id = ? AND renewed < \(PostgreSQLSchema.now) - ?",
            [job.id, TrainerLock.graceSeconds])
        guard isSilent else { return false }
        return try db.exists(
            "SELECT 1 WHERE pg_try_advisory_xact_lock(\(TrainerLock.key))", [job.id])
    }

    func didRenew(_ job: Int64, _ db: any SQLSession) throws {
        try db.run(
            "UPDATE retraining SET renewed = \(PostgreSQLSchema.now) WHERE id = ?", [job])
        trainerLock.hold(job)
    }

    func didFinish(_ job: Int64) { trainerLock.release() }

    /// The server's VACUUM makes room of removed rows; `docs/fleet.md` says when the bytes go.
    func didRemoveLabels() {}

    /// Compares what is stored with what follows from it; the server checks its pages itself.
    func check() throws(FeedbackError) {
        let finding = try read(seconds: PostgreSQLEngine.checkSeconds) {
            try StoreFindings.first($0)
        }
        if let finding {
            throw FeedbackError(
                .corrupt, store: store,
                reason: "is damaged (\(finding)). Restore the database from a backup; the hosts "
                    + "replay the labels by themselves")
        }
    }
}

/// What can't be in the tables unless somebody else has changed them.
enum StoreFindings {
    private static let findings = [
        (
            "SELECT 1 FROM label, store WHERE label.revision > store.revision",
            "a label is newer than the last change"
        ),
        (
            "SELECT 1 FROM label WHERE state = 'active' GROUP BY digest HAVING COUNT(*) > 1",
            "a message has two labels in force"
        ),
        (
            "SELECT 1 FROM label WHERE state = 'active' GROUP BY sequence HAVING COUNT(*) > 1",
            "two labels have the same turn"
        ),
        (
            "SELECT 1 FROM label WHERE (state = 'held') <> (admission = 'held')",
            "a label is held and counts"
        ),
    ]

    /// The first one in words; nil for none.
    static func first(_ db: any SQLSession) throws -> String? {
        if try db.number("SELECT COUNT(*) FROM store") != 1 { return "the revision is missing" }
        return try findings.first { try db.exists($0.0, []) }?.1
    }
}

extension PostgreSQLError {
    /// Whether the server undid the transaction because of another one: it may succeed now.
    fileprivate var isConflict: Bool { sqlState == "40001" || sqlState == "40P01" }
}

extension FeedbackError {
    /// What an error of the database means for the admin.
    ///
    /// - Parameters:
    ///   - error: of the database, or of the store itself, which is kept.
    ///   - store: the database's address.
    init(_ error: any Error, shared store: String) {
        switch error {
        case let error as FeedbackError: self = error
        case let damage as StoreDamage:
            self.init(.corrupt, store: store, reason: "is damaged (\(damage))")
        case let error as PostgreSQLError:
            switch error.kind {
            // A standby becomes the server, and a role or password is corrected, by and by.
            case .unavailable, .readOnly, .refused:
                self.init(.unavailable, store: store, reason: error.description)
            case .busy: self.init(.busy, store: store, reason: error.description)
            case .full: self.init(.full, store: store, reason: error.description)
            case .constraint, .invalid, .failed:
                self.init(
                    .failed, store: store, reason: "\(error); nothing was changed")
            }
        default: self.init(.failed, store: store, reason: "\(error)")
        }
    }
}
