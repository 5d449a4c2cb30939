import Foundation

/// The changes of one transaction to the table of labels, with their revisions.
///
/// Each state is a function of what the sources have said, so that removing a label leaves what
/// would be there without it.
struct LabelLedger {
    let db: any SQLSession
    let options: FeedbackOptions
    /// The number of the last change.
    private(set) var revision: Int64
    /// The number of the last change that was no mere addition of an active label.
    private var rewritten: Int64
    /// The revision before the transaction.
    private let base: Int64
    /// The messages whose labels must be looked at again.
    private var touched: Set<Data> = []

    /// Seconds for which a quota counts.
    private static let day: Int64 = 86_400

    init(_ db: any SQLSession, options: FeedbackOptions) throws {
        self.db = db
        self.options = options
        try db.lockStore()
        let rows = try db.rows("SELECT revision, rewritten FROM store")
        guard let row = rows.first else {
            throw StoreDamage(description: "the revision is missing")
        }
        var columns = ColumnReader(row)
        revision = try columns.next()
        rewritten = try columns.next()
        base = revision
        if revision < db.newestRevision {
            // Other hosts may know labels under the numbers that would come next: they replay.
            revision = db.newestRevision
            markRewritten()
        }
    }

    /// The number of a new change.
    mutating func nextRevision() -> Int64 {
        revision += 1
        return revision
    }

    /// Records that readers must replay.
    mutating func markRewritten() { rewritten = nextRevision() }

    /// Records that the labels of a message must be looked at again.
    mutating func touch(_ digest: Data) { touched.insert(digest) }

    /// Brings states up to date, stores the revision and announces it.
    mutating func finish() throws {
        try settle()
        try db.run("UPDATE store SET revision = ?, rewritten = ?", [revision, rewritten])
        if revision != base { try db.announce(revision) }
    }

    /// The labels of a message.
    func entries(of digest: Data) throws -> [LabelEntry] {
        try db.rows("SELECT \(LabelEntry.columns) FROM label WHERE digest = ?", [digest])
            .map { try LabelEntry($0) }
    }

    /// Labels of one source and class within a day before or after a time, without those of a
    /// message.
    func isWithinQuota(_ label: NewLabel) throws -> Bool {
        let count = try db.number(
            """
            SELECT COUNT(*) FROM label WHERE source = ? AND class = ? AND time > ? AND time < ?
            AND admission = 'counted' AND is_duplicate = 0 AND digest <> ?
            """,
            [
                label.source.description, label.labelClass.rawValue, label.time - LabelLedger.day,
                label.time + LabelLedger.day, Data(label.digest.bytes),
            ])
        return count < options.dailyQuota
    }

