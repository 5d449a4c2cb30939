import ArgumentParser
import Corpora
import Foundation
import Learning
import Models
import Scoring
import SiftdDaemon
import TextCNN

struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a model on labelled mail.",
        discussion: "PATH and split files are those of `siftd train`.")

    @Option(help: .init("The model; the active one by default.", valueName: "dir")) var model = ""
    @Option(
        name: .long, parsing: .upToNextOption,
        help: .init("Labelled mail.", valueName: "path[=label]"))
    var data: [String]
    @Option(name: .long, parsing: .upToNextOption, help: .init("Fixed parts.", valueName: "file"))
    var split: [String] = []
    @OptionGroup var unreadable: UnreadableOption
    @Option(help: "Only messages of this part: train, dev or test.") var part: String?
    @Option(help: .init("Write each message's probability there.", valueName: "file.tsv"))
    var scores: String?
    @Option(
        help: .init(
            "Write a report there, as a page or as JSON by the ending; repeat for both.",
            valueName: "file.html|file.json"))
    var report: [String] = []
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await SystemExit.reporting {
            let part = try self.part.map { name in
                guard let part = DataSplit(rawValue: name) else {
                    throw ValidationError("--part is \(name); it is train, dev or test")
                }
                return part
            }
            let scoring = try ScoringModel(directory: Paths.model(model))
            guard scoring.bundle.labels == [Label.spam.rawValue] else {
                return try evaluateLabels(scoring, part)
            }
            let progress = ProgressLine()
            let evaluation = try Evaluator(
                Judge(model: scoring, pool: ScoringPool()), splits: SplitFile(paths: split),
                part: part, unreadable: unreadable.files
            ).run(on: data.map(Corpus.init(argument:))) {
                progress.show("scored: \($0) messages")
            }
            progress.finish()
            if let scores {
                let lines = [Outcome.header] + evaluation.outcomes.map(\.line)
                try OutputFile.write(
                    Array((lines.joined(separator: "\n") + "\n").utf8), to: scores)
            }
            try show(evaluation, evaluation.table)
            try write(evaluation, scoring)
        }
    }

    private func write(_ evaluation: Evaluation, _ model: ScoringModel) throws {
        guard !report.isEmpty else { return }
        let content = try ReportBuilder(model, version: Siftd.version).report(
            on: evaluation, of: data.map(Corpus.init(argument:)))
        for path in report {
            let bytes =
                path.hasSuffix(".json") ? try content.json : Data(ReportPage(content).html.utf8)
            try OutputFile.write(Array(bytes), to: path)
        }
    }

    private func evaluateLabels(_ model: ScoringModel, _ part: DataSplit?) throws {
        guard scores == nil, report.isEmpty else {
            throw ValidationError("--scores and --report are for models of ham and spam alone")
        }
        let progress = ProgressLine()
        let evaluation = try LabelEvaluator(
            model, splits: SplitFile(paths: split), part: part, unreadable: unreadable.files
        ).run(on: data.map(Corpus.init(argument:))) { progress.show("scored: \($0) texts") }
        progress.finish()
        try show(evaluation, evaluation.table)
    }

    private func show(_ evaluation: some Encodable, _ table: String) throws {
        guard json else { return print(table) }
        try evaluation.printJSON(isPretty: true)
    }
}
