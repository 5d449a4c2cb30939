import Dispatch
import Feedback
import FilterPolicy
import Foundation
import Glibc
import MailText
import Models
import Scoring
import SiteLearning
import SiteMemory
import Synchronization

/// What a table holds, and what became of its rows.
public struct TableImport: Codable, Sendable, Equatable {
    /// Usable rows of each class.
    public var ham = 0
    /// See ``ham``.
    public var spam = 0
    /// Rows that can't be used.
    public var defects = 0
    /// The first of them, in words.
    public var firstDefects: [String] = []
    /// What became of the labels, by the outcome's name; empty when none was stored.
    public var outcomes: [String: Int] = [:]

    enum CodingKeys: String, CodingKey {
        case ham, spam, defects, outcomes
        case firstDefects = "first_defects"
    }

    /// Rows that are named at most.
    private static let namedDefects = 20
    /// More rows than retraining ever reads would only fill the disk.
    public static let mostRows = 200_000
    /// Labels that are stored in one transaction.
    private static let batch = 1_000

    private init() {}

    /// Looks through a table without storing anything.
    ///
    /// - Parameter path: of the file.
    /// - Returns: its rows by class; all of them are usable.
    /// - Throws: ``RetrainingError`` of the kind `missingTable` for a file that does not exist, of
    ///   the kind `table` for one that is empty, has unusable rows, one class alone, or more than
    ///   ``mostRows`` rows.
    public static func checked(_ path: String) throws -> TableImport {
        var found = TableImport()
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw RetrainingError(
                .table, "\(path) is no file; a table is read twice, so write it into one")
        }
        try LabelTable(path: path).read { row in
            if row.isSpam { found.spam += 1 } else { found.ham += 1 }
            guard found.ham + found.spam <= mostRows else {
                throw RetrainingError(
                    .table,
                    "\(path) has more than \(mostRows) rows; a sample of them teaches as "
                        + "much, for retraining reads the newest labels alone")
            }
        } defect: { defect in
            found.defects += 1
            if found.firstDefects.count < namedDefects {
                found.firstDefects.append("\(defect)")
            }
        }
        try found.check(path)
        return found
    }

    private func check(_ path: String) throws {
        if defects > 0 {
            let more = defects - firstDefects.count
            let lines = firstDefects + (more > 0 ? ["and \(more) more"] : [])
            throw RetrainingError(
                .table,
                "\(path) has \(defects) broken \(defects == 1 ? "row" : "rows"), nothing "
                    + "was stored:\n  " + lines.joined(separator: "\n  "))
        }
        guard ham + spam > 0 else {
            throw RetrainingError(.table, "\(path) has a header and no row")
        }
        guard ham > 0, spam > 0 else {
            throw RetrainingError(
                .table, "\(path) has \(ham) ham and \(spam) spam; a filter needs both")
        }
    }

    /// Stores the rows of a table as labels of an admin.
    ///
    /// - Parameters:
    ///   - path: of the file, which is checked first: nothing is stored of a table that
    ///     ``checked(_:)`` refuses.
    ///   - store: the labels.
    ///   - judge: with the model in force and what the site has taught, for logits and features.
    ///   - source: who says so.
    ///   - progress: called with the number of rows stored so far.
    /// - Returns: what became of the rows.
    /// - Throws: ``RetrainingError``, `FeedbackError`.
    public static func run(
        _ path: String, into store: any FeedbackStore, judge: Judge,
        source: LabelSource = .admin, progress: (Int) -> Void = { _ in }
    ) throws -> TableImport {
        var result = try checked(path)
        var rows: [LabelTable.Row] = []
        var stored = 0
        func flush() throws {
            for receipt in try store.add(labels(of: rows, judge, source)) {
                result.outcomes[receipt.outcome.rawValue, default: 0] += 1
            }
            stored += rows.count
            rows.removeAll(keepingCapacity: true)
            progress(stored)
        }
        try LabelTable(path: path).read { row in
            rows.append(row)
            if rows.count == batch { try flush() }
        } defect: { _ in
        }
        try flush()
        return result
    }

    private static func labels(
        of rows: [LabelTable.Row], _ judge: Judge, _ source: LabelSource
    ) throws -> [NewLabel] {
        let slots = Mutex<[NewLabel?]>(Array(repeating: nil, count: rows.count))
        DispatchQueue.concurrentPerform(iterations: rows.count) { index in
            let label = label(of: rows[index], judge, source)
            slots.withLock { $0[index] = label }
        }
        return slots.withLock { $0.compactMap { $0 } }
    }

    /// Nil for a row that can't be scored, such as when the weights give no number.
    private static func label(
        of row: LabelTable.Row, _ judge: Judge, _ source: LabelSource
    ) -> NewLabel? {
        let input = MailInput.text(row.text)
        guard
            case .success(let message) = judge.judge(
                judge.read(input), by: PolicySettings().applied(to: []), deadline: .distantFuture)
        else { return nil }
        let labelClass = row.isSpam ? LabelClass.spam : .ham
        let time = Int64(Date().timeIntervalSince1970)
        let content = message.asSeen.content
        let kept = Reservoir.Message(
            set: "site", label: labelClass.rawValue, date: time,
            tokens: ScoringModel.standardTokens(of: content))
        let features = message.asSeen.features
        return NewLabel(
            digest: MessageDigest(of: input), labelClass: labelClass, source: source, way: .csv,
            time: time, score: MessageScore(message),
            features: LabelFeatures(version: SiteFeatures.version, bytes: features?.encoded ?? []),
            payload: LabelPayload(.tokens, bytes: Reservoir([kept]).encoded),
            nearDuplicateKey: features?.nearDuplicateKey)
    }
}
