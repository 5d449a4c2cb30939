import Feedback
import FilterTestKit
import Foundation
import ModelRegistry
import Testing

@testable import Retraining

/// A retraining whose labels are in a database that several hosts share.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "needs Debian's package postgresql"))
struct SharedRetrainingTests {
    @Test(
        "The server is restarted in training and is away at its end, and the decision is recorded")
    func outage() throws {
        let server = try PostgreSQLServer()
        let site = try RetrainingSite(url: server.url(try server.database()))
        _ = try TableImport.run(site.table(220), into: site.store, judge: site.judge)
        let before = try site.store.newLabels()
        #expect(before > 100)
        var task = try site.started()
        task.newLabels = before
        var wasAway = false
        var steps: [String] = []
        let figures = try RetrainingWorker(task, version: "1").run { step in
            guard steps.last != step.step else { return }
            steps.append(step.step)
            if steps.count == 2 {
                server.kill()
                try? server.start()
            }
            guard step.step.contains("registry") else { return }
            server.kill()
            let thread = Thread {
                usleep(1_500_000)
                try? server.start()
            }
            wasAway = true
            thread.start()
        }
        #expect(steps.count > 3)
        #expect(wasAway, "the guard accepted the candidate: \(steps)")
        let job = try #require(try site.store.retrainings(limit: 1).first)
        #expect(job.state == .promoted && job.id == task.job)
        #expect(job.result?.newLabels == before && figures.isActive)
        #expect(try site.store.newLabels() == 0)
        #expect(try ModelRegistry(path: task.registry).active() == job.candidate)
        // Nobody records another decision.
        #expect {
            try site.store.finishRetraining(
                job.id, RetrainingEnd(state: .refused, candidate: "", figures: "", time: 1))
        } throws: { ($0 as? FeedbackError)?.kind == .leaseLost }
    }

    @Test("A trainer that another host has taken the lease from activates nothing")
    func leaseLost() throws {
        let server = try PostgreSQLServer.shared.get()
        let site = try RetrainingSite(url: server.url(try server.database()))
        _ = try TableImport.run(site.table(220), into: site.store, judge: site.judge)
        let task = try site.started()
        var hasLost = false
        #expect {
            _ = try RetrainingWorker(task, version: "1").run { step in
                guard !hasLost, step.step.contains("registry") else { return }
                hasLost = true
                // As if this process had hung for longer than its lease.
                let time = (try? site.store.time()) ?? 0
                _ = try? site.store.startRetraining(
                    reason: "other", owner: LeaseOwner(domain: "b", processID: 1, startTicks: 1),
                    time: time + 2_000, lease: 900)
            }
        } throws: { ($0 as? FeedbackError)?.kind == .leaseLost }
        #expect(hasLost)
        let registry = try ModelRegistry(path: task.registry)
        let model = try registry.active()
        #expect(model == nil || model == site.bundle.configuration.id)
        #expect(try site.store.newLabels() > 0, "the labels count for the next one")
        #expect(try site.store.retrainings(limit: 2).map(\.state) == [.running, .abandoned])
    }

    @Test("The network is given up unless the database is elsewhere")
    func network() throws {
        var shared = SharedStoreOptions()
        shared.url = "postgresql://siftd@/siftd?host=/run/postgresql"
        #expect(try shared.isLocal())
        shared.url = "postgresql://siftd@db.example.net/siftd"
        #expect(try !shared.isLocal())
    }
}
