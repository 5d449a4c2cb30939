import FilterPolicy
import FilterTestKit
import Foundation
import Logging
import MailText
import ModelRegistry
import Models
import Scoring
import Settings
import SiteMemory
import Synchronization
import Testing

@testable import SiftdDaemon

@Suite struct ShadowWatchTests {
    /// A registry whose active version is the tiny model, with a candidate of another threshold in
    /// the shadow since the time 1,000.
    private final class Site: Sendable {
        let folder: TemporaryFolder
        let registry: ModelRegistry
        let live: LiveConfiguration
        let memory: SiteMemory
        let model: ScoringModel
        let pool = ScoringPool()
        let promotions = Mutex(0)

        init(candidateTag: Double) throws {
            folder = try TemporaryFolder()
            for name in ["models", "learn"] {
                try FileManager.default.createDirectory(
                    atPath: folder.file(name), withIntermediateDirectories: true)
            }
            registry = try ModelRegistry(path: folder.file("models"))
            for (id, tag) in [("now", 0.9), ("next", candidateTag)] {
                var bundle = try TinyModel.shared.get()
                bundle.configuration.id = id
                bundle.configuration.thresholds["tag"]?.probability = tag
                try bundle.write(to: folder.file(id))
                _ = try registry.add(
                    bundle: folder.file(id), lineage: ModelLineage(origin: .imported, added: 1))
            }
            try registry.activate("now", time: 1)
            try registry.beginShadow("next", hours: 2, time: 1_000)
            var settings = SiftdSettings()
            settings.learn.directory = folder.file("learn")
            settings.learn.registry = folder.file("models")
            settings.learn.shadowShare = 1
            settings.model.directory = registry.activePath
            model = try ScoringModel(directory: registry.activePath)
            live = try LiveConfiguration(settings, model: model)
            memory = try #require(try SiteService.memory(settings, nil))
        }

        /// A watch, as after a start of the daemon.
        func watch() -> ShadowWatch {
            ShadowWatch(memory, live, logger: Logger(label: "test")) { [self] in
                promotions.withLock { $0 += 1 }
            }
        }

        /// Lets so many messages pass, a third of them spam, and waits until they are compared.
        func pass(_ count: Int, _ watch: ShadowWatch) throws {
            let judge = Judge(model: model, pool: pool)
            for start in stride(from: 0, to: count, by: 50) {
                for number in start..<min(start + 50, count) {
                    let input = MailInput.message(
                        TinyModel.message(number % 3 == 0 ? .spam : .ham, number))
                    let message = try judge.judge(
                        judge.read(input), by: PolicySettings().applied(to: []),
                        deadline: .distantFuture
                    ).get()
                    watch.consider(
                        "Q\(number)", input, TransferFacts(), recipients: [], active: message)
                }
                watch.finish()
            }
        }
    }

    private static let end: Int64 = 1_000 + 2 * 3_600

    @Test("A candidate that agrees is put in force when its time is over, across a restart")
    func promotes() throws {
        let site = try Site(candidateTag: 0.9)
        let first = site.watch()
        first.look(now: 1_001)
        #expect(first.isRunning)
        try site.pass(60, first)
        #expect(site.registry.shadow()?.scoringReport?.messages == 60)

        let second = site.watch()
        second.look(now: 1_500)
        try site.pass(60, second)
        let status = try #require(second.status)
        #expect(status.model == "next" && status.messages == 120 && status.changed == 0)
        second.look(now: ShadowWatchTests.end - 1)
        #expect(try site.registry.active() == "now")
        second.look(now: ShadowWatchTests.end)
        #expect(try site.registry.active() == "next" && !second.isRunning)
        #expect(site.promotions.withLock { $0 } == 1)
        #expect(site.registry.shadow()?.state == .promoted)
        #expect(try site.registry.rollbackTarget() == "now")
    }

    @Test("A candidate that disagrees too often stays out of force, with its disagreements")
    func discards() throws {
        let site = try Site(candidateTag: 1)
        let watch = site.watch()
        watch.look(now: 1_001)
        try site.pass(120, watch)
        watch.look(now: ShadowWatchTests.end)
        #expect(try site.registry.active() == "now" && !watch.isRunning)
        let status = try #require(ShadowStatus(registry: site.registry.path))
        #expect(status.state == "discarded")
        #expect(status.changed > 30 && status.messages == 120)
        #expect(status.changes.count == 20)
        #expect(status.reason.contains("at most 5.00 % may differ"))
        #expect(status.changes.first?.contains("spam") == true)
        #expect(site.promotions.withLock { $0 } == 0)
    }

    @Test("Too few messages decide nothing")
    func waits() throws {
        let site = try Site(candidateTag: 0.9)
        let watch = site.watch()
        watch.look(now: 1_001)
        try site.pass(99, watch)
        watch.look(now: 10 * ShadowWatchTests.end)
        #expect(watch.isRunning)
        try site.pass(1, watch)
        watch.look(now: 10 * ShadowWatchTests.end)
        #expect(try site.registry.active() == "next")
    }

    @Test("An admin decides earlier", arguments: ["activate", "discard"])
    func admin(_ word: String) throws {
        let site = try Site(candidateTag: 0.9)
        let watch = site.watch()
        watch.look(now: 1_001)
        if word == "activate" {
            try site.registry.activate("next", time: 2)
        } else {
            try site.registry.endShadow("next", .discarded, time: 2, reason: "no")
        }
        watch.look(now: 1_002)
        #expect(!watch.isRunning && watch.status?.messages == 0)
        let state = word == "activate" ? "activated" : "discarded"
        #expect(watch.status?.state == state && site.promotions.withLock { $0 } == 0)
        watch.look(now: ShadowWatchTests.end)
        #expect(try site.registry.active() == (word == "activate" ? "next" : "now"))
    }

    @Test("Another model in force begins another comparison")
    func otherModel() throws {
        let site = try Site(candidateTag: 0.9)
        let watch = site.watch()
        watch.look(now: 1_001)
        try site.pass(30, watch)
        var other = try TinyModel.shared.get()
        other.configuration.id = "other"
        site.live.replace(model: ScoringModel(other))
        watch.look(now: 5_000)
        try site.pass(10, watch)
        #expect(watch.status?.messages == 0, "judged by the model before")
        watch.look(now: ShadowWatchTests.end)
        #expect(watch.isRunning)
    }

    @Test("A candidate that can't be read is given up in words")
    func damaged() throws {
        let site = try Site(candidateTag: 0.9)
        try Data().write(
            to: URL(fileURLWithPath: site.registry.bundlePath(of: "next") + "/vocabulary.txt"))
        let watch = site.watch()
        watch.look(now: 1_001)
        #expect(!watch.isRunning && watch.status?.state == "discarded")
        #expect(watch.status?.reason.contains("vocabulary.txt") == true)
    }
}
