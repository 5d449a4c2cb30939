import Foundation

/// Why a label may count, or not yet.
enum Admission: String {
    /// Quotas don't hold for the source.
    case exempt
    /// Within the source's daily quota.
    case counted
    /// Over the quota, but another person has given the same label.
    case agreed
    /// Over the quota, but an admin has confirmed it.
    case confirmed
    /// Over the quota.
    case held
}

/// What decides about a label's state: a row of the table without its content.
struct LabelEntry {
    static let columns = """
        id, digest, source, person, rank, class, near_key, given, sequence, admission, \
        is_duplicate, state
        """

    var id: Int64
    var digest: Data
    var source: String
    var person: String
    var rank: Int
    var labelClass: LabelClass
    var nearKey: Int64?
    var given: Int64
    var sequence: Int64
    var admission: Admission
    var isDuplicate: Bool
    var state: LabelState

    init(_ row: SQLRow) throws {
        var columns = ColumnReader(row)
        id = try columns.next()
        digest = try columns.next()
        source = try columns.next()
        person = try columns.next()
        rank = try columns.next()
        labelClass = try columns.make { LabelClass(rawValue: $0) }
        nearKey = try columns.optional()
        given = try columns.next()
        sequence = try columns.next()
        admission = try columns.make { Admission(rawValue: $0) }
        isDuplicate = try columns.next()
        state = try columns.make { LabelState(rawValue: $0) }
    }

    /// The message and the class: what agreement is about.
    var opinion: Opinion { Opinion(labelClass: labelClass, digest: digest, nearKey: nearKey) }
    /// The labels of which one counts.
    var group: NearGroup? {
        nearKey.map { NearGroup(source: source, labelClass: labelClass, key: $0) }
    }
}

/// A class for a message and those near-identical to it.
struct Opinion: Hashable {
    var labelClass: LabelClass
    var digest: Data
    var nearKey: Int64?
}

/// The labels of one source and class for near-identical messages.
struct NearGroup: Hashable {
    var source: String
    var labelClass: LabelClass
    var key: Int64
}

/// Which label of a message is in force.
enum Precedence {
    /// Chooses among the labels of one message.
    ///
    /// The labels of the highest rank decide, and of those the last class that was given. The
    /// first label of that class since any other stays in force, so that further people who agree
    /// change nothing; one that near-duplicates don't count for goes before.
    ///
    /// - Parameter entries: all labels of a message, in any order.
    /// - Returns: the label in force; nil when none may count.
    static func inForce(_ entries: [LabelEntry]) -> LabelEntry? {
        let counting = entries.filter { $0.admission != .held }
        guard let rank = counting.map(\.rank).max() else { return nil }
        let deciding = counting.filter { $0.rank == rank }.sorted { $0.given < $1.given }
        guard let last = deciding.last else { return nil }
        let since = deciding.lastIndex { $0.labelClass != last.labelClass }.map { $0 + 1 } ?? 0
        let agreeing = deciding[since...]
        return agreeing.first { !$0.isDuplicate } ?? agreeing.first
    }
}
