import PostgreSQL
import Synchronization

/// The advisory lock by which other hosts know that a retraining's process lives.
///
/// It is held by a session of the process's own: the server frees it when that session ends,
/// however it ends. Any thread may use it.
final class TrainerLock: Sendable {
    private struct Held {
        var job: Int64
        var connection: PostgreSQLConnection
    }

    private let address: PostgreSQLAddress
    private let limits: PostgreSQLLimits
    private let held = Mutex<Held?>(nil)

    /// Seconds without a sign of life after which a free lock means that the process is dead; it
    /// renews its lease every five.
    static let graceSeconds: Int64 = 30
    /// The lock's key for the id of a retraining, and for the schema: locks belong to the database.
    static let key = "hashtext('siftd retraining ' || current_schema()), ?::int"

    init(_ address: PostgreSQLAddress, limits: PostgreSQLLimits) {
        self.address = address
        self.limits = limits
    }

    /// Takes the lock unless this process holds it; called again and again.
    ///
    /// A failure is no harm: the lease was renewed, and the next call tries again.
    func hold(_ job: Int64) {
        held.withLock { held in
            if let known = held, known.job == job, (try? known.connection.run("SELECT 1")) != nil {
                return
            }
            held?.connection.close()
            held = nil
            guard let connection = try? PostgreSQLConnection(address, limits: limits) else {
                return
            }
            let sql = PostgreSQLDialect.translated("SELECT pg_try_advisory_lock(\(Self.key))")
            guard let answer = try? connection.run(sql, [.int(job)]), let row = answer.first,
                (try? row.bool(0)) == true
            else { return connection.close() }
            held = Held(job: job, connection: connection)
        }
    }

    func release() {
        held.withLock { held in
            held?.connection.close()
            held = nil
        }
    }
}