    /// Whether the source has labelled the message at a later time.
    func isOvertaken(_ label: NewLabel) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM label WHERE digest = ? AND source = ? AND (time > ? OR said > ?)",
            [Data(label.digest.bytes), label.source.description, label.time, label.time])
    }

    /// Whether as many labels of the source wait as may.
    func isWaitingFull(_ source: LabelSource) throws -> Bool {
        let count = try db.number(
            "SELECT COUNT(*) FROM label WHERE source = ? AND state IN ('held', 'duplicate')",
            [source.description])
        return count >= options.waitingLimit
    }

    /// Whether another label of the group counts already.
    func isDuplicate(_ group: NearGroup?, except digest: Data) throws -> Bool {
        guard let group else { return false }
        return try db.exists(
            """
            SELECT 1 FROM label WHERE source = ? AND class = ? AND near_key = ?
            AND is_duplicate = 0 AND admission <> 'held' AND digest <> ?
            """,
            [group.source, group.labelClass.rawValue, group.key, digest])
    }

    /// Whether another person has the opinion.
    func isAgreed(_ opinion: Opinion, except person: String) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM label WHERE class = ? AND person <> ? AND (digest = ? OR near_key = ?)
            """,
            [opinion.labelClass.rawValue, person, opinion.digest, opinion.nearKey])
    }

    /// Lets held labels count, at the end of the order.
    ///
    /// - Returns: how many there were.
    mutating func release(_ held: [LabelEntry], as admission: Admission) throws -> Int {
        for entry in held {
            let number = nextRevision()
            try db.run(
                """
                UPDATE label SET admission = ?, is_duplicate = ?, sequence = ?, revision = ?
                WHERE id = ?
                """,
                [
                    admission.rawValue, try isDuplicate(entry.group, except: entry.digest), number,
                    number, entry.id,
                ])
            touch(entry.digest)
        }
        return held.count
    }

    /// Held labels of other people with the opinion.
    func held(_ opinion: Opinion, except person: String) throws -> [LabelEntry] {
        try db.rows(
            """
            SELECT \(LabelEntry.columns) FROM label WHERE class = ? AND person <> ?
            AND (digest = ? OR near_key = ?) AND admission = 'held' ORDER BY given
            """,
            [opinion.labelClass.rawValue, person, opinion.digest, opinion.nearKey]
        ).map { try LabelEntry($0) }
    }

    /// Undoes what labels did for others that are no longer there.
    mutating func withdraw(_ entries: [LabelEntry]) throws {
        for entry in entries { touch(entry.digest) }
        for opinion in Set(entries.map(\.opinion)) { try withdrawAgreement(opinion) }
        for group in Set(entries.compactMap(\.group)) { try electRepresentative(group) }
    }

    /// Holds labels again that only a withdrawn label agreed with.
    private mutating func withdrawAgreement(_ opinion: Opinion) throws {
        let agreed = try db.rows(
            """
            SELECT \(LabelEntry.columns) FROM label WHERE class = ?
            AND (digest = ? OR near_key = ?) AND admission = 'agreed'
            """, [opinion.labelClass.rawValue, opinion.digest, opinion.nearKey])
        for entry in try agreed.map({ try LabelEntry($0) })
        where try !isAgreed(entry.opinion, except: entry.person) {
            try db.run(
                "UPDATE label SET admission = 'held', is_duplicate = 0 WHERE id = ?", [entry.id])
            touch(entry.digest)
            if let group = entry.group { try electRepresentative(group) }
        }
    }

    /// Lets the first of a group's labels count when none does.
    private mutating func electRepresentative(_ group: NearGroup) throws {
        guard try !isDuplicate(group, except: Data()) else { return }
        let next = try db.rows(
            """
            SELECT \(LabelEntry.columns) FROM label WHERE source = ? AND class = ?
            AND near_key = ? AND admission <> 'held' ORDER BY sequence LIMIT 1
            """, [group.source, group.labelClass.rawValue, group.key]
        ).map { try LabelEntry($0) }
        for entry in next {
            try db.run("UPDATE label SET is_duplicate = 0 WHERE id = ?", [entry.id])
            touch(entry.digest)
        }
    }

    /// Gives the labels of all touched messages their states.
    private mutating func settle() throws {
        // The order decides about revisions, which must not depend on a hash seed.
        for digest in touched.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let entries = try entries(of: digest)
            let inForce = Precedence.inForce(entries)
            for entry in entries {
                let state: LabelState =
                    if entry.admission == .held {
                        .held
                    } else if entry.id != inForce?.id {
                        .superseded
                    } else {
                        entry.isDuplicate ? .duplicate : .active
                    }
                try set(state, for: entry)
            }
        }
        touched = []
    }

    private mutating func set(_ state: LabelState, for entry: LabelEntry) throws {
        guard state != entry.state else { return }
        let isAppended = state == .active && entry.sequence > base
        if (state == .active && !isAppended) || entry.state == .active { markRewritten() }
        try db.run(
            "UPDATE label SET state = ?, revision = ? WHERE id = ?",
            [state.rawValue, nextRevision(), entry.id])
    }

    /// Brings states up to date between two labels of one transaction.
    mutating func settleNow() throws { try settle() }
}
