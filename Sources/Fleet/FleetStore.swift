import Foundation
import PostgreSQL
import Synchronization

/// The hosts, models and activations in the database; any thread may use it.
public final class FleetStore: Sendable {
    /// The channel on which each change of a proposal or an activation is notified, with its
    /// revision.
    public static let channel = "siftd_model"

    let pool: PostgreSQLPool
    private let isMigrated = Atomic(false)

    /// The database's clock, in seconds since 1970.
    static let now = "extract(epoch FROM clock_timestamp())::double precision"
    /// Seconds of silence after which a host is forgotten.
    private static let forgetting = 7 * 86_400.0

    /// A store; the database is not asked yet.
    public init(_ pool: PostgreSQLPool) { self.pool = pool }

    /// Runs something with a connection to a database with today's tables.
    @discardableResult
    func run<Value>(
        _ body: (PostgreSQLConnection) throws -> Value
    ) throws(FleetError) -> Value {
        do {
            return try pool.withConnection { connection in
                if !isMigrated.load(ordering: .relaxed) {
                    try FleetSchema.migrate(connection)
                    isMigrated.store(true, ordering: .relaxed)
                }
                return try body(connection)
            }
        } catch { throw FleetError(error) }
    }

    /// As ``run(_:)``, all or nothing.
    @discardableResult
    func write<Value>(
        _ body: (PostgreSQLConnection) throws -> Value
    ) throws(FleetError) -> Value {
        try run { try $0.transaction(.readCommitted, readOnly: false, body) }
    }

    // MARK: Hosts

    /// Records what a host reports.
    ///
    /// - Parameters:
    ///   - report: of the host.
    ///   - instance: distinguishes its process from any other.
    /// - Returns: how it is with all hosts then, and the instance that reported under the name
    ///   before; nil for none.
    /// - Throws: ``FleetError``.
    public func report(
        _ report: FleetReport, instance: String = ""
    ) throws(FleetError) -> (status: FleetStatus, former: String?) {
        try run { connection in
            let former = try connection.transaction { connection in
                // A crash of the server may lose it: the next one follows in seconds.
                try connection.script("SET LOCAL synchronous_commit = off")
                return try FleetStore.record(report, instance, connection)
            }
            return (try FleetStore.status(connection), former)
        }
    }

    private static func record(
        _ report: FleetReport, _ instance: String, _ connection: PostgreSQLConnection
    ) throws -> String? {
        let former = try connection.run(
            "SELECT instance FROM fleet_host WHERE host = $1", [.text(report.host)]
        ).first?.text(0)
        try connection.run(
            """
            INSERT INTO fleet_host (host, version, model, digest, revision, labels, spool,
                spool_age, queue, refused, reason, instance, seen)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \(FleetStore.now))
            ON CONFLICT (host) DO UPDATE SET version = excluded.version,
                model = excluded.model, digest = excluded.digest,
                revision = excluded.revision, labels = excluded.labels,
                spool = excluded.spool, spool_age = excluded.spool_age,
                queue = excluded.queue, refused = excluded.refused,
                reason = excluded.reason, instance = excluded.instance, seen = excluded.seen
            """,
            [
                .text(report.host), .text(report.version), .text(report.model),
                .text(report.digest), .int(report.revision), .int(report.labels),
                .int(report.spool), .double(report.spoolAge), .int(report.queue),
                .int(report.refused), .text(report.reason), .text(instance),
            ])
        return former
    }

    /// How it is with all hosts.
    ///
    /// - Throws: ``FleetError``.
    public func status() throws(FleetError) -> FleetStatus { try run(FleetStore.status) }

    /// Forgets a host, as a host that stops does, or an admin for one that is no more.
    ///
    /// - Returns: false when there was none of the name.
    /// - Throws: ``FleetError``.
    @discardableResult
    public func forget(host: String) throws(FleetError) -> Bool {
        try run { connection in
            try connection.run("DELETE FROM fleet_host WHERE host = $1", [.text(host)]).affected > 0
        }
    }

    /// Forgets hosts that nobody has heard of for days.
    func forgetLostHosts() throws(FleetError) {
        try run { connection in
            try connection.run(
                "DELETE FROM fleet_host WHERE seen < \(FleetStore.now) - $1",
                [.double(FleetStore.forgetting)])
        }
    }

    // MARK: Looking on

    /// The names of the tables.
    public static let tableNames = [
        "fleet", "fleet_model", "fleet_blob", "fleet_activation", "fleet_answer", "fleet_host",
    ]

    /// How the tables of a database compare with this siftd's; nothing is changed.
    ///
    /// - Throws: `PostgreSQLError`.
    public static func tables(_ connection: PostgreSQLConnection) throws -> SchemaState {
        try FleetSchema.state(connection)
    }

    /// How it is with all hosts of a database with today's tables; nothing is changed.
    ///
    /// - Throws: `PostgreSQLError`, ``FleetError``.
    public static func status(_ connection: PostgreSQLConnection) throws -> FleetStatus {
        guard let time = try connection.run("SELECT \(now)").first?.double(0) else {
            throw FleetError(.failed, "the database has no time")
        }
        let open = try activations(
            connection,
            """
            state <> 'withdrawn' AND revision >=
                coalesce((SELECT max(revision) FROM fleet_activation WHERE state = 'active'), 0)
            """)
        let active = open.last { $0.state == .active }
        let proposal = open.last { $0.state == .proposed }
        var status = FleetStatus(time: time, active: active, proposal: proposal)
        if let proposal { status.answers = try answers(connection, proposal.revision) }
        status.hosts = try hosts(connection, time: time, active: active)
        return status
    }

    private static func hosts(
        _ connection: PostgreSQLConnection, time: Double, active: FleetActivation?
    ) throws -> [FleetHost] {
        try connection.run(
            """
            SELECT host, version, model, digest, revision, labels, spool, spool_age, queue,
                refused, reason, seen FROM fleet_host ORDER BY host
            """
        ).rows.map { row in
            var report = FleetReport(host: try row.text(0), version: try row.text(1))
            report.model = try row.text(2)
            report.digest = try row.text(3)
            report.revision = try row.int(4)
            report.labels = try row.int(5)
            report.spool = try row.int(6)
            report.spoolAge = try row.double(7)
            report.queue = try row.int(8)
            report.refused = try row.int(9)
            report.reason = try row.text(10)
            let silence = max(0, time - (try row.double(11)))
            return FleetHost(report, silence: silence, active: active)
        }
    }
}
