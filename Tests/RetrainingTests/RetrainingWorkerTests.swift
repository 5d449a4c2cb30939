import Feedback
import FilterTestKit
import Foundation
import Learning
import ModelRegistry
import Models
import SiteMemory
import Testing
import TextCNN

@testable import Retraining

@Suite struct RetrainingWorkerTests {
    /// A candidate for the shadow is added and named there, and the active model stays.
    private func addsShadow(_ site: RetrainingSite, active: String) throws {
        var task = try site.started()
        task.options.shadowHours = 12
        let figures = try RetrainingWorker(task, version: "test").run { _ in }
        let registry = try ModelRegistry(path: task.registry)
        let candidate = try #require(figures.report?.candidate)
        #expect(!figures.isActive && figures.isShadow == true)
        #expect(try registry.active() == active && candidate != active)
        let shadow = try #require(registry.shadow())
        #expect(shadow.version == candidate && shadow.hours == 12 && shadow.state == .running)
        let record = try #require(try site.store.retrainings(limit: 1).first)
        #expect(record.outcome.contains("scores beside the current model first"))
        #expect(LearningStatus.words(record).contains("scores beside the current model first"))
    }

    @Test("A candidate that passes is active, the labels are archived, and a rollback leads back")
    func promotes() throws {
        let site = try RetrainingSite()
        _ = try TableImport.run(site.table(220), into: site.store, judge: site.judge)
        let task = try site.started()
        var steps: Set<String> = []
        let figures = try RetrainingWorker(task, version: "test").run { steps.insert($0.step) }
        let report = try #require(figures.report)
        #expect(report.decision == .accepted, "\(report.reasons)")
        #expect(figures.isActive && figures.labels > 300 && figures.memory > 0)
        #expect(steps.contains("training anew") && steps.count > 3)

        let registry = try ModelRegistry(path: task.registry)
        #expect(try registry.active() == report.candidate)
        let lineage = try #require(try registry.show(report.candidate).model.lineage)
        #expect(lineage.origin == .retrained && lineage.parent == report.current)
        #expect(lineage.labels == figures.labels && lineage.guardFigures != nil)
        #expect(
            FileManager.default.contentsEqual(
                atPath: "\(registry.activePath)/reservoir.bin", andPath: task.reservoir))
        #expect(
            try ModelBundle(directory: registry.activePath).configuration.thresholds["tag"]?
                .probability ?? 0
                >= site.bundle.configuration.thresholds["tag"]?.probability ?? 1)
        #expect(try site.store.newLabels() == 0)
        #expect(try site.store.status().states[.active] == 440, "archived labels stay in force")
        let record = try #require(try site.store.retrainings(limit: 1).first)
        #expect(record.state == .promoted && record.result == figures)
        #expect(record.outcome.contains("accepted"))

        try addsShadow(site, active: report.candidate)

        let again = try RetrainingWorker(site.started(), version: "test").run { _ in }
        #expect(again.isActive, "the same labels once more give a version of its own")
        #expect(again.report?.candidate != report.candidate)
        #expect(try registry.rollback(time: 1) == report.candidate)
        #expect(try registry.rollback(time: 1) == site.bundle.configuration.id)
        #expect(
            FileManager.default.contentsEqual(
                atPath: "\(registry.activePath)/weights.safetensors",
                andPath: "\(task.model)/weights.safetensors"))
    }

    @Test("Base mail with wrong labels does not raise the thresholds")
    func wrongLabels() throws {
        let site = try RetrainingSite(mislabelled: 30)
        _ = try TableImport.run(site.table(220), into: site.store, judge: site.judge)
        var task = try site.started()
        task.options.methods = [.refine]
        let figures = try RetrainingWorker(task, version: "test").run { _ in }
        #expect(figures.isActive, "\(figures.report?.reasons ?? [])")
        let registry = try ModelRegistry(path: task.registry)
        let thresholds = try ModelBundle(directory: registry.activePath).configuration.thresholds
        let tag = try #require(thresholds["tag"])
        #expect(tag.probability == site.bundle.configuration.thresholds["tag"]?.probability)
        #expect(tag.targetFalsePositiveRate == Threshold.tagFalsePositiveRate)
    }

    @Test("Too few labels are no decision: nothing is added, and the answer says what is missing")
    func undecided() throws {
        let site = try RetrainingSite()
        _ = try TableImport.run(site.table(10), into: site.store, judge: site.judge)
        var task = try site.started()
        task.options.methods = [.refine]
        let figures = try RetrainingWorker(task, version: "test").run { _ in }
        #expect(figures.report?.decision == .undecided && !figures.isActive)
        let registry = try ModelRegistry(path: task.registry)
        #expect(try registry.active() == nil && registry.list().isEmpty)
        let record = try #require(try site.store.retrainings(limit: 1).first)
        #expect(record.state == .refused && record.outcome.contains("more labelled hams"))
        #expect(try site.store.newLabels() == 20, "not archived: they count for the next one")
    }

    @Test("A store without labels, a missing reservoir and a lost lease fail with a reason")
    func failures() throws {
        let site = try RetrainingSite()
        #expect {
            try RetrainingWorker(site.started(), version: "test").run { _ in }
        } throws: { ($0 as? RetrainingError)?.kind == .tooFewLabels }
        _ = try TableImport.run(site.table(10), into: site.store, judge: site.judge)
        var task = try site.started()
        task.reservoir = "/nowhere"
        #expect {
            try RetrainingWorker(task, version: "test").run { _ in }
        } throws: { "\($0)".contains("--keep-reservoir") }
        let records = try site.store.retrainings(limit: 5)
        #expect(records.map(\.state) == [.failed, .failed])
        #expect(records.allSatisfy { $0.result?.failure != nil })
        #expect {
            try RetrainingWorker(task, version: "test").run { _ in }
        } throws: { ($0 as? FeedbackError)?.kind == .leaseLost }
    }

    @Test("A candidate that is to wait is added and not activated")
    func inactive() throws {
        let site = try RetrainingSite()
        _ = try TableImport.run(site.table(220), into: site.store, judge: site.judge)
        var task = try site.started()
        task.options.activates = false
        task.options.methods = [.refine]
        let figures = try RetrainingWorker(task, version: "test").run { _ in }
        #expect(figures.report?.decision == .accepted && !figures.isActive)
        let registry = try ModelRegistry(path: task.registry)
        #expect(try registry.active() == nil)
        #expect(try registry.list().map(\.id) == [figures.report?.candidate])
    }

    @Test("Held-out labels are the same fifth each time, and never trained on")
    func frozen() throws {
        let site = try RetrainingSite()
        _ = try TableImport.run(site.table(200), into: site.store, judge: site.judge)
        let mail = try SiteMail(site.store, limit: 1_000)
        let held = Set(mail.part(.test).map(\.digest))
        #expect(held.count > 50 && held.count < 110)
        let data = DataSet(Reservoir([]), mail)
        #expect(data.items.count == 400 - held.count)
        #expect(!data.items.contains { held.contains($0.path) })
        let newest = try SiteMail(site.store, limit: 100)
        #expect(newest.messages.count == 100)
        #expect(newest.messages.map(\.digest) == mail.messages.suffix(100).map(\.digest))
        #expect(Set(newest.part(.test).map(\.digest)).isSubset(of: held))
    }
}
