import Foundation

/// What was taken back since some time, so that a label from before it that arrives late does not
/// come back.
struct LateRemovals {
    private let removals: [(time: Int64, selection: LabelSelection)]

    /// Reads the removals after a time, in seconds since 1970.
    init(after time: Int64, _ db: any SQLSession) throws {
        // The labels of an operation may be older than it.
        let first = time - LateRemovals.margin
        removals = try db.rows("SELECT time, change FROM removal WHERE time > ?", [first])
            .compactMap { row in
                var columns = ColumnReader(row)
                let time: Int64 = try columns.next()
                let operation = try StoreOperation(
                    id: UUID(), time: time, encoded: try columns.next())
                guard case .remove(let selection) = operation.change else { return nil }
                return (time, selection)
            }
    }

    private static let margin: Int64 = 86_400

    /// Whether a label was taken back after it was given.
    func include(_ label: NewLabel) -> Bool {
        removals.contains { $0.time > label.time && $0.selection.includes(label) }
    }

    /// Remembers an operation that takes labels back.
    static func record(_ operation: StoreOperation, _ db: any SQLSession) throws {
        try db.run(
            "INSERT INTO removal (time, change) VALUES (?, ?)",
            [operation.time, try operation.encoded])
    }
}

extension LabelSelection {
    /// Whether the label is one of those that the selection means; as ``condition`` in SQL.
    func includes(_ label: NewLabel) -> Bool {
        switch self {
        case .all: true
        case .message(let digest): label.digest == digest
        case .messageBy(let digest, let source): label.digest == digest && label.source == source
        case .source(let source): label.source == source
        case .person(let person): label.source.person == person.lowercased()
        case .mailbox(let mailbox): label.mailbox == mailbox
        case .time(let range): range.contains(label.time)
        case .before(let time): label.time < time
        }
    }
}
