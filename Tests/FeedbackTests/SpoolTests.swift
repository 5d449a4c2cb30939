import FilterTestKit
import Foundation
import GRDB
import PostgreSQL
import Testing

@testable import Feedback

/// Labels that wait on a host while the database is away.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct SpoolTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("spool.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    /// A host's store; nothing is delivered unless the test does so.
    private func host(_ database: SharedDatabase, seconds: Double = 2) throws
        -> SpooledFeedbackStore
    {
        SpooledFeedbackStore(
            try database.store(seconds: seconds), spool: try LabelSpool(path: path))
    }

    /// Delivers until nothing waits.
    private func deliver(_ store: SpooledFeedbackStore) -> Bool {
        waitUntil(seconds: 120) {
            _ = try? store.delivery.deliver()
            return (try? store.spool.isEmpty()) == true
        }
    }

    @Test("Without a fault labels go to the database at once, and nothing is kept")
    func direct() throws {
        let store = try host(try SharedDatabase())
        #expect(try store.outcome(Sample.label(1, .spam)) == .stored)
        #expect(try store.remove(.all).count == 1)
        #expect(try store.spool.status() == LabelSpool.Status())
    }

    @Test(
        "Labels are kept while the server is stopped or killed, and delivered once, in their order",
        arguments: [false, true])
    func serverAway(isKilled: Bool) throws {
        let database = try SharedDatabase(isStopped: true)
        let store = try host(database)
        // Before the requests below, which have the real time.
        func label(_ message: Int, _ labelClass: LabelClass) throws -> NewLabel {
            try Sample.label(message, labelClass, by: "admin", at: 1_700_000_000)
        }
        _ = try store.add(label(1, .spam))
        if isKilled { database.server.kill() } else { database.server.stop() }
        for message in 2...40 {
            #expect(try store.outcome(label(message, .spam)) == .kept)
        }
        #expect(try store.outcome(label(3, .ham)) == .kept)
        #expect(try store.forget(Sample.digest(1), by: .admin).isKept)
        #expect(try store.spool.status().entries == 41)
        // A new process finds them.
        let reopened = try host(database)
        try database.server.start()
        #expect(deliver(reopened))
        let expected = (2...40).filter { $0 != 3 }.map { "\($0) spam" } + ["3 ham"]
        #expect(try reopened.active() == expected)
        #expect(try reopened.spool.status().refused == 0)
        #expect(try database.run("SELECT COUNT(*) FROM operation").first?.int(0) == 42)
    }

    @Test("A server that is silent in mid-answer loses no label and doubles none")
    func silentServer() throws {
        let database = try SharedDatabase(isStopped: true)
        let store = try host(database, seconds: 0.5)
        _ = try store.add(Sample.label(1, .spam, by: "admin"))
        var total = 1
        for _ in 0..<3 {
            #expect(deliver(store))
            let writer = Thread {
                usleep(UInt32.random(in: 0...20_000))
                database.server.freeze()
            }
            writer.start()
            let isKept = waitUntil(seconds: 120) {
                total += 1
                return (try? store.outcome(Sample.label(total, .spam, by: "admin"))) == .kept
            }
            #expect(isKept)
            database.server.thaw()
        }
        #expect(deliver(store))
        #expect(try store.active() == (1...total).map { "\($0) spam" })
        #expect(try store.revision() == (try store.replayed().last?.sequence ?? 0) + 1)
    }

    @Test("What comes while something waits queues behind it, though the database answers")
    func queues() throws {
        let database = try SharedDatabase()
        let store = try host(database)
        let waiting = StoreOperation(.add([try Sample.label(1, .spam)]), time: Sample.now)
        try store.spool.append(waiting)
        #expect(try store.outcome(Sample.label(1, .ham)) == .kept)
        #expect(deliver(store))
        #expect(try store.active() == ["1 ham"])
        #expect(try store.outcome(Sample.label(2, .ham)) == .stored)
    }

    @Test("A process that dies after a delivery, before it is recorded, delivers nothing twice")
    func killedBetween() throws {
        let database = try SharedDatabase()
        let store = try host(database)
        let probe = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("feedback-probe").path
        for message in 1...5 {
            try store.spool.append(
                StoreOperation(
                    .add([try Sample.label(message, .spam, by: "admin")]), time: Sample.now))
        }
        for round in 1...3 {
            let output = try Command.run(probe, ["deliver", database.url, path])
            #expect(output.status != 0, "it is killed")
            #expect(try store.spool.status().entries == 5, "round \(round)")
            #expect(try store.active() == (1...5).map { "\($0) spam" })
        }
        #expect(deliver(store))
        #expect(try store.active() == (1...5).map { "\($0) spam" })
        #expect(try database.run("SELECT COUNT(*) FROM operation").first?.int(0) == 5)
    }

    @Test("A host that is killed again and again while its server is too loses nothing")
    func chaos() throws {
        let database = try SharedDatabase(isStopped: true)
        _ = try database.store().revision()
        let probe = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("feedback-probe").path
        var acknowledged = Set<Int>()
        var first = 0
        for round in 0..<6 {
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: probe)
            // Each step is another message: those that are relabelled are left out below.
            process.arguments = [
                "write", database.url, "\(first)", "100000", "admin", path,
            ]
            process.standardOutput = output
            try process.run()
            var text = Data()
            func read(lines: Int) {
                let target = text.count(where: { $0 == UInt8(ascii: "\n") }) + lines
                while text.count(where: { $0 == UInt8(ascii: "\n") }) < target {
                    let data = output.fileHandleForReading.availableData
                    if data.isEmpty { break }
                    text += data
                }
            }
            read(lines: 10)
            if round % 2 == 0 { database.server.kill() } else { database.server.stop() }
            read(lines: 10)
            if round % 3 == 0 {
                try database.server.start()
                read(lines: 10)
            }
            kill(process.processIdentifier, SIGKILL)
            text += try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let steps = text.split(separator: UInt8(ascii: "\n"))
                .compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            #expect(steps.count >= 10, "round \(round)")
            acknowledged.formUnion(steps)
            // The step in progress may be kept or not: its message must not be labelled anew.
            first = ((steps.last ?? first) / 3 + 2) * 3
            if round % 3 != 0 { try database.server.start() }
        }
        let store = try host(database)
        #expect(deliver(store))
        let active = try store.active()
        #expect(Set(active).count == active.count)
        for step in acknowledged {
            let label = step % 3 == 2 ? "\(step - 2) ham" : "\(step) spam"
            let isRelabelled = step % 3 == 0 && acknowledged.contains(step + 2)
            #expect(isRelabelled || active.contains(label) || active.contains("\(step) ham"))
        }
        try store.check()
    }

    @Test("A full spool refuses with a clear error, and what it holds stays")
    func full() throws {
        var limits = LabelSpool.Limits()
        limits.entries = 3
        let spool = try LabelSpool(path: path, limits: limits)
        for message in 1...3 {
            try spool.append(
                StoreOperation(.add([try Sample.label(message, .spam)]), time: Sample.now))
        }
        #expect {
            try spool.append(StoreOperation(.remove(.all), time: Sample.now))
        } throws: {
            ($0 as? FeedbackError)?.kind == .full && "\($0)".contains("is the limit")
        }
        #expect(try spool.status().entries == 3)
        limits = LabelSpool.Limits()
        limits.bytes = 100_000
        let small = try LabelSpool(path: folder.file("small.sqlite"), limits: limits)
        var label = try Sample.label(1, .spam)
        label.payload = LabelPayload(.text, bytes: [UInt8](repeating: 65, count: 60_000))
        #expect(throws: FeedbackError.self) {
            for message in 1...5 {
                label.digest = try Sample.digest(message)
                try small.append(StoreOperation(.add([label]), time: Sample.now))
            }
        }
        let kept = try small.status().entries
        #expect(kept < 5)
    }

    @Test("What can never be done is put aside with the reason, and does not hold up the others")
    func refused() throws {
        let store = try host(try SharedDatabase())
        var broken = try Sample.label(1, .spam)
        broken.weight = 0
        try store.spool.append(StoreOperation(.add([broken]), time: Sample.now))
        try store.spool.append(
            StoreOperation(.add([try Sample.label(2, .spam)]), time: Sample.now))
        #expect(deliver(store))
        let status = try store.spool.status()
        #expect(status.refused == 1 && status.lastRefusal.contains("weight"))
        #expect(try store.active() == ["2 spam"])
    }

    @Test("Of a group that goes together, one that is refused holds up none, and the order stays")
    func refusedInGroup() throws {
        let database = try SharedDatabase()
        let store = try host(database)
        for message in 1...9 {
            var label = try Sample.label(message, .spam, by: "admin")
            if message == 5 { label.weight = 0 }
            try store.spool.append(StoreOperation(.add([label]), time: Sample.now))
        }
        #expect(deliver(store))
        #expect(try store.spool.status().refused == 1)
        #expect(try store.active() == [1, 2, 3, 4, 6, 7, 8, 9].map { "\($0) spam" })
        #expect(try database.run("SELECT COUNT(*) FROM operation").first?.int(0) == 8)
    }

    @Test("What was taken back while a label waited on another host does not come back")
    func takenBack() throws {
        let store = try host(try SharedDatabase())
        let now = Int64(Date().timeIntervalSince1970)
        _ = try store.add(Sample.label(9, .spam, by: "user:bob@example.org", at: now - 90))
        // The real time, after all that waits.
        #expect(try store.remove(.person("alice@example.org")).count == 0)
        #expect(try store.remove(.message(Sample.digest(3))).count == 0)
        let labels = try [
            Sample.label(1, .spam, at: now - 60),
            Sample.label(2, .spam, by: "user:bob@example.org", at: now - 60),
            Sample.label(3, .spam, by: "user:bob@example.org", at: now - 60),
            // Said again after it was taken back.
            Sample.label(4, .ham, at: now + 60),
        ]
        for label in labels {
            try store.spool.append(StoreOperation(.add([label]), time: label.time))
        }
        #expect(deliver(store))
        #expect(try store.active() == ["9 spam", "2 spam", "4 ham"])
    }

    @Test("A late undo leaves a label that was given again since")
    func lateUndo() throws {
        let store = try host(try SharedDatabase())
        let now = Sample.now
        _ = try store.add(Sample.label(1, .spam, at: now - 60))
        _ = try store.add(Sample.label(1, .spam, at: now))
        _ = try store.add(Sample.label(2, .spam, at: now - 60))
        try store.spool.append(
            StoreOperation(.remove(.person("alice@example.org")), time: now - 30))
        #expect(deliver(store))
        #expect(try store.active() == ["1 spam"])
    }

    @Test("A label by an entry that the history no longer has is put aside, and said so")
    func pushedOut() throws {
        let store = try host(try SharedDatabase())
        try store.spool.append(
            StoreOperation(
                .addOfHistory(
                    HistoryLabel(
                        id: 17, labelClass: .spam, source: .admin, way: .http, time: Sample.now)),
                time: Sample.now))
        #expect(deliver(store))
        let status = try store.spool.status()
        #expect(status.refused == 1 && status.lastRefusal.contains("recent verdicts"))
    }

    @Test("More than go together at once are all delivered, in their order")
    func groups() throws {
        let store = try host(try SharedDatabase())
        for message in 1...230 {
            try store.spool.append(
                StoreOperation(
                    .add([try Sample.label(message, .spam, by: "admin")]), time: Sample.now))
        }
        let entries = try store.spool.first(3, bytes: .max)
        #expect(entries.map(\.id) == [1, 2, 3])
        #expect(try store.spool.first(100, bytes: 1).count == 1)
        #expect(deliver(store))
        #expect(try store.active() == (1...230).map { "\($0) spam" })
    }

    @Test("A spool that can't be read is reported, and keeps what it has")
    func damaged() throws {
        let database = try SharedDatabase()
        let spool = try LabelSpool(path: path)
        try spool.append(StoreOperation(.add([try Sample.label(1, .spam)]), time: 1))
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "UPDATE entry SET change = x'00'")
        }
        let events = Collected<FeedbackError>()
        let delivery = SpoolDelivery(from: spool, to: try database.store()) { event in
            if case .blocked(let error) = event { events.add(error) }
        }
        delivery.start()
        defer { delivery.stop() }
        #expect(waitUntil(seconds: 120) { events.all.first?.kind == .corrupt })
        #expect(events.all.first?.description.contains(path) == true)
        #expect(try spool.status().entries == 1)
    }

    @Test("Somebody who holds the labels for long makes them wait on the host")
    func held() throws {
        let database = try SharedDatabase()
        let store = try host(database, seconds: 0.2)
        _ = try store.add(Sample.label(1, .spam, by: "admin"))
        let other = try PostgreSQLConnection(try PostgreSQLAddress(url: database.url))
        defer { other.close() }
        try other.transaction { connection in
            try connection.run("SELECT 1 FROM store FOR UPDATE")
            #expect(try store.outcome(Sample.label(2, .spam, by: "admin")) == .kept)
            #expect(try store.active() == ["1 spam"], "reading waits for nobody")
        }
        #expect(deliver(store))
        #expect(try store.active() == ["1 spam", "2 spam"])
    }

    @Test("Every kind of operation reads back from the spool as it was")
    func coding() throws {
        var label = try Sample.label(1, #require(LabelClass(rawValue: "bill")), near: .max)
        label.mailbox = "alice@example.org"
        label.weight = 0.3
        label.score.modelLogit = -0.1
        var bare = try Sample.label(2, .ham)
        bare.payload = nil
        let source = try LabelSource(parsing: "user:bob@example.org")
        let selections: [LabelSelection] = [
            .all, .message(label.digest), .messageBy(label.digest, source), .source(source),
            .person("bob@example.org"), .mailbox("a"), .time(1...2), .before(3),
        ]
        var changes: [StoreOperation.Change] = [
            .add([label, bare]), .add([]),
            .addOfHistory(
                HistoryLabel(
                    id: 7, labelClass: .ham, source: source, way: .reply, time: 5, weight: 0.5)),
        ]
        changes += selections.map { .remove($0) } + selections.map { .confirm($0) }
        for change in changes {
            let operation = StoreOperation(change, time: 12)
            let read = try StoreOperation(
                id: operation.id, time: 12, encoded: operation.encoded)
            #expect(read == operation)
        }
        for text in ["", "{}", "{\"remove\":{}}", "{\"labels\":[{}]}"] {
            #expect(throws: StoreDamage.self) {
                try StoreOperation(id: UUID(), time: 1, encoded: Data(text.utf8))
            }
        }
    }

    @Test("What root leaves belongs to the folder's owner", .enabled(if: getuid() == 0))
    func owner() throws {
        chown(folder.path, 65_534, 65_534)
        let spool = try LabelSpool(path: path)
        try spool.append(StoreOperation(.remove(.all), time: 1))
        let store = try SharedDatabase().store()
        #expect(try SpoolDelivery(from: spool, to: store).deliver())
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            var status = stat()
            #expect(stat(folder.file(name), &status) == 0 && status.st_uid == 65_534, "\(name)")
        }
    }

    @Test("The file is its owner's alone")
    func permissions() throws {
        let spool = try LabelSpool(path: path)
        try spool.append(StoreOperation(.remove(.all), time: 1))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }
}
