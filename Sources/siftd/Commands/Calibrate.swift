import ArgumentParser
import Corpora
import Dispatch
import Feedback
import FilterPolicy
import Foundation
import ModelRegistry
import Models
import Retraining
import Scoring
import Settings
import SiftdDaemon
import SiteMemory

struct Calibrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Raise the thresholds of a model until this site's wanted mail is below them.",
        discussion: """
            PATH is a message, a directory, an mbox file, a Maildir, a CSV file or an archive. The \
            tag threshold is raised until at most 0.5 % of the wanted mail lies above it, the \
            reject threshold until 0.1 % do; neither is ever lowered. With fifty messages of each \
            kind, and without labels, the probabilities are fitted as well. Nothing is trained. \
            The model is written as a new version; the old one is left as it is. Where this site \
            has taught, its labels count in every score, but none in that of its own message.

            --from-history takes what the daemon remembers, as of a time in monitor mode: labelled \
            messages, and verdicts ham to which nobody has objected for --settled hours. Spam \
            verdicts count when somebody has labelled them, so look through them first: the page's \
            view Recent, or siftd learn.
            """)

    @Option(
        name: .long, parsing: .upToNextOption, help: .init("Wanted mail.", valueName: "path"))
    var ham: [String] = []
    @Option(
        name: .long, parsing: .upToNextOption, help: .init("Unwanted mail.", valueName: "path"))
    var spam: [String] = []
    @Flag(help: "Use what the daemon remembers of the mail that it has judged.") var fromHistory =
        false
    @Option(help: .init("Days of the history that count.", valueName: "count")) var days = 30
    @Option(
        help: .init(
            "Hours after which silence about a verdict ham is consent.", valueName: "count"))
    var settled = 24
    @Flag(inversion: .prefixedNo, help: "Judge with what this site has taught, where there is any.")
    var labels = true
    @Option(help: .init("Directory of the labels; that of the configuration.", valueName: "dir"))
    var store: String?
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: .init("The model; the active one by default.", valueName: "dir")) var model = ""
    @Option(help: .init("Write the new version there.", valueName: "dir")) var output: String?
    @Option(
        help: .init(
            "Add it to this registry and make it active (default: learn.registry, or "
                + "\(Paths.registry)).",
            valueName: "dir"))
    var registry: String?
    @Flag(help: "Only say what would be done.") var dryRun = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await SystemExit.reporting {
            if output != nil, registry != nil {
                throw ValidationError("--output and --registry exclude each other")
            }
            guard fromHistory || !ham.isEmpty else {
                throw ValidationError("name wanted mail with --ham, or use --from-history")
            }
            guard days > 0, settled >= 0 else {
                throw ValidationError("--days is 1 or more, --settled 0 or more")
            }
            if let output { try ModelBundle.checkIsFree(output) }
            var settings = try configuration.settings()
            if let store { settings.learn.directory = store }
            let directory = Paths.model(model.isEmpty ? settings.model.directory : model)
            let bundle = try ModelBundle(directory: directory)
            let (result, calibration) = try SiteCalibration.run(
                bundle, try mail(ScoringModel(bundle), settings), date: Date())
            if json { try calibration.printJSON(isPretty: true) } else { print(calibration.text) }
            guard !dryRun else { return }
            try write(result, calibration, directory, settings)
        }
    }

    /// The messages, in the view that decides.
    private func mail(_ model: ScoringModel, _ settings: SiftdSettings) throws -> CalibrationMail {
        let memory =
            SiteAccess.exists(settings) && (labels || fromHistory)
            ? try SiteAccess.memory(settings, model) : nil
        guard memory != nil || !fromHistory else {
            throw ValidationError(
                "there is no history; name its directory with --store or in the configuration")
        }
        var mail = try memory.map { try CalibrationMail($0, isTaught: labels) } ?? CalibrationMail()
        let judge = Judge(
            model: model, pool: ScoringPool(), limits: settings.scan,
            site: memory?.knowledge(authservID: settings.lists.authservID))
        let policy = PolicySettings().applied(to: [])
        for (paths, isSpam) in [(ham, false), (spam, true)] {
            for path in paths {
                try Corpus(argument: path).forEachReported { message in
                    let judged = judge.judge(
                        judge.read(message.content), by: policy, deadline: .distantFuture)
                    mail.add(
                        try judged.get(), MessageDigest(of: message.content), isSpam: isSpam)
                }
            }
        }
        if fromHistory, let memory {
            let now = RegistryOption.now
            try mail.addHistory(
                of: memory.store, model: model.id, since: now - Int64(days) * 86_400,
                settled: now - Int64(settled) * 3_600)
        }
        return mail
    }

    private func write(
        _ bundle: ModelBundle, _ calibration: SiteCalibration, _ parent: String,
        _ settings: SiftdSettings
    ) throws {
        if let output {
            try bundle.write(to: output)
            try copyReservoir(from: parent, to: output)
            return print("version \(calibration.id) written to \(output)")
        }
        let registry = try ModelRegistry(path: registry ?? SiteAccess.registry(settings))
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("siftd-calibrate-\(getpid())").path
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try bundle.write(to: scratch)
        try copyReservoir(from: parent, to: scratch)
        if try registry.active() == nil {
            // So that a rollback can lead back to it.
            let id = try registry.add(
                bundle: parent, lineage: ModelLineage(origin: .imported, added: RegistryOption.now))
            try registry.activate(id, time: RegistryOption.now, reason: "the model so far")
        }
        let figures = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder.siftd(pretty: false).encode(calibration))
        let id = try registry.add(
            bundle: scratch,
            lineage: ModelLineage(
                origin: .calibrated, parent: calibration.parent, added: RegistryOption.now,
                labels: calibration.ham + calibration.spam, guardFigures: figures))
        try registry.activate(id, time: RegistryOption.now, reason: "siftd calibrate")
        print("version \(id) is active in \(registry.path)")
        SystemExit.complain("a running daemon takes it at the next reload: systemctl reload siftd")
    }

    private func copyReservoir(from parent: String, to directory: String) throws {
        let source = "\(parent)/\(RetrainingTask.reservoirName)"
        guard FileManager.default.fileExists(atPath: source) else { return }
        try FileManager.default.copyItem(
            atPath: source, toPath: "\(directory)/\(RetrainingTask.reservoirName)")
    }
}
