import Foundation
import ModelRegistry
import PostgreSQL

/// Proposals and what becomes of them.
extension FleetStore {
    /// Proposes a model that the database has.
    ///
    /// A proposal that is still open is withdrawn.
    ///
    /// - Parameters:
    ///   - digest: of the model's manifest.
    ///   - way: why the model changes.
    ///   - host: who proposes it.
    ///   - reason: for the history.
    /// - Returns: the revision.
    /// - Throws: ``FleetError``; of the kind `unknown` when the database has no such model.
    public func propose(
        _ digest: String, way: FleetActivation.Way = .activate, host: String, reason: String
    ) throws(FleetError) -> Int64 {
        try write { connection in
            try FleetStore.propose(digest, way, host: host, reason: reason, connection)
        }
    }

    /// Proposes the model that was active before the one that is.
    ///
    /// Again, it leads further back rather than to and fro.
    ///
    /// - Returns: the revision, and the model's id.
    /// - Throws: ``FleetError``; of the kind `unknown` when there is none.
    public func proposeRollback(
        host: String, reason: String
    ) throws(FleetError) -> (revision: Int64, model: String) {
        try write { connection in
            try FleetStore.lock(connection)
            let past = try FleetStore.activations(connection, "state = 'active'")
            let kept = Set(
                try connection.run("SELECT digest FROM fleet_model").rows.map { try $0.text(0) })
            let stack = ModelActivation.stack(
                past.map {
                    ModelActivation(
                        version: $0.digest, way: $0.way == .rollback ? .rollback : .activate,
                        time: 0, reason: "")
                }, exists: kept.contains)
            guard let digest = stack.dropLast().last,
                let model = past.last(where: { $0.digest == digest })?.model
            else {
                throw FleetError(
                    .unknown,
                    "no model was active on all hosts before this one, or the database no longer "
                        + "has it")
            }
            let revision = try FleetStore.propose(
                digest, .rollback, host: host, reason: reason, connection)
            return (revision, model)
        }
    }

    private static func propose(
        _ digest: String, _ way: FleetActivation.Way, host: String, reason: String,
        _ connection: PostgreSQLConnection
    ) throws -> Int64 {
        try lock(connection)
        let known = try connection.run(
            "SELECT model FROM fleet_model WHERE digest = $1", [.text(digest)])
        guard let model = try known.first?.text(0) else {
            throw FleetError(.unknown, "the database has no model \(digest)")
        }
        try connection.run(
            """
            UPDATE fleet_activation SET state = 'withdrawn', decided = \(now),
                outcome = 'another model was proposed' WHERE state = 'proposed'
            """)
        let added = try connection.run(
            """
            INSERT INTO fleet_activation (digest, model, state, way, host, reason, proposed, outcome)
            VALUES ($1, $2, 'proposed', $3, $4, $5, \(now), '') RETURNING revision
            """, [.text(digest), .text(model), .text(way.rawValue), .text(host), .text(reason)])
        guard let revision = try added.first?.int(0) else {
            throw FleetError(.failed, "the proposal has no revision")
        }
        try notify(connection, revision)
        return revision
    }

    /// Records a host's answer to a proposal; one to a proposal that was decided counts no more.
    ///
    /// - Throws: ``FleetError``.
    public func answer(_ answer: FleetAnswer, revision: Int64) throws(FleetError) {
        try write { connection in
            try connection.run(
                """
                INSERT INTO fleet_answer (revision, host, is_ready, reason)
                VALUES ($1, $2, $3, $4) ON CONFLICT (revision, host)
                DO UPDATE SET is_ready = excluded.is_ready, reason = excluded.reason
                """,
                [
                    .int(revision), .text(answer.host), .bool(answer.isReady),
                    .text(String(answer.reason.prefix(1_000))),
                ])
            try FleetStore.notify(connection, revision)
        }
    }

    /// Sees whether a proposal is decided by what hosts say, and records the decision once.
    ///
    /// - Returns: how it is with all hosts then.
    /// - Throws: ``FleetError``.
    public func decide(_ revision: Int64) throws(FleetError) -> FleetStatus {
        try write { connection in
            try FleetStore.lock(connection)
            let status = try FleetStore.status(connection)
            guard let proposal = status.proposal, proposal.revision == revision else {
                return status
            }
            let decision = FleetDecision.decide(
                age: status.time - proposal.proposed, hosts: status.hosts, answers: status.answers)
            switch decision {
            case .wait: return status
            case .activate:
                try connection.run(
                    """
                    UPDATE fleet_activation SET state = 'active', decided = \(FleetStore.now)
                    WHERE revision = $1
                    """, [.int(revision)])
                try FleetStore.removeOldModels(connection)
            case .withdraw(let reason):
                try connection.run(
                    """
                    UPDATE fleet_activation SET state = 'withdrawn', decided = \(FleetStore.now),
                        outcome = $2 WHERE revision = $1
                    """, [.int(revision), .text(String(reason.prefix(2_000)))])
            }
            try FleetStore.notify(connection, revision)
            return try FleetStore.status(connection)
        }
    }

    /// What became of an activation.
    ///
    /// - Throws: ``FleetError``; of the kind `unknown` when there is none.
    public func activation(_ revision: Int64) throws(FleetError) -> FleetActivation {
        try run { connection in
            let found = try FleetStore.activations(
                connection, "revision = $1", [.int(revision)])
            guard let activation = found.first else {
                throw FleetError(.unknown, "there is no revision \(revision)")
            }
            return activation
        }
    }

    static func activations(
        _ connection: PostgreSQLConnection, _ condition: String, _ values: [PostgreSQLValue] = []
    ) throws -> [FleetActivation] {
        try connection.run(
            """
            SELECT revision, digest, model, state, way, host, reason, proposed, decided, outcome
            FROM fleet_activation WHERE \(condition) ORDER BY revision
            """, values
        ).rows.map { row in
            guard let state = FleetActivation.State(rawValue: try row.text(3)),
                let way = FleetActivation.Way(rawValue: try row.text(4))
            else { throw FleetError(.newerVersion, "an activation has an unknown state") }
            return FleetActivation(
                revision: try row.int(0), digest: try row.text(1), model: try row.text(2),
                state: state, way: way, host: try row.text(5), reason: try row.text(6),
                proposed: try row.double(7), decided: try row.isNull(8) ? nil : row.double(8),
                outcome: try row.text(9))
        }
    }

    static func answers(
        _ connection: PostgreSQLConnection, _ revision: Int64
    ) throws -> [FleetAnswer] {
        try connection.run(
            "SELECT host, is_ready, reason FROM fleet_answer WHERE revision = $1 ORDER BY host",
            [.int(revision)]
        ).rows.map {
            FleetAnswer(host: try $0.text(0), isReady: try $0.bool(1), reason: try $0.text(2))
        }
    }

    /// Keeps other hosts from proposing, deciding and removing until the transaction ends.
    static func lock(_ connection: PostgreSQLConnection) throws {
        try connection.run("SELECT id FROM fleet FOR UPDATE")
    }

    static func notify(_ connection: PostgreSQLConnection, _ revision: Int64) throws {
        try connection.run(
            "SELECT pg_notify($1, $2)", [.text(channel), .text("\(revision)")])
    }
}
