import Feedback
import FilterTestKit
import Foundation
import PostgreSQL
import Testing

/// What several hosts do to one database, and what happens to it.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct PostgreSQLFeedbackStoreTests {
    @Test("Of hosts that start at once on an empty database, one makes the tables")
    func migration() async throws {
        let database = try SharedDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in 0..<6 {
                group.addTask {
                    _ = try database.store(host: "mx\(host)").add(Sample.label(host, .spam))
                }
            }
            try await group.waitForAll()
        }
        #expect(try database.store().active().count == 6)
        #expect(try database.run("SELECT COUNT(*) FROM siftd_schema").first?.int(0) == 1)
    }

    @Test("Tables that a newer siftd has changed are used while it permits that, else refused")
    func newerVersion() throws {
        let database = try SharedDatabase()
        _ = try database.store().add(Sample.label(1, .spam))
        try database.run("UPDATE siftd_schema SET version = 99, readable_from = 1")
        #expect(try database.store().active() == ["1 spam"])
        try database.run("UPDATE siftd_schema SET readable_from = 99")
        #expect {
            try database.store().active()
        } throws: {
            ($0 as? FeedbackError)?.kind == .newerVersion && "\($0)".contains("newer")
        }
    }

    @Test("A role without a schema to create in is told what an admin has to do")
    func noSchema() throws {
        let database = try SharedDatabase()
        try database.run("DROP SCHEMA public")
        #expect {
            try database.store().revision()
        } throws: {
            ($0 as? FeedbackError)?.kind == .unavailable && "\($0)".contains("CREATE SCHEMA siftd")
        }
    }

    @Test("The tables are in the schema of the role's name where there is one")
    func schemaOfRole() throws {
        let database = try SharedDatabase()
        try database.run("CREATE SCHEMA \(PostgreSQLServer.superuser)")
        _ = try database.store().add(Sample.label(1, .spam))
        let found = try database.run(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'label'")
        #expect(try found.rows.map { try $0.text(0) } == [PostgreSQLServer.superuser])
    }

    @Test("While the database is away calls say so, and work again when it is back")
    func away() throws {
        let database = try SharedDatabase(isStopped: true)
        let store = try database.store()
        _ = try store.add(Sample.label(1, .spam))
        database.server.kill()
        for _ in 0..<3 {
            #expect {
                try store.add(Sample.label(2, .spam))
            } throws: { ($0 as? FeedbackError)?.kind == .unavailable }
        }
        try database.server.start()
        #expect(waitUntil(seconds: 120) { (try? store.revision()) != nil })
        #expect(try store.active() == ["1 spam"])
        #expect(try store.outcome(Sample.label(2, .spam)) == .stored)
    }

    @Test("The same labels in any interleaving of hosts have one order on all of them")
    func order() async throws {
        let database = try SharedDatabase()
        let stores = try (0..<3).map { try database.store(host: "mx\($0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (host, store) in stores.enumerated() {
                group.addTask {
                    for message in 0..<30 {
                        let label = try Sample.label(
                            message % 20, message % 3 == host ? .ham : .spam,
                            by: "user:u\(host)@example.org", near: UInt64(message % 7))
                        _ = try store.add(label)
                        if message % 10 == 9 {
                            _ = try store.forget(
                                Sample.digest(message - 5),
                                by: LabelSource(parsing: "user:u\(host)@example.org"))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seen = try stores.map { try $0.replayed() }
        #expect(seen[0] == seen[1] && seen[1] == seen[2])
        #expect(Set(seen[0].map(\.sequence)).count == seen[0].count && !seen[0].isEmpty)
        try stores[0].check()
    }

    @Test(
        "After a restore no host takes new changes for those that it knows",
        arguments: [true, false])
    func restored(isWritten: Bool) throws {
        let database = try SharedDatabase()
        let stores = try (0..<2).map { try database.store(host: "mx\($0)") }
        for message in 1...5 { _ = try stores[0].add(Sample.label(message, .spam)) }
        let known = try stores.map { try $0.revision() }
        try database.run("DELETE FROM label WHERE sequence > 3")
        try database.run("UPDATE store SET revision = 3")
        // Whether a host looks or writes first: the number goes beyond what it has seen.
        if isWritten { _ = try stores[0].add(Sample.label(8, .ham)) }
        let next = try stores[0].revision()
        #expect(next > known[0])
        for store in stores {
            #expect(try store.changes(since: known[1], limit: 9) == .rewritten)
        }
        #expect(try stores[1].revision() == next)
        #expect(try stores[0].replayed() == stores[1].replayed())
    }

    @Test("Every change of labels is notified with its revision, and nothing else is")
    func notification() throws {
        let database = try SharedDatabase()
        let store = try database.store()
        _ = try store.revision()
        let events = Collected<PostgreSQLListener.Event>()
        let listener = PostgreSQLListener(
            store.pool.address, channels: [PostgreSQLFeedbackStore.labelsChannel]
        ) { events.add($0) }
        listener.start()
        defer { listener.stop() }
        #expect(waitUntil(seconds: 120) { events.all == [.connected] })
        _ = try store.appendHistory([Sample.entry(1)])
        _ = try store.add(Sample.label(1, .spam))
        _ = try store.add(Sample.label(1, .spam))
        _ = try store.remove(.all)
        let last = try store.revision()
        func revision(_ event: PostgreSQLListener.Event) -> Int64? {
            guard case .notification(_, let payload) = event else { return nil }
            return Int64(payload)
        }
        #expect(waitUntil(seconds: 120) { events.all.compactMap(revision).last == last })
        #expect(events.all.count == 3, "one for the label and one for its removal: \(events.all)")
    }

    @Test("An operation that is repeated is done once, also by another host after a restart")
    func repeated() throws {
        let database = try SharedDatabase()
        let add = StoreOperation(.add([try Sample.label(1, .spam)]), time: Sample.now)
        guard case .receipts(let receipts) = try database.store().perform(add) else {
            Issue.record("no receipts")
            return
        }
        #expect(receipts.map(\.outcome) == [.stored])
        let other = try database.store(host: "mx2")
        #expect(try other.perform(add) == .repeated)
        let remove = StoreOperation(.remove(.message(try Sample.digest(1))), time: Sample.now)
        guard case .removal(let removal) = try other.perform(remove) else {
            Issue.record("no removal")
            return
        }
        #expect(removal.count == 1)
        _ = try other.add(Sample.label(1, .ham))
        #expect(try other.perform(remove) == .repeated)
        #expect(try other.perform(add, isLate: true) == .repeated)
        #expect(try other.active() == ["1 ham"])
    }

    @Test("What people have said since holds against an operation that comes late")
    func late() throws {
        let store = try SharedDatabase().store()
        let now = Sample.now
        _ = try store.add([
            Sample.label(1, .ham, at: now + 10), Sample.label(2, .ham, at: now - 10),
            Sample.label(3, .ham, by: "user:bob@example.org", at: now + 10),
        ])
        func perform(_ change: StoreOperation.Change) throws -> StoreOperation.Answer {
            try store.perform(StoreOperation(change, time: now), isLate: true)
        }
        guard
            case .receipts(let receipts) = try perform(
                .add((1...3).map { try Sample.label($0, .spam, at: now) }))
        else {
            Issue.record("no receipts")
            return
        }
        #expect(receipts.map(\.outcome) == [.overtaken, .relabelled, .relabelled])
        #expect(try store.active() == ["1 ham", "2 spam", "3 spam"])
        _ = try perform(.remove(.all))
        #expect(try store.active() == ["1 ham", "3 ham"])
    }

    @Test("What people have said once more since holds against an operation that comes late")
    func lateAfterRepeated() throws {
        let store = try SharedDatabase().store()
        let now = Sample.now
        _ = try store.add(Sample.label(1, .ham, at: now - 10))
        // Another person's word takes the first one out of force; said once more, it holds again.
        _ = try store.add([
            Sample.label(2, .ham, at: now - 10),
            Sample.label(2, .spam, by: "user:bob@example.org", at: now - 5),
        ])
        #expect(try store.outcome(Sample.label(1, .ham, at: now + 10)) == .alreadyKnown)
        #expect(try store.outcome(Sample.label(2, .ham, at: now + 10)) != .alreadyKnown)
        for message in 1...2 {
            let late = StoreOperation(.add([try Sample.label(message, .spam, at: now)]), time: now)
            guard case .receipts(let receipts) = try store.perform(late, isLate: true) else {
                Issue.record("no receipts")
                return
            }
            #expect(receipts.map(\.outcome) == [.overtaken])
        }
        #expect(try store.active() == ["1 ham", "2 ham"])
    }

    @Test("The first host's secret becomes that of the site")
    func secret() async throws {
        let database = try SharedDatabase()
        let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for host in 0..<4 {
                group.addTask {
                    try database.store().siteSecret(
                        proposed: [UInt8](repeating: UInt8(host), count: 16))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(secrets).count == 1 && secrets.count == 4)
    }

    @Test(
        "A trainer on another host keeps its retraining while it is connected, and loses it after")
    func trainerLock() throws {
        let database = try SharedDatabase()
        let elsewhere = LeaseOwner(domain: "another boot", processID: 1, startTicks: 1)
        let store = try database.store()
        let time = try store.time()
        func start() throws -> RetrainingStart {
            try store.startRetraining(
                reason: "test", owner: .current, time: try store.time(), lease: 900)
        }
        guard
            case .started(let job) = try store.startRetraining(
                reason: "test", owner: elsewhere, time: time, lease: 900)
        else {
            Issue.record("busy")
            return
        }
        let trainer = Process()
        let output = Pipe()
        trainer.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("feedback-probe")
        trainer.arguments = ["hold", database.url, "\(job.id)"]
        trainer.standardOutput = output
        try trainer.run()
        #expect(!output.fileHandleForReading.availableData.isEmpty, "it holds the lock")
        // As if it had not been heard of for a while: it is connected still.
        try database.run("UPDATE retraining SET renewed = renewed - 60")
        #expect(try start() == .busy(try #require(try store.retrainings(limit: 1).first)))
        // It is killed, and the server ends the session that holds the lock.
        kill(trainer.processIdentifier, SIGKILL)
        trainer.waitUntilExit()
        var second: RetrainingStart?
        #expect(
            waitUntil(seconds: 120) {
                second = try? start()
                if case .started = second { return true }
                return false
            })
        #expect(try store.retrainings(limit: 9).map(\.state) == [.running, .abandoned])
    }

    @Test("A trainer that was heard of a moment ago is not taken for dead when its server restarts")
    func trainerGrace() throws {
        let database = try SharedDatabase()
        let elsewhere = LeaseOwner(domain: "another boot", processID: 1, startTicks: 1)
        let store = try database.store()
        let time = try store.time()
        _ = try store.startRetraining(reason: "a", owner: elsewhere, time: time, lease: 900)
        let answer = try store.startRetraining(
            reason: "b", owner: .current, time: time, lease: 900)
        guard case .busy = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test("Damage that somebody has done to the tables is found")
    func check() throws {
        let database = try SharedDatabase()
        let store = try database.store()
        _ = try store.add([Sample.label(1, .spam), Sample.label(1, .spam, by: "admin")])
        try store.check()
        try database.run("UPDATE label SET state = 'active'")
        #expect {
            try store.check()
        } throws: {
            ($0 as? FeedbackError)?.kind == .corrupt && "\($0)".contains("two labels in force")
        }
    }
}
