import ArgumentParser
import Corpora
import Dispatch
import FilterPolicy
import Foundation
import ModelRegistry
import Models
import Retraining
import Scoring
import SiftdDaemon

struct Calibrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Raise the thresholds of a model until this site's wanted mail is below them.",
        discussion: """
            PATH is a message, a directory, an mbox file, a Maildir, a CSV file or an archive. The \
            tag threshold is raised until at most 0.5 % of the wanted mail lies above it, the \
            reject threshold until 0.1 % do; neither is ever lowered. With fifty messages of each \
            kind the probabilities are fitted as well. Nothing is trained. The model is written \
            as a new version; the old one is left as it is.
            """)

    @Option(
        name: .long, parsing: .upToNextOption, help: .init("Wanted mail.", valueName: "path"))
    var ham: [String]
    @Option(
        name: .long, parsing: .upToNextOption, help: .init("Unwanted mail.", valueName: "path"))
    var spam: [String] = []
    @Option(help: .init("The model; the active one by default.", valueName: "dir")) var model = ""
    @Option(help: .init("Write the new version there.", valueName: "dir")) var output: String?
    @Option(
        help: .init(
            "Add it to this registry and make it active (default: \(Paths.registry)).",
            valueName: "dir"))
    var registry: String?
    @Flag(help: "Only say what would be done.") var dryRun = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await SystemExit.reporting {
            if output != nil, registry != nil {
                throw ValidationError("--output and --registry exclude each other")
            }
            if let output { try ModelBundle.checkIsFree(output) }
            let directory = Paths.model(model)
            let bundle = try ModelBundle(directory: directory)
            let scoring = ScoringModel(bundle)
            let judge = Judge(model: scoring, pool: ScoringPool())
            let (result, calibration) = try SiteCalibration.run(
                bundle, ham: logits(ham, judge), spam: logits(spam, judge), date: Date())
            if json { try calibration.printJSON(isPretty: true) } else { print(calibration.text) }
            guard !dryRun else { return }
            try write(result, calibration, directory)
        }
    }

    /// The logits of messages, in the view that decides.
    private func logits(_ paths: [String], _ judge: Judge) throws -> [Double] {
        var logits: [Double] = []
        let policy = PolicySettings().applied(to: [])
        for path in paths {
            try Corpus(argument: path).forEachReported { message in
                let judged = judge.judge(
                    judge.read(message.content), by: policy, deadline: .distantFuture)
                logits.append(try judged.get().modelLogit)
            }
        }
        return logits
    }

    private func write(
        _ bundle: ModelBundle, _ calibration: SiteCalibration, _ parent: String
    ) throws {
        if let output {
            try bundle.write(to: output)
            try copyReservoir(from: parent, to: output)
            return print("version \(calibration.id) written to \(output)")
        }
        let registry = try ModelRegistry(path: registry ?? Paths.registry)
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
