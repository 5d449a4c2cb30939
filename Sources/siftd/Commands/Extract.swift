import ArgumentParser
import Corpora
import Foundation
import Learning
import MailText
import Scoring
import TextFeatures

struct Extract: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what siftd reads of messages: parts, visible text, facts, tokens, defects.")

    @Flag(help: "Print one JSON object a message.") var json = false
    @Option(help: "Text pipeline: default or seed.") var profile = "default"
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
            for path in paths {
                try Corpus(argument: path).forEachReported { message in
                    try show(Extraction(message, pipeline))
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
