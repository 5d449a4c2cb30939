import ArgumentParser
import Feedback
import Foundation
import ModelRegistry
import Models
import Retraining
import Scoring
import Settings
import SiftdDaemon
import SiteMemory

struct Retrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Train the model again with this site's labels; a guard decides whether it serves.",
        discussion: """
            The candidate and the current model are compared on labels that neither has seen. The \
            candidate is put in force if it is no less accurate than the limits permit, and if \
            there are labels enough to say so; else the current one stays. With --csv the rows of \
            a table with the columns text and label (spam or ham, or 1 or 0) become labels first. \
            The exit code is 0 when the candidate was accepted, and so is in force, except with \
            --inactive and --shadow-hours. It is 0, too, when there are no new labels and nothing \
            was done, and 1 when the candidate was refused.
            """)

    @Option(help: .init("Labels to add first.", valueName: "file")) var csv: String?
    @Option(help: .init("Directory of the labels; that of the configuration.", valueName: "dir"))
    var store: String?
    @OptionGroup var registry: ConfiguredRegistryOption
    @Option(help: .init("The model to begin with; the active one by default.", valueName: "dir"))
    var model: String?
    @Option(help: .init("Base data; those that came with siftd by default.", valueName: "file"))
    var reservoir: String?
    @Option(
        help: """
            How: refine the current model, or train one of its shape anew, which needs base data of \
            all that it shall know.
            """)
    var method = RetrainingOptions.Method.refine
    @Flag(help: "Retrain now, even without new labels.") var now = false
    @Flag(help: "Only add and judge; make nothing active.") var inactive = false
    @Option(
        help: .init(
            "Let an accepted candidate score live mail beside the current model for so long, before the daemon puts it in force.",
            valueName: "hours"))
    var shadowHours = 0.0
    @Flag(help: "Take CPU time like any process, instead of what others leave.") var hurry = false
    @Flag(help: "Print the figures as JSON.") var json = false
    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup(title: "Guard") var guardOptions: GuardArguments
    @Flag(help: .hidden) var run = false

    func run() async throws {
        try await SystemExit.reporting { [self] in
            if run { return try work() }
            guard (0...8_760).contains(shadowHours) else {
                throw ValidationError("--shadow-hours is \(shadowHours); it is 0 to 8760")
            }
            var settings = try configuration.settings()
            if let store { settings.learn.directory = store }
            if let reservoir { settings.learn.reservoir = reservoir }
            if let model { settings.model.directory = model }
            let scoring = try ScoringModel(directory: Paths.model(settings.model.directory))
            if let csv { _ = try TableImport.checked(csv) }
            guard let memory = try SiteAccess.memory(settings, scoring) else {
                throw ValidationError(
                    "there is no directory of labels; name it with --store or in the configuration")
            }
            if let csv { try add(csv, memory, scoring, settings) }
            try start(settings, memory)
        }
    }

    private func add(
        _ csv: String, _ memory: SiteMemory, _ model: ScoringModel, _ settings: SiftdSettings
    ) throws {
        let progress = ProgressLine()
        let result = try TableImport.run(
            csv, into: memory.store,
            judge: Judge(
                model: model, pool: ScoringPool(), limits: settings.scan,
                site: memory.knowledge(authservID: ""))
        ) { progress.show("stored: \($0) labels") }
        progress.finish()
        let outcomes = result.outcomes.sorted { $0.key < $1.key }.map { "\($1) \($0)" }
        print("\(result.ham) ham and \(result.spam) spam read: \(outcomes.joined(separator: ", "))")
    }

    private func start(_ settings: SiftdSettings, _ memory: SiteMemory) throws {
        let newLabels = try memory.store.newLabels()
        guard settings.fleet.mayTrain else {
            throw ValidationError(
                "this host, \(settings.fleet.hostName), does not retrain: fleet.trainer is "
                    + "\"\(settings.fleet.trainer)\"")
        }
        guard now || csv != nil || newLabels > 0 else {
            return print("no new labels since the last retraining; --now retrains nevertheless")
        }
        // Looked at before a retraining is recorded that could only fail.
        let registry = try ModelRegistry(path: registry.path(settings)).path
        let directory = Paths.model(settings.model.directory)
        var options = RetrainingOptions()
        options.limits = try guardOptions.limits()
        options.activates = !inactive
        options.shadowHours = shadowHours
        options.yields = !hurry
        options.methods = [method]
        let path = SiteAccess.reservoir(settings)
        let site = settings.learn.directory.isEmpty ? Paths.learning : settings.learn.directory
        var task = RetrainingTask(
            site: site, registry: registry,
            model: directory,
            reservoir: path ?? "\(directory)/\(RetrainingTask.reservoirName)",
            options: options, layer: settings.learn.layer)
        task.newLabels = newLabels
        if settings.store.isShared {
            task.shared = settings.store
            task.host = settings.fleet.hostName
        }
        let process = try RetrainingProcess.start(
            task, store: memory.store,
            reason: csv.map { "table \($0)" } ?? "siftd retrain, \(newLabels) new labels")
        try show(process.wait(), chosen: settings.model.directory, registry)
    }

    private func show(
        _ outcome: RetrainingProcess.Outcome, chosen: String, _ registry: String
    ) throws {
        let job = outcome.job
        if json, let figures = job.result { try figures.printJSON(isPretty: true) }
        switch outcome {
        case .promoted:
            print(job.outcome)
            if job.result?.isActive == true { RegistryOption.remindOfReload() }
            if !chosen.isEmpty, chosen != "\(registry)/active" {
                SystemExit.complain(
                    "the configuration or --model names \(chosen); let model.directory name "
                        + "\(registry)/active, so that the new version serves")
            }
        case .refused:
            print(job.outcome)
            throw ExitCode(1)
        case .failed, .killed:
            SystemExit.complain(job.outcome)
            throw ExitCode(SystemExit.internalFault)
        }
    }

    // MARK: The child

    /// The work of the child process.
    private func work() throws {
        let input = FileHandle.standardInput.readDataToEndOfFile()
        let task = try JSONDecoder().decode(RetrainingTask.self, from: input)
        for missing in RetrainingWorker.confine(task) {
            SystemExit.complain("the system does not permit the retraining \(missing)")
        }
        let progress = ProgressLine()
        _ = try RetrainingWorker(task, version: Siftd.version).run { step in
            progress.bar(step.fraction, step.step)
        }
        progress.finish()
    }
}

extension RetrainingOptions.Method: ExpressibleByArgument {}

/// What the guard demands.
struct GuardArguments: ParsableArguments {
    @Option(help: "By how much the accuracy may fall, 0 to 1.") var maxAccuracyDrop = 0.02
    @Option(help: "By how much the share of false positives may rise, 0 to 1.")
    var maxFalsePositiveRise = 0.005

    /// - Throws: `ValidationError` that names the option.
    func limits() throws -> GuardLimits {
        guard (0...1).contains(maxAccuracyDrop), (0...1).contains(maxFalsePositiveRise) else {
            throw ValidationError(
                "--max-accuracy-drop and --max-false-positive-rise are 0 to 1")
        }
        var limits = GuardLimits()
        limits.maxAccuracyDrop = maxAccuracyDrop
        limits.maxFalsePositiveRise = maxFalsePositiveRise
        return limits
    }
}
