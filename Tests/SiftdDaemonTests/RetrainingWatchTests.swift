import Feedback
import FilterTestKit
import Foundation
import Logging
import Models
import Retraining
import Scoring
import Settings
import SiteMemory
import Telemetry
import Testing

@testable import SiftdDaemon

@Suite struct RetrainingWatchTests {
    private func settings(_ folder: TemporaryFolder) throws -> SiftdSettings {
        var settings = SiftdSettings()
        settings.learn.directory = folder.path
        settings.learn.registry = "\(folder.path)/models"
        settings.learn.reservoir = try folder.write("reservoir.bin", "")
        settings.learn.maxAccuracyDrop = 0.01
        settings.learn.layer.upperBound = 4
        settings.model.directory = "/a/model"
        return settings
    }

    private func watch(_ settings: SiftdSettings) throws -> (RetrainingWatch, SiteMemory) {
        let memory = try #require(try SiteService.memory(settings, nil))
        let watch = RetrainingWatch(
            memory, settings: { settings }, judge: { nil }, logger: Logger(label: "test"),
            promoted: {})
        return (watch, memory)
    }

    @Test("The task is what the settings say, and its directory is created")
    func task() throws {
        let folder = try TemporaryFolder()
        let settings = try settings(folder)
        let task = try #require(RetrainingTask(settings))
        #expect(task.site == folder.path && task.registry == "\(folder.path)/models")
        #expect(task.model == "/a/model" && task.reservoir == settings.learn.reservoir)
        #expect(task.options.limits.maxAccuracyDrop == 0.01)
        #expect(task.layer == .init(settings.learn.layer))
        #expect(FileManager.default.fileExists(atPath: task.registry))
    }

    @Test("Nothing starts before there are labels enough, or where the admin wants none")
    func waits() throws {
        for wanted in [0, 1] {
            let folder = try TemporaryFolder()
            var settings = try settings(folder)
            settings.learn.reservoir = ""
            settings.learn.retrainAfter = wanted
            let (watch, memory) = try watch(settings)
            watch.look()
            #expect(try memory.store.retrainings(limit: 1).isEmpty)
        }
    }

    @Test("Metrics show the last retraining that ended, one before this start too")
    func lastRetraining() throws {
        let folder = try TemporaryFolder()
        let settings = try settings(folder)
        let memory = try #require(try SiteService.memory(settings, nil))
        guard
            case .started(let job) = try memory.store.startRetraining(
                reason: "test", owner: .current, time: 1_000, lease: 60)
        else { throw CancellationError() }
        try memory.store.finishRetraining(
            job.id, RetrainingEnd(state: .failed, candidate: "", figures: "", time: 1_090))
        let registry = PrometheusRegistry()
        _ = RetrainingWatch(
            memory, settings: { settings }, judge: { nil }, logger: Logger(label: "test"),
            metrics: FilterMetrics(factory: registry), promoted: {})
        let text = registry.render()
        #expect(text.contains("siftd_retrain_last_duration_seconds 90\n"))
        #expect(text.contains("siftd_retrain_last_timestamp_seconds 1090\n"))
        #expect(!text.contains("siftd_retrain_guard"))
    }

    @Test("A report's measures are those of its test part, else of its dev part")
    func measures() throws {
        func measures(_ text: String) throws -> FilterMetrics.ModelMeasures {
            try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).measures
        }
        let dev = "\"dev\": {\"at_tag_threshold\": {\"accuracy\": 0.5, \"recall\": 0.25}}"
        let test =
            "\"test\": {\"at_tag_threshold\": {\"accuracy\": 0.75, \"false_positive_rate\": 0}}"
        let both = try measures("{\(dev), \(test), \"unknownWords\": 0.125}")
        #expect(both.accuracy == 0.75 && both.falsePositives == 0 && both.recall == nil)
        #expect(both.unknownWords == 0.125)
        let one = try measures("{\(dev), \"test\": null}")
        #expect(one.accuracy == 0.5 && one.recall == 0.25 && one.unknownWords == nil)
        #expect(try measures("7") == FilterMetrics.ModelMeasures())
    }

    @Test("A retraining that can't be is refused in words, and the table is removed")
    func refuses() throws {
        let folder = try TemporaryFolder()
        var settings = try settings(folder)
        settings.learn.registry = "\(folder.path)/absent/models"
        let (watch, memory) = try watch(settings)
        let table = try folder.write("table.csv", "label,text\n")
        #expect {
            try watch.retrain(table: table, by: .admin)
        } throws: { "\($0)".contains("no directory for the versions") }
        #expect(!FileManager.default.fileExists(atPath: table))
        #expect(try memory.store.retrainings(limit: 1).isEmpty)
    }

    @Test("Days count from the last retraining, else from the oldest label")
    func schedule() throws {
        let folder = try TemporaryFolder()
        let (watch, memory) = try watch(try settings(folder))
        let day: Int64 = 86_400
        let schedule = RetrainingSchedule(after: 0, every: 2, at: TimeOfDay(hour: 0, minute: 0))
        func reason(_ time: Int64) -> String? {
            watch.dueReason(schedule, newLabels: 1, Date(timeIntervalSince1970: Double(time)))
        }
        #expect(reason(90 * day) == nil)
        let digest = try #require(MessageDigest([UInt8](repeating: 7, count: 32)))
        _ = try memory.store.add(
            NewLabel(
                digest: digest, labelClass: .ham, source: .admin, way: .command, time: 10 * day,
                score: MessageScore(verdict: "ham", probability: 0.1, modelID: "m", modelLogit: -2),
                features: LabelFeatures(version: 1, bytes: [])))
        #expect(reason(11 * day) == nil && reason(13 * day) != nil)
        _ = try memory.store.startRetraining(
            reason: "test", owner: .current, time: 20 * day, lease: 60)
        #expect(reason(21 * day) == nil && reason(23 * day) != nil)
        watch.stop()
        #expect(reason(23 * day) == nil)
    }
}
