import FilterTestKit
import Foundation
import PostgreSQL
import Testing

@testable import Feedback

/// What a site has taught moves from a file into a database.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct StoreMigrationTests {
    private let folder: TemporaryFolder
    private static let secret = [UInt8](repeating: 3, count: 16)

    init() throws { folder = try TemporaryFolder() }

    /// A store with labels in each state, gaps between ids, an archived label, a history and
    /// retrainings.
    private func filled(_ options: FeedbackOptions) throws -> SQLiteFeedbackStore {
        let store = try SQLiteFeedbackStore(path: folder.file("labels.sqlite"), options: options)
        for message in 0..<700 {
            var label = try Sample.label(
                message, message % 2 == 0 ? .spam : .ham, by: "admin", near: UInt64(message / 3))
            label.weight = 1 / Double(message + 1)
            label.score.modelLogit = -0.1 * Double(message)
            if message % 5 == 0 { label.payload = nil }
            _ = try store.add(label)
        }
        for message in 800..<806 { _ = try store.add(Sample.label(message, .spam)) }
        _ = try store.add(Sample.label(1, .spam))
        // The same once more, later.
        _ = try store.add(Sample.label(800, .spam, at: Sample.now + 60))
        _ = try store.remove(.message(try Sample.digest(698)))
        _ = try store.remove(.message(try Sample.digest(699)))
        _ = try store.appendHistory((0..<90).map { try Sample.entry($0) })
        guard
            case .started(let job) = try store.startRetraining(
                reason: "test", owner: .current, time: 1_000, lease: 60)
        else { throw CancellationError() }
        _ = try store.archive(upTo: 300, job: job.id)
        try store.finishRetraining(
            job.id, RetrainingEnd(state: .refused, candidate: "m2", figures: "{}", time: 1_200))
        return store
    }

    @Test("Everything arrives as it was, and both go on alike")
    func whole() throws {
        var options = FeedbackOptions()
        options.dailyQuota = 3
        let file = try filled(options)
        let database = try SharedDatabase()
        let store = try database.store { $0 = options }
        var rows = 0
        let result = try StoreMigration(
            from: file, to: store, secret: StoreMigrationTests.secret
        ).run { rows = $0 }
        #expect(result.labels == 705 && result.history == 90 && result.retrainings == 1)
        #expect(rows == 796 && result.digest.count == 64)
        #expect(result.revision == (try file.revision()))
        #expect(try store.siteSecret(proposed: [0]) == StoreMigrationTests.secret)
        #expect(
            try store.labels(.all, state: nil, after: 0, limit: 1_000)
                == file.labels(.all, state: nil, after: 0, limit: 1_000))
        #expect(try store.replayed() == file.replayed())
        #expect(
            try store.history(HistoryQuery(limit: 100)) == file.history(HistoryQuery(limit: 100)))
        #expect(try store.retrainings(limit: 9) == file.retrainings(limit: 9))
        var (status, before) = (try store.status(), try file.status())
        (status.bytes, before.bytes) = (0, 0)
        #expect(status == before)
        // The ids of removed labels are not used again.
        let label = try Sample.label(900, .spam, by: "admin")
        #expect(try store.add(label) == file.add(label))
        #expect(try store.replayed().last == file.replayed().last)
        #expect(
            try store.appendHistory([Sample.entry(1)]) == file.appendHistory([Sample.entry(1)]))
        try store.check()
        // Somebody said so once more: what he said in between and arrives late does not hold.
        let late = StoreOperation(
            .add([try Sample.label(800, .ham, at: Sample.now + 30)]), time: Sample.now + 30)
        guard case .receipts(let receipts) = try store.perform(late, isLate: true) else {
            return #expect(Bool(false), "no receipts")
        }
        #expect(receipts.map(\.outcome) == [.overtaken])
    }

    @Test("A database that has been used is refused, and stays as it is")
    func notEmpty() throws {
        let file = try filled(FeedbackOptions())
        let store = try SharedDatabase().store()
        _ = try store.add(Sample.label(5, .spam))
        func migrate(_ store: PostgreSQLFeedbackStore, _ secret: [UInt8]) throws {
            _ = try StoreMigration(from: file, to: store, secret: secret).run()
        }
        #expect {
            try migrate(store, StoreMigrationTests.secret)
        } throws: { "\($0)".contains("is not empty") }
        #expect(try store.active() == ["5 spam"])
        _ = try store.remove(.all)
        #expect {
            try migrate(store, StoreMigrationTests.secret)
        } throws: { "\($0)".contains("labels were in it") }
        let other = try SharedDatabase().store()
        _ = try other.siteSecret(proposed: [UInt8](repeating: 9, count: 16))
        #expect {
            try migrate(other, StoreMigrationTests.secret)
        } throws: { "\($0)".contains("another secret") }
        #expect(try other.status().states.isEmpty)
    }

    @Test("What arrives otherwise than it was sent is undone")
    func verified() throws {
        let file = try filled(FeedbackOptions())
        let database = try SharedDatabase()
        let store = try database.store()
        _ = try store.revision()
        try database.run(
            """
            CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN IF NEW.id = 400 THEN NEW.logit := NEW.logit + 1e-9; END IF; RETURN NEW; END'
            """)
        try database.run(
            "CREATE TRIGGER spoil BEFORE INSERT ON label FOR EACH ROW EXECUTE FUNCTION spoil()")
        #expect {
            try StoreMigration(
                from: file, to: store, secret: StoreMigrationTests.secret
            ).run()
        } throws: { "\($0)".contains("not what was sent") }
        #expect(try store.status().states.isEmpty && store.revision() == 0)
        #expect(try file.status().states.values.reduce(0, +) == 705)
    }

    @Test("A retraining that runs is waited for")
    func running() throws {
        let file = try filled(FeedbackOptions())
        _ = try file.startRetraining(reason: "a", owner: .current, time: 5_000, lease: 60)
        #expect {
            try StoreMigration(
                from: file, to: try SharedDatabase().store(), secret: StoreMigrationTests.secret
            ).run()
        } throws: { ($0 as? FeedbackError)?.kind == .busy }
    }
}
