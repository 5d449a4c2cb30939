import ArgumentParser
import Corpora
import Foundation
import Learning
import MailText
import Scoring
import TextFeatures

struct Extract: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what siftd reads of messages: parts, visible text, facts, tokens, defects.",
        discussion: """
            A message with hidden text, with words in drawings or for Outlook alone, with alternatives \
            that say different things, or with doubtful delimiters has other views besides the one a \
            recipient sees. The strictest judgement of all views holds; with --model each view has its \
            probability.
            """)

    @Flag(help: "Print one JSON object a message.") var json = false
    @Option(help: "Text pipeline: default or seed.") var profile = "default"
    @Option(help: .init("Score each view by this model.", valueName: "dir")) var model: String?
    @Argument(help: .init("What to read; - for standard input.", valueName: "path"))
    var paths: [String]

    func run() async throws {
        try await SystemExit.reporting {
            guard let name = TextPipelineSpec.Profile(rawValue: profile),
                TextPipelineSpec.Profile.trainable.contains(name)
            else {
                throw ValidationError("--profile is \(profile); it is default or seed")
            }
            let pipeline = try TextPipeline(TextPipelineSpec.named(name))
            let judge = try model.map { try Classifier(model: $0).judge }
            for path in paths {
                try Corpus(argument: path).forEachReported { message in
                    try show(Extraction(message, pipeline, judge))
                }
            }
        }
    }

    private func show(_ extraction: Extraction) throws {
        if json {
            try extraction.printJSON()
        } else {
            print(extraction.text)
        }
    }
}
