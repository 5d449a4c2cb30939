import Feedback
import FilterPolicy
import FilterTestKit
import Foundation
import MailText
import Models
import Scoring
import SiteLearning
import SiteMemory
import Synchronization
import Testing

/// Hosts that share what they are taught through a database.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct SharedSiteTests {
    /// A host with a folder of its own, and the tiny model.
    private struct Host {
        let folder: TemporaryFolder
        let store: SpooledFeedbackStore
        let memory: SiteMemory
        let teacher: Teacher
        let model: ScoringModel

        init(_ url: String, folder: TemporaryFolder? = nil) throws {
            let folder = try folder ?? TemporaryFolder()
            self.folder = folder
            let site = SiteFolder(path: folder.path)
            var options = SharedStoreOptions()
            options.url = url
            let store = try site.store(options, LearnOptions(), host: "mx1")
            let memory = SiteMemory(
                store: store, secret: try site.secret(of: store),
                cachePath: site.sharedCachePath, isShared: true)
            let model = ScoringModel(try TinyModel.shared.get())
            self.store = store
            self.memory = memory
            self.model = model
            teacher = Teacher(
                memory: memory, options: LearnOptions(),
                judge: {
                    Judge(
                        model: model, pool: ScoringPool(),
                        site: memory.knowledge(authservID: ""))
                }, policy: { PolicySettings() })
        }

        func teach(_ numbers: Range<Int>, _ label: LabelClass) throws {
            for number in numbers {
                _ = try teacher.teach(
                    .message(TinyModel.message(label == .spam ? .ham : .spam, number)),
                    .init(label, by: .admin, way: .command))
            }
        }

        func probability(_ message: [UInt8]) throws -> Double {
            let judge = Judge(
                model: model, pool: ScoringPool(), site: memory.knowledge(authservID: ""))
            return try judge.judge(
                judge.read(.message(message)), by: PolicySettings().applied(to: []),
                deadline: .distantFuture
            ).get().probability
        }

        /// The weights as bytes.
        func layer() throws -> Data {
            #expect(memory.writeCache())
            let path = SiteFolder(path: folder.path).sharedCachePath
            return try #require(FileManager.default.contents(atPath: path))
        }
    }

    private func database(_ server: PostgreSQLServer) throws -> String {
        server.url(try server.database())
    }

    private let probe = TinyModel.message(.spam, 905)

    @Test("A label given on one host changes the scores of all, to the same bits")
    func sameBits() throws {
        let url = try database(try PostgreSQLServer.shared.get())
        let hosts = try (0..<3).map { _ in try Host(url) }
        try hosts[0].memory.refresh()
        let before = try hosts[0].probability(probe)
        // The first host learns label by label, the second in batches, the third replays.
        for round in 0..<4 {
            try hosts[round % 2].teach(910 + 10 * round..<914 + 10 * round, .spam)
            try hosts[0].memory.refresh()
            try hosts[1].teach(1_000 + 10 * round..<1_003 + 10 * round, .ham)
            try hosts[0].memory.refresh()
        }
        _ = try hosts[0].teacher.forget(
            .message(TinyModel.message(.spam, 1_011)), by: .admin)
        for host in hosts { try host.memory.refresh() }
        #expect(hosts.map(\.memory.labels) == [27, 27, 27])
        #expect(Set(hosts.map { $0.memory.secret.bytes }).count == 1)
        let revisions = hosts.map { $0.memory.knowledge(authservID: "").revision }
        #expect(Set(revisions).count == 1 && revisions[0] ?? 0 >= 27)
        let layers = try hosts.map { try $0.layer() }
        #expect(layers[0] == layers[1] && layers[1] == layers[2])
        let scores = try hosts.map { try $0.probability(probe) }
        #expect(Set(scores.map(\.bitPattern)).count == 1 && scores[0] != before)
    }

    @Test("A host starts while the database is away: it scores as before, and keeps labels")
    func startWithoutDatabase() throws {
        let server = try PostgreSQLServer()
        let url = try database(server)
        let first = try Host(url)
        try first.memory.refresh()
        try first.teach(920..<925, .spam)
        let score = try first.probability(probe)
        _ = try first.layer()
        server.kill()

        let second = try Host(url, folder: first.folder)
        #expect(throws: FeedbackError.self) { try second.memory.refresh() }
        #expect(second.memory.labels == 5 && second.memory.revision == first.memory.revision)
        #expect(try second.probability(probe) == score)
        let lesson = try second.teacher.teach(
            .message(TinyModel.message(.ham, 930)), .init(.spam, by: .admin, way: .command))
        #expect(lesson.outcome == "kept" && lesson.stored && !lesson.active)
        #expect(lesson.why.contains("counts once the database has it"))
        let forgotten = try second.teacher.forget(
            .message(TinyModel.message(.ham, 920)), by: .admin)
        #expect(forgotten.outcome == "kept")
        #expect(try second.store.spool.status().entries == 2)

        try server.start()
        #expect(
            waitUntil(seconds: 120) {
                (try? second.store.delivery.deliver()) == true
                    && (try? second.memory.refresh()) != nil
            })
        #expect(second.memory.labels == 5, "one more and one less")
        let third = try Host(url)
        try third.memory.refresh()
        #expect(try third.layer() == second.layer())
    }

    @Test("A host that has never reached the database has no secret to score with")
    func neverReached() throws {
        let server = try PostgreSQLServer()
        let url = try database(server)
        server.stop()
        #expect {
            try Host(url)
        } throws: { ($0 as? FeedbackError)?.kind == .unavailable }
    }

    @Test("What waits for one database is not delivered to another")
    func otherDatabase() throws {
        let server = try PostgreSQLServer.shared.get()
        let host = try Host(try database(server))
        try host.store.spool.append(StoreOperation(.remove(.all), time: 1))
        let other = try database(server)
        _ = try Host(other)
        #expect {
            try Host(other, folder: host.folder)
        } throws: { "\($0)".contains("labels for another database") }
        let path = SiteFolder(path: host.folder.path).spoolPath
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
        _ = try Host(other, folder: host.folder)
    }

    @Test(
        "Recent verdicts are dropped while the database is away, and counted; the log says so once")
    func history() throws {
        let server = try PostgreSQLServer()
        let host = try Host(try database(server))
        let errors = Mutex<[FeedbackError]>([])
        let dropped = Mutex(0)
        let recorder = HistoryRecorder(
            host.store, secret: host.memory.secret,
            report: { error in errors.withLock { $0.append(error) } },
            dropped: { count in dropped.withLock { $0 += count } })
        func record(_ numbers: Range<Int>) throws {
            let judge = Judge(
                model: host.model, pool: ScoringPool(),
                site: host.memory.knowledge(authservID: ""))
            for number in numbers {
                let input = MailInput.message(TinyModel.message(.ham, number))
                let message = try judge.judge(
                    judge.read(input), by: PolicySettings().applied(to: []),
                    deadline: .distantFuture
                ).get()
                recorder.record(input, message, queueID: "Q\(number)")
            }
            recorder.finish()
        }
        try record(0..<3)
        server.kill()
        for round in 1...3 { try record(10 * round..<10 * round + 2) }
        #expect(dropped.withLock { $0 } == 6)
        #expect(errors.withLock { $0.map(\.kind) } == [.unavailable])
        try server.start()
        #expect(waitUntil(seconds: 120) { (try? host.store.revision()) != nil })
        try record(50..<51)
        #expect(try host.store.history(HistoryQuery()).map(\.queueID) == ["Q50", "Q2", "Q1", "Q0"])
        #expect(dropped.withLock { $0 } == 6)
    }

    @Test("A host alone knows of no revision")
    func alone() throws {
        let sample = try SiteSample(try TemporaryFolder())
        #expect(sample.memory.knowledge(authservID: "").revision == nil)
    }
}
