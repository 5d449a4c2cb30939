import ArgumentParser
import Corpora
import FilterPolicy
import Foundation
import Scoring

/// `siftd classify`.
struct Classify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge messages without an MTA.",
        discussion: """
            PATH is a message, a directory, an mbox file, a Maildir, a CSV file, an archive, or - for \
            standard input. With one message the exit code is 0 for ham, 1 for spam, 2 for unsure.
            """)

    @Option(help: .init("The model; the active one by default.", valueName: "dir")) var model = ""
    @Flag(help: "Print one JSON object a message.") var json = false
    @OptionGroup var site: LabelsOption
    @Argument(help: .init("What to judge.", valueName: "path")) var paths: [String]

    func run() async throws {
        try await SystemExit.reporting {
            let classifier = try site.classifier(model: model)
            var findings: [Classification.Finding] = []
            for path in paths {
                try Corpus(argument: path).forEachReported { message in
                    let result = try classifier.classify(
                        message.content, path: message.location?.path,
                        member: message.location?.member
                    ).get()
                    findings.append(result.finding)
                    try show(result)
                }
            }
            guard findings.count == 1 else { return }
            switch findings[0] {
            case .verdict(.spam): throw ExitCode(1)
            case .verdict(.unsure): throw ExitCode(2)
            default: return
            }
        }
    }

    private func show(_ result: Classification) throws {
        if json {
            try result.printJSON()
        } else {
            let score =
                result.verdict != nil
                ? String(format: "%.4f %6.2f", result.spamProbability, result.score)
                : String(format: "%.4f", result.topProbability)
            print("\(result.word)\t\(score)\t\(result.name)")
        }
    }
}
