import Foundation

extension FeedbackTables {
    /// Adds entries to the history and removes those that are too many.
    func appendHistory(_ entries: [HistoryEntry]) throws(FeedbackError) -> [Int64] {
        for entry in entries {
            if let defect = entry.defect { throw invalid(defect) }
        }
        return try engine.write { db in
            var ids: [Int64] = []
            var rest = entries[...]
            while !rest.isEmpty {
                ids += try HistoryEntry.insert(rest.prefix(HistoryEntry.mostInStatement), db)
                rest = rest.dropFirst(HistoryEntry.mostInStatement)
            }
            try db.run(
                "DELETE FROM history WHERE id <= (SELECT MAX(id) FROM history) - ?",
                [options.historyLimit])
            return ids
        }
    }

    /// One page of the history, newest first.
    func history(_ query: HistoryQuery) throws(FeedbackError) -> [HistoryEntry] {
        var conditions = ["id < ?"]
        var arguments: SQLArguments = [query.before ?? Int64.max]
        if let verdict = query.verdict {
            conditions.append("verdict = ?")
            arguments += [verdict]
        }
        if let domain = query.senderDomain {
            conditions.append("sender_domain = ?")
            arguments += [domain]
        }
        if let key = query.messageKey {
            conditions.append("message_key = ?")
            arguments += [Int64(bitPattern: key)]
        }
        if let digest = query.digest {
            conditions.append("digest = ?")
            arguments += [Data(digest.bytes)]
        }
        arguments += [max(query.limit, 0)]
        return try engine.read { db in
            try db.rows(
                """
                SELECT \(HistoryEntry.columns) FROM history
                WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?
                """, arguments
            ).map { try HistoryEntry($0) }
        }
    }

    /// Removes entries of the history from before a time.
    func purgeHistory(before time: Int64) throws(FeedbackError) -> Int {
        try engine.write { db in
            try db.run("DELETE FROM history WHERE time < ?", [time])
        }
    }
}

extension HistoryEntry {
    /// A database on another host takes as long to answer for one row as for many.
    fileprivate static let mostInStatement = 100

    /// Adds entries with one statement.
    ///
    /// - Returns: their ids in their order.
    fileprivate static func insert(
        _ entries: some Collection<HistoryEntry>, _ db: any SQLSession
    ) throws -> [Int64] {
        let row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        var arguments: SQLArguments = []
        for entry in entries {
            arguments += [
                entry.time, Data(entry.digest.bytes), entry.queueID, entry.senderDomain,
                entry.score.verdict, entry.score.probability, entry.score.modelID,
                entry.score.modelLogit, entry.action,
                entry.nearDuplicateKey.map { Int64(bitPattern: $0) },
                entry.messageKey.map { Int64(bitPattern: $0) }, entry.features.version,
                Data(entry.features.bytes),
            ]
        }
        let rows = try db.rows(
            """
            INSERT INTO history (time, digest, queue_id, sender_domain, verdict, probability,
            model, logit, action, near_key, message_key, feature_version, features)
            VALUES \(Array(repeating: row, count: entries.count).joined(separator: ", "))
            RETURNING id
            """, arguments)
        // Ids rise in the order of the rows; the order of the answer is not promised.
        return try rows.map { row in
            var columns = ColumnReader(row)
            return try columns.next()
        }.sorted()
    }

    static let columns = """
        id, time, digest, queue_id, sender_domain, verdict, probability, model, logit, action, \
        near_key, message_key, feature_version, features
        """

    init(_ row: SQLRow) throws {
        var columns = ColumnReader(row)
        let id: Int64 = try columns.next()
        let time: Int64 = try columns.next()
        let digest = try columns.make { (data: Data) in MessageDigest([UInt8](data)) }
        let queueID: String = try columns.next()
        let senderDomain: String = try columns.next()
        let score = try MessageScore(&columns)
        let action: String = try columns.next()
        let nearKey: Int64? = try columns.optional()
        let messageKey: Int64? = try columns.optional()
        self.init(
            id: id, time: time, digest: digest, queueID: queueID, senderDomain: senderDomain,
            score: score, action: action,
            features: LabelFeatures(version: try columns.next(), bytes: try columns.bytes()),
            nearDuplicateKey: nearKey.map { UInt64(bitPattern: $0) },
            messageKey: messageKey.map { UInt64(bitPattern: $0) })
    }
}
