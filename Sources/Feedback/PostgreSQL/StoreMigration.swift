import Checksums
import Foundation

/// Moves what a site has taught from a file of one host into a database of several.
///
/// All of it arrives or nothing: labels with their order, history, retrainings, and the secret
/// without which the labels' features mean nothing. What has arrived is read back and compared
/// before the database commits. The file stays as it is.
public struct StoreMigration: Sendable {
    /// What was moved.
    public struct Result: Sendable, Equatable, Codable {
        /// Labels in any state.
        public var labels = 0
        /// Recent verdicts.
        public var history = 0
        /// Retrainings.
        public var retrainings = 0
        /// The last change of labels.
        public var revision: Int64 = 0
        /// SHA-256 over all rows, in hexadecimal digits; equal in file and database.
        public var digest = ""
    }

    /// A table, the columns that are moved, and its name in a result.
    private struct Table: Sendable {
        var name: String
        var columns: [String]
        var list: String { columns.joined(separator: ", ") }
    }

    private static let tables = [
        Table(
            name: "label",
            columns: [
                "id", "digest", "source", "person", "rank", "class", "way", "time", "weight",
                "mailbox", "sender_domain", "near_key", "given", "sequence", "revision",
                "admission", "is_duplicate", "state", "job", "verdict", "probability", "model",
                "logit", "feature_version", "features", "payload_kind", "payload", "said",
            ]),
        Table(
            name: "history",
            columns: [
                "id", "time", "digest", "queue_id", "sender_domain", "verdict", "probability",
                "model", "logit", "action", "near_key", "message_key", "feature_version",
                "features",
            ]),
        Table(
            name: "retraining",
            columns: [
                "id", "state", "reason", "started", "ended", "candidate", "figures",
                "owner_domain", "owner_process", "owner_start", "lease_end",
            ]),
    ]

    /// Rows of one INSERT.
    private static let batch = 50

    private let file: SQLiteFeedbackStore
    private let database: PostgreSQLFeedbackStore
    private let secret: [UInt8]

    /// A migration.
    ///
    /// - Parameters:
    ///   - file: the store of one host, which nobody may change meanwhile.
    ///   - database: empty.
    ///   - secret: of the site.
    public init(
        from file: SQLiteFeedbackStore, to database: PostgreSQLFeedbackStore, secret: [UInt8]
    ) {
        self.file = file
        self.database = database
        self.secret = secret
    }

    /// Moves everything.
    ///
    /// - Parameter progress: called with the number of rows so far.
    /// - Returns: what was moved.
    /// - Throws: ``FeedbackError``; the database is as it was then.
    public func run(progress: (Int) -> Void = { _ in }) throws(FeedbackError) -> Result {
        try file.engine.read { source in
            try checkIdle(source)
            // First, since the server ends a transaction that waits for its client.
            let before = try result(source)
            return try database.engine.write { target in
                try target.lockStore()
                try checkEmpty(target)
                var rows = 0
                for table in StoreMigration.tables {
                    try copy(table, source, target) {
                        rows += $0
                        progress(rows)
                    }
                    try continueIDs(table, source, target)
                }
                try copyState(source, target)
                let after = try result(target)
                guard before == after else {
                    throw failure(
                        .failed,
                        "what arrived is not what was sent: \(before) against \(after); nothing "
                            + "was changed")
                }
                return after
            }
        }
    }

    private func failure(_ kind: FeedbackError.Kind, _ reason: String) -> FeedbackError {
        FeedbackError(kind, store: database.address, reason: reason)
    }

    /// A retraining that runs would end in the file.
    private func checkIdle(_ source: any SQLSession) throws {
        let rows = try source.rows(
            "SELECT \(RetrainingJob.columns) FROM retraining WHERE state = 'running'")
        for job in try rows.map({ try RetrainingJob($0) }) where !job.owner.isDead {
            throw FeedbackError(
                .busy, store: file.path,
                reason: "retraining \(job.id) runs; wait for its end, or stop siftd")
        }
    }

