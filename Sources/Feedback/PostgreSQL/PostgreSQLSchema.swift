import PostgreSQL

/// The tables in a PostgreSQL database, and how older ones become today's.
///
/// They are in the first schema of the role's `search_path` in which it may create: `siftd` if that
/// is the role's name and the schema is there.
enum PostgreSQLSchema {
    /// The server's clock, in seconds since 1970.
    static let now = "floor(extract(epoch from clock_timestamp()))::bigint"

    /// Steps of the schema, the first one being number 1; a released step is never changed.
    ///
    /// `readableFrom` is the oldest number that a siftd must know to use a database with the step:
    /// hosts of a fleet are updated one after the other.
    private static let steps: [(sql: String, readableFrom: Int64)] = [
        (storeTables + labelTable + historyTable + retrainingTable + operationTable, 1),
        (removalTable, 1),
    ]

    /// Seconds that a step may take on a large table.
    private static let limit = 600.0

    /// Brings the tables up to date; of several hosts that start at once, one does.
    ///
    /// - Throws: `PostgreSQLError`, ``FeedbackError`` for tables of a newer siftd.
    static func migrate(_ connection: PostgreSQLConnection, store: String) throws {
        if try isCurrent(connection, store) { return }
        try connection.withLimit(seconds: limit) { connection in
            try connection.transaction { connection in
                try connection.run(
                    "SELECT pg_advisory_xact_lock(hashtext('siftd schema ' || current_schema()))")
                if try isCurrent(connection, store) { return }
                let version = try version(connection)?.version ?? 0
                if version == 0 {
                    try connection.script(
                        """
                        CREATE TABLE siftd_schema (
                            version BIGINT NOT NULL,
                            readable_from BIGINT NOT NULL
                        );
                        INSERT INTO siftd_schema VALUES (0, 0);
                        """)
                }
                for step in steps[Int(version)...] { try connection.script(step.sql) }
                try connection.run(
                    "UPDATE siftd_schema SET version = $1, readable_from = $2",
                    [
                        .int(Int64(steps.count)),
                        .int(steps.map(\.readableFrom).max() ?? 0),
                    ])
            }
        }
    }

    /// Whether the tables are today's, or of a newer siftd that this one can work with.
    private static func isCurrent(
        _ connection: PostgreSQLConnection, _ store: String
    ) throws -> Bool {
        guard let found = try version(connection) else { return false }
        guard found.readableFrom <= steps.count else {
            throw FeedbackError(
                .newerVersion, store: store,
                reason: "a newer siftd has changed the tables, which this one can't use; install "
                    + "the newer version on this host too")
        }
        return found.version >= steps.count
    }

    /// What there is; nothing is changed.
    ///
    /// - Throws: `PostgreSQLError`, also for a role without a schema.
    static func state(_ connection: PostgreSQLConnection) throws -> SchemaState {
        guard let found = try version(connection) else { return .absent }
        guard found.readableFrom <= steps.count else { return .newer }
        return found.version >= steps.count ? .usable : .older
    }

    private static func version(
        _ connection: PostgreSQLConnection
    ) throws -> (version: Int64, readableFrom: Int64)? {
        // The catalog itself, not to_regclass(), which in a transaction may go on answering what it
        // answered before the lock was waited for.
        let found = try connection.run(
            """
            SELECT current_schema() IS NOT NULL, EXISTS (SELECT 1 FROM pg_catalog.pg_tables
            WHERE schemaname = current_schema() AND tablename = 'siftd_schema')
            """)
        guard let row = found.first, try row.bool(0) else {
            throw PostgreSQLError(
                .refused,
                "the role has no schema for its tables: as the database's owner, run CREATE "
                    + "SCHEMA siftd AUTHORIZATION and the role's name (docs/fleet.md)")
        }
        guard try row.bool(1) else { return nil }
        let version = try connection.run("SELECT version, readable_from FROM siftd_schema")
        guard let row = version.first else { return nil }
        return (try row.int(0), try row.int(1))
    }

    /// The row of `store` orders changes of labels, that of `site` is the key of their features.
    private static let storeTables = """
        CREATE TABLE store (
            id BIGINT PRIMARY KEY CHECK (id = 1),
            revision BIGINT NOT NULL,
            rewritten BIGINT NOT NULL
        );
        INSERT INTO store VALUES (1, 0, 0);
        CREATE TABLE site (
            id BIGINT PRIMARY KEY CHECK (id = 1),
            secret BYTEA NOT NULL
        );

        """

