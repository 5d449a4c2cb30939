import CConfinement
import Feedback
import Foundation
import Glibc
import ModelRegistry
import Models
import SiteLearning
import SiteMemory
import Synchronization

/// The work of a retraining process, `siftd retrain --run`.
public struct RetrainingWorker {
    private let task: RetrainingTask
    private let version: String
    private let folder: SiteFolder

    /// The work of a task.
    ///
    /// - Parameters:
    ///   - task: started in the store by the parent process.
    ///   - version: of siftd.
    public init(_ task: RetrainingTask, version: String) {
        self.task = task
        self.version = version
        folder = SiteFolder(path: task.site)
    }

    /// Bounds this process: memory, no new privileges, no network unless the labels are in a
    /// database elsewhere, and, if it yields, only what others leave of CPU and I/O.
    ///
    /// - Parameter task: says how much memory, whether it yields, and where the labels are.
    /// - Returns: what the system did not permit, in words; empty when all is in force.
    public static func confine(_ task: RetrainingTask) -> [String] {
        let options = task.options
        let memory = UInt64(max(options.memoryLimit, 0))
        let isLocal = task.shared.map { (try? $0.isLocal()) ?? true } ?? true
        let parts = Int(siftd_confine(memory, options.yields ? 1 : 0, isLocal ? 0 : 1))
        var wanted = [(Int(SIFTD_NO_NEW_PRIVILEGES), "to give up privileges")]
        if isLocal { wanted.append((Int(SIFTD_NO_NETWORK), "to give up the network")) }
        if memory > 0 { wanted.append((Int(SIFTD_MEMORY_LIMIT), "a memory limit")) }
        if options.yields {
            wanted.append((Int(SIFTD_IDLE_CPU), "idle scheduling"))
            wanted.append((Int(SIFTD_IDLE_IO), "idle I/O"))
        }
        return wanted.filter { parts & $0.0 == 0 }.map(\.1)
    }

    /// Trains, judges, and puts the candidate in force if the guard accepts it.
    ///
    /// The end is recorded in the store, whatever it is.
    ///
    /// - Parameter progress: called on this thread, often.
    /// - Returns: what the store records.
    /// - Throws: what prevented a candidate; the model in force is unchanged then.
    public func run(
        progress: @escaping (RetrainingProgress) -> Void
    ) throws -> RetrainingFigures {
        let store = try openStore()
        let lease = RetrainingLease(store, job: task.job)
        let start = ContinuousClock.now
        var figures = RetrainingFigures()
        figures.newLabels = task.newLabels
        func measure() {
            figures.seconds = (ContinuousClock.now - start) / .seconds(1)
            figures.memory = RetrainingWorker.peakMemory
        }
        do {
            try lease.begin()
            defer { lease.end() }
            let candidate = try work(store, lease, progress, &figures)
            measure()
            try lease.patiently { try finish(store, figures, candidate) }
            return figures
        } catch {
            measure()
            figures.failure = "\(error)"
            // The lease may be another's by now.
            try? store.finishRetraining(
                task.job,
                RetrainingEnd(
                    state: .failed, candidate: "", figures: figures.json,
                    time: RetrainingWorker.now))
            throw error
        }
    }

    private func openStore() throws -> any FeedbackStore {
        guard let shared = task.shared else { return try folder.store(LearnOptions()) }
        return PostgreSQLFeedbackStore(try shared.connections(), host: task.host ?? "")
    }

    private func secret() throws -> SiteSecret {
        try task.shared == nil ? folder.secret() : folder.sharedSecret()
    }

