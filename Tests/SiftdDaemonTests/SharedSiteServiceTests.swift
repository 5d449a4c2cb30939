import Feedback
import FilterTestKit
import Foundation
import HTTPServer
import Logging
import MailText
import Models
import Retraining
import Scoring
import Settings
import SiteMemory
import SpamFilter
import Telemetry
import Testing

@testable import SiftdDaemon

/// Learning in daemons that share a database.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct SharedSiteServiceTests {
    private struct Host {
        let folder: TemporaryFolder
        let service: SiteService
        let registry = PrometheusRegistry()

        init(_ url: String, _ name: String) throws {
            folder = try TemporaryFolder()
            var settings = SiftdSettings()
            settings.learn.directory = folder.path
            settings.store.url = url
            settings.fleet.host = name
            let model = ScoringModel(try TinyModel.shared.get())
            let live = try LiveConfiguration(settings, model: model)
            service = try #require(
                try SiteService.open(
                    settings, model, live, pool: ScoringPool(), Logger(label: "test"),
                    metrics: FilterMetrics(factory: registry)))
        }

        func teach(_ number: Int) throws -> String {
            try service.teacher.teach(
                .message(TinyModel.message(.ham, number)),
                .init(.spam, by: .admin, way: .command)
            ).outcome
        }

        func shows(_ line: String) -> Bool { registry.render().contains("\(line)\n") }
    }

    @Test("Labels reach the other hosts, also those given while the database was away")
    func hosts() throws {
        let server = try PostgreSQLServer()
        let url = server.url(try server.database())
        let hosts = [try Host(url, "mx1"), try Host(url, "mx2")]
        defer { hosts.forEach { $0.service.finish() } }
        #expect(try hosts[0].teach(1) == "stored")
        #expect(waitUntil(seconds: 120) { hosts[1].service.memory.labels == 1 })
        #expect(
            waitUntil(seconds: 120) {
                hosts.allSatisfy {
                    $0.shows("siftd_store_up 1") && $0.shows("siftd_label_lag_revisions 0")
                        && $0.shows("siftd_spool_entries 0")
                }
            })
        server.kill()
        for number in 2...4 { #expect(try hosts[0].teach(number) == "kept") }
        #expect(
            waitUntil(seconds: 120) {
                hosts[0].shows("siftd_store_up 0") && hosts[0].shows("siftd_spool_entries 3")
            })
        try server.start()
        #expect(waitUntil(seconds: 120) { hosts.allSatisfy { $0.service.memory.labels == 4 } })
        #expect(hosts[0].service.memory.revision == hosts[1].service.memory.revision)
        #expect(
            waitUntil(seconds: 120) {
                hosts[0].shows("siftd_spool_entries 0")
                    && hosts[0].shows("siftd_spool_delivered_total 3")
                    && hosts[0].shows("siftd_store_up 1")
            })
    }

    @Test("A directory is needed for what waits")
    func noDirectory() throws {
        var settings = SiftdSettings()
        settings.store.url = "postgresql://siftd@/siftd"
        guard (try? SiteService.directory(settings.learn)) == .some(nil) else { return }
        #expect {
            try SiteService.memory(settings, nil)
        } throws: { "\($0)".contains("store.url") }
    }

    @Test("Only the host that shall retrain does, and the answer names the setting")
    func trainer() throws {
        let server = try PostgreSQLServer.shared.get()
        let folder = try TemporaryFolder()
        var settings = SiftdSettings()
        settings.learn.directory = folder.path
        settings.learn.registry = "\(folder.path)/models"
        settings.learn.reservoir = try folder.write("reservoir.bin", "")
        settings.learn.retrainAfter = 1
        settings.store.url = server.url(try server.database())
        settings.fleet.host = "mx1"
        settings.fleet.trainer = .host("gpu1")
        let memory = try #require(try SiteService.memory(settings, nil))
        let fixed = settings
        let watch = RetrainingWatch(
            memory, settings: { fixed }, judge: { nil }, logger: Logger(label: "test"),
            promoted: {})
        #expect(fixed.fleet.mayTrain == false)
        #expect {
            try watch.retrain(table: nil, by: .admin)
        } throws: { "\($0)".contains("does not retrain: fleet.trainer is \"gpu1\"") }
        #expect(try memory.store.retrainings(limit: 1).isEmpty)
        settings.fleet.host = "gpu1"
        #expect(settings.fleet.mayTrain)
        let task = try #require(RetrainingTask(settings))
        #expect(task.shared == settings.store && task.host == "gpu1")
    }

    @Test("What another host has tried without success is not tried here, until there is more")
    func triedElsewhere() throws {
        let server = try PostgreSQLServer.shared.get()
        let folder = try TemporaryFolder()
        var settings = SiftdSettings()
        settings.learn.directory = folder.path
        settings.learn.retrainAfter = 3
        settings.store.url = server.url(try server.database())
        let memory = try #require(try SiteService.memory(settings, nil))
        let store = memory.store
        guard
            case .started(let job) = try store.startRetraining(
                reason: "test", owner: .current, time: try store.time(), lease: 60)
        else { throw CancellationError() }
        var figures = RetrainingFigures()
        figures.newLabels = 5
        let text = String(decoding: try JSONEncoder().encode(figures), as: UTF8.self)
        try store.finishRetraining(
            job.id,
            RetrainingEnd(state: .refused, candidate: "m", figures: text, time: try store.time()))
        let fixed = settings
        let watch = RetrainingWatch(
            memory, settings: { fixed }, judge: { nil }, logger: Logger(label: "test"),
            promoted: {})
        #expect(watch.dueReason(fixed.learn.schedule, newLabels: 6, Date()) != nil)
        watch.look()
        #expect(watch.dueReason(fixed.learn.schedule, newLabels: 7, Date()) == nil)
        #expect(watch.dueReason(fixed.learn.schedule, newLabels: 8, Date()) != nil)
        // One that was killed without a word changes nothing about that.
        guard
            case .started(let killed) = try store.startRetraining(
                reason: "test", owner: .current, time: try store.time(), lease: 60)
        else { throw CancellationError() }
        try store.finishRetraining(
            killed.id,
            RetrainingEnd(state: .abandoned, candidate: "", figures: "", time: try store.time()))
        watch.look()
        #expect(watch.dueReason(fixed.learn.schedule, newLabels: 7, Date()) == nil)
    }
}
