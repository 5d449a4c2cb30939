import ArgumentParser
import Corpora
import FilterPolicy
import Foundation
import Learning
import MailText
import Models
import Scoring

struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which words and facts made a message's score.",
        discussion: """
            Each line shows a passage of the message as it is written there and what it adds to the \
            log-odds of spam, or of the most probable label of a model for other labels. Facts about \
            the message stand in brackets. The base, all lines and the rest add up to the log-odds.
            """)

    @Option(help: .init("The model; the active one by default.", valueName: "dir")) var model = ""
    @Flag(help: "Print one JSON object a message.") var json = false
    @OptionGroup var site: LabelsOption
    @Argument(help: .init("A message; - for standard input.", valueName: "file"))
    var paths: [String]

    func run() async throws {
        try await SystemExit.reporting {
            let classifier = try site.classifier(model: model)
            for path in paths {
                try Corpus(argument: path).forEachReported { message in
                    try show(
                        classifier.classify(
                            message.content, path: message.location?.path,
                            member: message.location?.member, explains: true
                        ).get())
                }
            }
        }
    }

    private func show(_ result: Classification) throws {
        if json {
            try result.printJSON()
        } else {
            print(Explain.text(result))
        }
    }

    private static func text(_ result: Classification) -> String {
        var lines = ["== \(result.name)"]
        if let verdict = result.verdict {
            let figures = String(
                format: "probability %.4f, %.2f points where 5 are spam", result.spamProbability,
                result.score)
            lines.append(
                "\(verdict.rawValue), \(figures)" + (result.reason.map { ", \($0)" } ?? ""))
        } else {
            lines.append(
                result.word + String(format: ", probability %.4f", result.topProbability))
        }
        if result.view != .asSeen { lines.append("judged \(result.view.words)") }
        guard let explanation = result.explanation else { return lines.joined(separator: "\n") }
        if explanation.isApproximate ?? false {
            lines.append("approximate: how fast the log-odds change with each passage")
        }
        if let segment = explanation.segment {
            lines.append(
                "strongest are words \(segment.first) to \(segment.last) of \(segment.tokens), with "
                    + "the subject")
        }
        func add(_ share: Double, _ text: String) {
            lines.append(String(format: "%+8.2f  ", share) + text)
        }
        for reason in explanation.reasons { add(reason.share, reason.text) }
        if let site = explanation.site {
            add(site.share, "(\(site.labels) labels of this site)")
            for reason in site.reasons.prefix(5) {
                lines.append(String(format: "    %+8.2f  ", reason.share) + reason.text)
            }
        }
        add(explanation.others, "(all else)")
        add(explanation.base, "(base: what no words add)")
        lines.append(
            String(format: "%8.2f  ", explanation.logit) + "log-odds of \(explanation.label)")
        return lines.joined(separator: "\n")
    }
}
