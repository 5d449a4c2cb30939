import TextCNN
import TextFeatures

/// What a person should know of a model, in Markdown.
struct ModelCard {
    private let configuration: ModelBundle.Configuration
    private let report: TrainingReport

    init(_ configuration: ModelBundle.Configuration, _ report: TrainingReport) {
        self.configuration = configuration
        self.report = report
    }

    var text: String {
        """
        # Model \(configuration.id)

        A text CNN that tells spam from ham, trained by `siftd train` \(report.version) on
        \(configuration.trained). Read by siftd; `SHA256SUMS` can be checked with `sha256sum -c`.

        ## Network
        \(network)

        ## Training data
        | set | train ham | train spam | dev ham | dev spam | test ham | test spam |
        |---|---|---|---|---|---|---|
        \(dataRows)

        Digests of the sets are in `report.json`.

        ## Thresholds, chosen on dev
        \(thresholdLines)

        ## Measures
        Accuracy, F1, false-positive rate and recall are at probability 0.5; `r@` is recall at that
        share of false positives.

        \(measures("test", report.test) ?? measures("dev", report.dev) ?? "None were taken.")

        ## What to expect
        The figures hold for mail like the training mail. Mail of other kinds, languages and years
        is the weak spot: run with `mode = "monitor"` first, look at the scores of a week, and train
        on mail of your own. Thresholds rest on few ham messages; their intervals say how few.
        """ + "\n"
    }

    private var network: String {
        let shape = configuration.architecture
        let widths = shape.widths.map(String.init).joined(separator: ", ")
        let hidden = shape.hidden > 0 ? "hidden layer of \(shape.hidden)" : "no hidden layer"
        return
            "\(shape.vocabulary) tokens, embedding \(shape.embedding), windows of \(widths) with "
            + "\(shape.filters) filters each, \(hidden). Text pipeline "
            + "`\(report.options.profile.rawValue)`. Seed \(report.options.training.seed), "
            + "\(report.epochs.count) epochs."
    }

    private var dataRows: String {
        report.counts.sorted { $0.key < $1.key }.map { name, counts in
            let cells = Part.allCases.flatMap { part in
                Label.allCases.map { "\(counts["\(part.rawValue)_\($0.rawValue)"] ?? 0)" }
            }
            return "| \(name) | \(cells.joined(separator: " | ")) |"
        }.joined(separator: "\n")
    }

    private var thresholdLines: String {
        configuration.thresholds.sorted { $0.key < $1.key }.map { name, threshold in
            "- `\(name)`: probability \(format4(threshold.probability)), \(threshold.falsePositives)"
                + " of \(threshold.ham) ham above it (95 % interval "
                + "\(format4(threshold.falsePositiveRateLow)) to "
                + "\(format4(threshold.falsePositiveRateHigh))), recall \(format4(threshold.recall))"
        }.joined(separator: "\n")
    }

    private func measures(_ part: String, _ evaluation: Evaluation?) -> String? {
        evaluation.map { "On the \(part) part:\n\n```\n\($0.table)\n```" }
    }
}