    /// As in SQLite, see ``Schema``.
    private static let labelTable = """
        CREATE TABLE label (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            digest BYTEA NOT NULL CHECK (length(digest) = 32),
            source TEXT NOT NULL,
            person TEXT NOT NULL,
            rank BIGINT NOT NULL,
            class TEXT NOT NULL,
            way TEXT NOT NULL,
            time BIGINT NOT NULL,
            weight DOUBLE PRECISION NOT NULL,
            mailbox TEXT,
            sender_domain TEXT NOT NULL,
            near_key BIGINT,
            given BIGINT NOT NULL,
            sequence BIGINT NOT NULL,
            revision BIGINT NOT NULL,
            admission TEXT NOT NULL
                CHECK (admission IN ('exempt', 'counted', 'agreed', 'confirmed', 'held')),
            is_duplicate BIGINT NOT NULL CHECK (is_duplicate IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('active', 'held', 'duplicate', 'superseded')),
            job BIGINT,
            said BIGINT NOT NULL DEFAULT 0,
            verdict TEXT NOT NULL,
            probability DOUBLE PRECISION NOT NULL,
            model TEXT NOT NULL,
            logit DOUBLE PRECISION NOT NULL,
            feature_version BIGINT NOT NULL,
            features BYTEA NOT NULL,
            payload_kind TEXT,
            payload BYTEA,
            UNIQUE (digest, source)
        );
        CREATE INDEX label_order ON label (sequence) WHERE state = 'active';
        CREATE INDEX label_new ON label (id) WHERE state = 'active' AND job IS NULL;
        CREATE INDEX label_near ON label (near_key, class) WHERE near_key IS NOT NULL;
        CREATE INDEX label_group ON label (source, class, near_key);
        CREATE INDEX label_quota ON label (source, class, time);
        CREATE INDEX label_source ON label (source, state);
        CREATE INDEX label_person ON label (person);
        CREATE INDEX label_time ON label (time);

        """

    private static let historyTable = """
        CREATE TABLE history (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            time BIGINT NOT NULL,
            digest BYTEA NOT NULL CHECK (length(digest) = 32),
            queue_id TEXT NOT NULL,
            sender_domain TEXT NOT NULL,
            verdict TEXT NOT NULL,
            probability DOUBLE PRECISION NOT NULL,
            model TEXT NOT NULL,
            logit DOUBLE PRECISION NOT NULL,
            action TEXT NOT NULL,
            near_key BIGINT,
            message_key BIGINT,
            feature_version BIGINT NOT NULL,
            features BYTEA NOT NULL
        );
        CREATE INDEX history_message ON history (message_key) WHERE message_key IS NOT NULL;
        CREATE INDEX history_digest ON history (digest);
        CREATE INDEX history_time ON history (time);
        CREATE INDEX history_verdict ON history (verdict, id);
        CREATE INDEX history_sender ON history (sender_domain, id);

        """

    /// `renewed` is the last sign of life of a retraining's process, by the server's clock.
    private static let retrainingTable = """
        CREATE TABLE retraining (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            state TEXT NOT NULL
                CHECK (state IN ('running', 'promoted', 'refused', 'failed', 'abandoned')),
            reason TEXT NOT NULL,
            started BIGINT NOT NULL,
            ended BIGINT,
            candidate TEXT NOT NULL,
            figures TEXT NOT NULL,
            owner_domain TEXT NOT NULL,
            owner_process BIGINT NOT NULL,
            owner_start BIGINT NOT NULL,
            lease_end BIGINT NOT NULL,
            renewed BIGINT NOT NULL DEFAULT (\(now))
        );
        CREATE UNIQUE INDEX retraining_running ON retraining (state) WHERE state = 'running';

        """

    /// What was taken back, as ``StoreOperation`` is kept in a spool; see ``LateRemovals``.
    private static let removalTable = """
        CREATE TABLE removal (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            time BIGINT NOT NULL,
            done BIGINT NOT NULL DEFAULT (\(now)),
            change BYTEA NOT NULL
        );
        CREATE INDEX removal_time ON removal (time);

        """

    /// What has been done, so that what a host delivers twice is done once.
    private static let operationTable = """
        CREATE TABLE operation (
            id BYTEA PRIMARY KEY CHECK (length(id) = 16),
            host TEXT NOT NULL,
            given BIGINT NOT NULL,
            done BIGINT NOT NULL DEFAULT (\(now)),
            labels BIGINT NOT NULL
        );
        CREATE INDEX operation_done ON operation (done);

        """
}
