import GRDB

/// The tables, and how older ones become today's.
enum Schema {
    /// `PRAGMA application_id`: the letters "sift", so that file(1) and we know the file.
    static let applicationID: Int64 = 0x7369_6674

    /// A step of the schema is never changed once it is released: a new one follows it.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 labels, history, retrainings") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: revisionTable + labelTable + historyTable + retrainingTable)
        }
        migrator.registerMigration("2 history by message") { db in
            try db.execute(sql: "CREATE INDEX history_digest ON history (digest)")
        }
        migrator.registerMigration("3 when a label was said last") { db in
            try db.execute(sql: "ALTER TABLE label ADD COLUMN said INTEGER NOT NULL DEFAULT 0")
        }
        return migrator
    }

    /// One row: the number of the last change, and of the last that was no mere addition.
    private static let revisionTable = """
        CREATE TABLE store (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL,
            rewritten INTEGER NOT NULL
        ) STRICT;
        INSERT INTO store VALUES (1, 0, 0);

        """

    /// One row for what each source has said last about each message.
    ///
    /// `given` orders statements, `sequence` a replay of active labels; they differ for labels that
    /// were held for a while. `admission` says why a label may count: `exempt` from the quota,
    /// `counted` within it, `agreed` by another source, `confirmed` by an admin; or `held`.
    /// `said`, of a later step, is when the source said the same once more; 0 if it did not.
    private static let labelTable = """
        CREATE TABLE label (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            source TEXT NOT NULL,
            person TEXT NOT NULL,
            rank INTEGER NOT NULL,
            class TEXT NOT NULL,
            way TEXT NOT NULL,
            time INTEGER NOT NULL,
            weight REAL NOT NULL,
            mailbox TEXT,
            sender_domain TEXT NOT NULL,
            near_key INTEGER,
            given INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            admission TEXT NOT NULL
                CHECK (admission IN ('exempt', 'counted', 'agreed', 'confirmed', 'held')),
            is_duplicate INTEGER NOT NULL CHECK (is_duplicate IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('active', 'held', 'duplicate', 'superseded')),
            job INTEGER,
            verdict TEXT NOT NULL,
            probability REAL NOT NULL,
            model TEXT NOT NULL,
            logit REAL NOT NULL,
            feature_version INTEGER NOT NULL,
            features BLOB NOT NULL,
            payload_kind TEXT,
            payload BLOB,
            UNIQUE (digest, source)
        ) STRICT;
        CREATE INDEX label_order ON label (sequence) WHERE state = 'active';
        CREATE INDEX label_new ON label (state, job) WHERE state = 'active' AND job IS NULL;
        CREATE INDEX label_near ON label (near_key, class) WHERE near_key IS NOT NULL;
        CREATE INDEX label_group ON label (source, class, near_key);
        CREATE INDEX label_quota ON label (source, class, time);
        CREATE INDEX label_source ON label (source, state);
        CREATE INDEX label_person ON label (person);
        CREATE INDEX label_time ON label (time);

        """

    private static let historyTable = """
        CREATE TABLE history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            queue_id TEXT NOT NULL,
            sender_domain TEXT NOT NULL,
            verdict TEXT NOT NULL,
            probability REAL NOT NULL,
            model TEXT NOT NULL,
            logit REAL NOT NULL,
            action TEXT NOT NULL,
            near_key INTEGER,
            message_key INTEGER,
            feature_version INTEGER NOT NULL,
            features BLOB NOT NULL
        ) STRICT;
        CREATE INDEX history_message ON history (message_key) WHERE message_key IS NOT NULL;
        CREATE INDEX history_time ON history (time);
        CREATE INDEX history_verdict ON history (verdict, id);
        CREATE INDEX history_sender ON history (sender_domain, id);

        """

    private static let retrainingTable = """
        CREATE TABLE retraining (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            state TEXT NOT NULL
                CHECK (state IN ('running', 'promoted', 'refused', 'failed', 'abandoned')),
            reason TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            candidate TEXT NOT NULL,
            figures TEXT NOT NULL,
            owner_domain TEXT NOT NULL,
            owner_process INTEGER NOT NULL,
            owner_start INTEGER NOT NULL,
            lease_end INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX retraining_running ON retraining (state) WHERE state = 'running';

        """
}
