import ArgumentParser
import Corpora
import FilterPolicy
import Foundation
import HTTPServer
import Learning
import MailText
import Models
import Scoring
import SiftdDaemon

struct Classify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge messages without an MTA.",
        discussion: """
            PATH is a message, a directory, an mbox file, a Maildir, a CSV file, an archive, or - for \
            standard input. With one message the exit code is 0 for ham, 1 for spam, 2 for unsure.
            """)

    @Option(help: .init("The model; the active one by default.", valueName: "dir")) var model = ""
    @Flag(help: "Print one JSON object a message.") var json = false
    @Argument(help: .init("What to judge.", valueName: "path")) var paths: [String]

    func run() async throws {
        try await SystemExit.reporting {
            let classifier = try Classifier(model: model)
            var verdicts: [String] = []
            for path in paths {
                try Corpus(argument: path).forEach { message in
                    let place =
                        message.path == "-" || path.hasSuffix(message.path)
                        ? path : "\(path): \(message.path)"
                    let result = try classifier.classify(.init(message), path: place).get()
                    verdicts.append(result.verdict)
                    try show(result)
                }
            }
            guard verdicts.count == 1 else { return }
            switch verdicts[0] {
            case Verdict.spam.rawValue: throw ExitCode(1)
            case Verdict.unsure.rawValue: throw ExitCode(2)
            default: return
            }
        }
    }

    private func show(_ result: Classification) throws {
        if json {
            try result.printJSON()
        } else {
            let score =
                result.judgesSpam
                ? String(format: "%.4f %6.2f", result.spamProbability, result.score)
                : String(format: "%.4f", result.topProbability)
            print("\(result.verdict)\t\(score)\t\(result.path ?? "-")")
        }
    }
}

extension Classifier {
    /// Judges by the default policy, for the command line.
    ///
    /// - Parameter model: a bundle; "" takes the active one.
    init(model: String) throws {
        let scoring = try ScoringModel(directory: ModelLocation.directory(model))
        self.init(
            pool: ScoringPool(options: .machine), model: scoring, policy: PolicySettings(),
            limits: MailLimits(), deadline: 60)
    }
}