    /// Returns the candidate's id.
    private func work(
        _ store: any FeedbackStore, _ lease: RetrainingLease,
        _ progress: @escaping (RetrainingProgress) -> Void, _ figures: inout RetrainingFigures
    ) throws -> String {
        func show(_ step: RetrainingProgress) throws {
            try lease.check()
            lease.show(step)
            progress(step)
        }
        try show(RetrainingProgress("reading labels and base data"))
        removeLeftovers()
        let site = try SiteMail(store, limit: task.options.mostLabels)
        var result = try Retrainer(
            options: task.options, version: version,
            current: try ModelBundle(directory: task.model), reservoir: try reservoir(),
            site: site, secret: try secret(), layerOptions: task.layer.options
        ).run(date: Date(), progress: show)
        // The same labels give the same weights, but each candidate has a report of its own.
        result.rename(try freeID("\(result.bundle.configuration.id)-r\(task.job)"))
        figures.report = result.report
        figures.method = result.method
        figures.labels = result.labels
        guard result.report.decision == .accepted, !task.registry.isEmpty else {
            return result.bundle.configuration.id
        }
        try show(RetrainingProgress("adding the candidate to the registry"))
        let id = try publish(result)
        var former: String?
        if task.options.activates {
            // Renewed right before, so that a retraining that was given up changes nothing.
            try lease.patiently { try lease.renew() }
            let registry = try ModelRegistry(path: task.registry)
            let now = RetrainingWorker.now
            if task.options.shadowHours > 0 {
                try registry.beginShadow(id, hours: task.options.shadowHours, time: now)
                figures.isShadow = true
            } else {
                former = try registry.active()
                try registry.activate(id, time: now, reason: "retraining \(task.job)")
                figures.isActive = true
            }
        }
        do {
            _ = try lease.patiently { try store.archive(upTo: site.revision, job: task.job) }
        } catch {
            // Another host may have taken over meanwhile: one that is not recorded changes nothing.
            if let former { try withdraw(former) }
            throw error
        }
        return id
    }

    private func withdraw(_ former: String) throws {
        try ModelRegistry(path: task.registry).activate(
            former, time: RetrainingWorker.now,
            reason: "retraining \(task.job) could not be recorded")
    }

    private func finish(
        _ store: any FeedbackStore, _ figures: RetrainingFigures, _ candidate: String
    ) throws {
        let isAccepted = figures.report?.decision == .accepted
        try store.finishRetraining(
            task.job,
            RetrainingEnd(
                state: isAccepted ? .promoted : .refused, candidate: candidate,
                figures: figures.json, time: RetrainingWorker.now))
    }

    private func reservoir() throws -> Reservoir {
        guard let bytes = FileManager.default.contents(atPath: task.reservoir) else {
            throw RetrainingError(
                .noBaseData,
                "there are no base data at \"\(task.reservoir)\"; siftd train "
                    + "--keep-reservoir makes them")
        }
        return try Reservoir(encoded: Array(bytes))
    }

    // MARK: The registry

    private static let scratchPrefix = "candidate-"

    /// Removes candidates of processes that were killed.
    private func removeLeftovers() {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: task.site)) ?? []
        where name.hasPrefix(RetrainingWorker.scratchPrefix) {
            try? manager.removeItem(atPath: "\(task.site)/\(name)")
        }
    }

    /// The id, or one with a further number when the registry has a version of this id, as from
    /// another label store.
    private func freeID(_ id: String) throws -> String {
        guard !task.registry.isEmpty else { return id }
        let taken = Set(try ModelRegistry(path: task.registry).list().map(\.id))
        guard taken.contains(id) else { return id }
        return (2...).lazy.map { "\(id).\($0)" }.first { !taken.contains($0) } ?? id
    }

    private func publish(_ result: RetrainedModel) throws -> String {
        let registry = try ModelRegistry(path: task.registry)
        try keepCurrent(registry)
        let scratch = "\(task.site)/\(RetrainingWorker.scratchPrefix)\(task.job)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try result.bundle.write(to: scratch)
        // The next retraining and the anchors of the layer need the base data beside the model.
        try FileManager.default.copyItem(
            atPath: task.reservoir, toPath: "\(scratch)/\(RetrainingTask.reservoirName)")
        return try registry.add(
            bundle: scratch,
            lineage: ModelLineage(
                origin: .retrained, parent: result.report.current, added: RetrainingWorker.now,
                labels: result.labels,
                guardFigures: try JSONDecoder().decode(
                    JSONValue.self, from: JSONEncoder.siftd(pretty: false).encode(result.report))))
    }

    /// Puts a model that is in no registry there, so that a rollback can lead to it.
    private func keepCurrent(_ registry: ModelRegistry) throws {
        guard try registry.active() == nil, task.options.activates else { return }
        let id = try registry.add(
            bundle: task.model,
            lineage: ModelLineage(origin: .imported, added: RetrainingWorker.now))
        try registry.activate(id, time: RetrainingWorker.now, reason: "the model so far")
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    private static var peakMemory: Int64 {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int64(usage.ru_maxrss) * 1_024
    }
}

extension RetrainingFigures {
    /// One line of JSON for the store.
    var json: String {
        (try? JSONEncoder.siftd(pretty: false).encode(self)).map {
            String(decoding: $0, as: UTF8.self)
        } ?? "{}"
    }
}