    private func checkEmpty(_ target: any SQLSession) throws {
        for table in StoreMigration.tables
        where try target.exists("SELECT 1 FROM \(table.name)", []) {
            throw failure(
                .invalid, "is not empty: it has rows of \(table.name); name an empty database")
        }
        guard try target.number("SELECT revision FROM store") == 0 else {
            throw failure(.invalid, "is not empty: labels were in it; name another database")
        }
        let known = try target.rows("SELECT secret FROM site")
        if let row = known.first {
            var columns = ColumnReader(row)
            guard try columns.bytes() == secret else {
                throw failure(
                    .invalid,
                    "a siftd with another secret has used it; stop all hosts and create the "
                        + "database anew")
            }
        }
    }

    private func copy(
        _ table: Table, _ source: any SQLSession, _ target: any SQLSession, done: (Int) -> Void
    ) throws {
        try forEachPage(table, source) { rows in
            for start in stride(from: 0, to: rows.count, by: StoreMigration.batch) {
                let part = rows[start..<min(start + StoreMigration.batch, rows.count)]
                let marks = Array(repeating: "?", count: table.columns.count)
                    .joined(separator: ", ")
                let lines = Array(repeating: "(\(marks))", count: part.count)
                    .joined(separator: ", ")
                try target.run(
                    "INSERT INTO \(table.name) (\(table.list)) VALUES \(lines)",
                    SQLArguments(part.flatMap(\.values)))
            }
            done(rows.count)
        }
    }

    private func forEachPage(
        _ table: Table, _ db: any SQLSession, _ body: ([SQLRow]) throws -> Void
    ) throws {
        var last = Int64.min
        while true {
            let rows = try db.rows(
                "SELECT \(table.list) FROM \(table.name) WHERE id > ? ORDER BY id LIMIT ?",
                [last, FeedbackTables.pageSize])
            guard let end = rows.last?.values.first.flatMap({ Int64($0) }) else { return }
            try body(rows)
            last = end
        }
    }

    /// New rows get larger ids than any row had before.
    private func continueIDs(
        _ table: Table, _ source: any SQLSession, _ target: any SQLSession
    ) throws {
        let last = try source.number(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name])
        guard last > 0 else { return }
        _ = try target.rows(
            "SELECT setval(pg_get_serial_sequence('\(table.name)', 'id'), ?)", [last])
    }

    private func copyState(_ source: any SQLSession, _ target: any SQLSession) throws {
        let revision = try source.number("SELECT revision FROM store")
        try target.run(
            "UPDATE store SET revision = ?, rewritten = ?",
            [revision, try source.number("SELECT rewritten FROM store")])
        try target.run(
            "INSERT INTO site (id, secret) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
            [Data(secret)])
        if revision > 0 { try target.announce(revision) }
    }

    /// Counts and digests what one side has.
    private func result(_ db: any SQLSession) throws -> Result {
        var result = Result()
        var digest: [UInt8] = []
        var counts: [Int] = []
        for table in StoreMigration.tables {
            var count = 0
            try forEachPage(table, db) { rows in
                count += rows.count
                var bytes = digest
                for row in rows { for value in row.values { value.append(to: &bytes) } }
                digest = SHA256.digest(bytes)
            }
            counts.append(count)
        }
        (result.labels, result.history, result.retrainings) = (counts[0], counts[1], counts[2])
        result.revision = try db.number("SELECT revision FROM store")
        let rewritten = try db.number("SELECT rewritten FROM store")
        for number in [result.revision, rewritten] {
            SQLValue.integer(number).append(to: &digest)
        }
        result.digest = SHA256.hex(digest)
        return result
    }
}

extension SQLValue {
    /// Appends the value in a form that no other value has.
    fileprivate func append(to bytes: inout [UInt8]) {
        func append(_ tag: UInt8, _ content: some Collection<UInt8>) {
            bytes.append(tag)
            withUnsafeBytes(of: UInt64(content.count).littleEndian) {
                bytes.append(contentsOf: $0)
            }
            bytes.append(contentsOf: content)
        }
        func append(_ tag: UInt8, _ bits: UInt64) {
            append(tag, withUnsafeBytes(of: bits.littleEndian) { Array($0) })
        }
        switch self {
        case .null: append(0, [])
        case .integer(let number): append(1, UInt64(bitPattern: number))
        case .real(let number): append(2, number.bitPattern)
        case .text(let text): append(3, text.utf8)
        case .bytes(let data): append(4, data)
        }
    }
}
