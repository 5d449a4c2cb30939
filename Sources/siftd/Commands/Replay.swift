import ArgumentParser
import Corpora
import FilterPolicy
import Foundation
import Models
import Retraining
import Scoring
import Settings
import SiftdDaemon
import SiteMemory

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the messages whose verdict differs between two models, with reasons.",
        discussion: """
            With --model twice, the two models are compared, both without this site's labels, or \
            both with them (--labels on). With one --model or none, it is compared without and \
            with the labels. PATH is a message, a directory, an mbox file, a Maildir, a CSV file \
            or an archive.
            """)

    /// Whether two models are compared with the site's labels.
    enum Labels: String, ExpressibleByArgument {
        case on, off
    }

    @Option(help: .init("A model; twice to compare two.", valueName: "dir"))
    var model: [String] = []
    @Option(help: "Compare two models with this site's labels (on) or without (off).")
    var labels = Labels.off
    @Option(
        help: .init("Directory of the labels; that of the configuration.", valueName: "dir"))
    var store: String?
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: .init("Reasons shown for each verdict.", valueName: "count")) var reasons = 3
    @Flag(help: "Print one JSON object a message.") var json = false
    @Argument(help: .init("What to judge.", valueName: "path")) var paths: [String]

    func run() async throws {
        try await SystemExit.reporting {
            guard model.count <= 2 else {
                throw ValidationError("--model is given \(model.count) times; it is two at most")
            }
            var settings = try configuration.settings()
            if let store { settings.learn.directory = store }
            let (before, after) = try judges(settings)
            let policy = settings.policy.applied(to: [])
            var counts = (all: 0, changed: 0)
            for path in paths {
                try Corpus(argument: path).forEachReported { message in
                    func judged(_ judge: Judge) throws -> JudgedMessage {
                        try judge.judge(
                            judge.read(message.content), by: policy, deadline: .distantFuture
                        ).get()
                    }
                    counts.all += 1
                    let location = message.location
                    let name =
                        (location?.path ?? "-") + (location?.member.map { ": \($0)" } ?? "")
                    guard
                        let change = VerdictChange(
                            name, try judged(before), try judged(after), reasons: reasons)
                    else { return }
                    counts.changed += 1
                    if json { try change.printJSON() } else { print(change.text) }
                }
            }
            SystemExit.complain("\(counts.changed) of \(counts.all) verdicts change")
        }
    }

    private func judges(_ settings: SiftdSettings) throws -> (Judge, Judge) {
        let pool = ScoringPool()
        let authservID = settings.lists.authservID
        func judge(_ model: ScoringModel, taught: Bool) throws -> Judge {
            guard taught else { return Judge(model: model, pool: pool, limits: settings.scan) }
            guard let memory = try SiteAccess.memory(settings, model) else {
                throw ValidationError(
                    "there are no labels; name their directory with --store or in the configuration"
                )
            }
            return Judge(
                model: model, pool: pool, limits: settings.scan,
                site: memory.knowledge(authservID: authservID))
        }
        let chosen = model.first ?? settings.model.directory
        let first = try ScoringModel(directory: Paths.model(chosen))
        guard model.count == 2 else {
            return (try judge(first, taught: false), try judge(first, taught: true))
        }
        let second = try ScoringModel(directory: Paths.model(model[1]))
        let taught = labels == .on
        return (try judge(first, taught: taught), try judge(second, taught: taught))
    }
}
