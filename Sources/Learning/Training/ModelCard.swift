import ASCIIText
import Corpora
import Models
import TextCNN
import TextFeatures

/// The human-readable description of a model, in Markdown.
struct ModelCard {
    private let configuration: ModelConfiguration
    private let report: TrainingReport

    init(_ configuration: ModelConfiguration, _ report: TrainingReport) {
        self.configuration = configuration
        self.report = report
    }

    /// The content of `MODEL_CARD.md`.
    var text: String {
        """
        # Model \(configuration.id)

        A text CNN that tells \(purpose), trained by `siftd train` \(report.version) on
        \(configuration.trained). Read by siftd; `SHA256SUMS` can be checked with `sha256sum -c`.

        ## Network
        \(network)

        \(author)## Training data
        \(dataTable)

        Digests of the sets are in `report.json`.

        \(languages)\(thresholds)## Measures
        \(measures("test", report.test) ?? measures("dev", report.dev) ?? "None were taken.")

        \(leftOut)## What to expect
        The figures hold for texts like the training texts; other kinds, languages and years are the
        weak spot.\(advice)
        """ + "\n"
    }

    private var isSpam: Bool { report.options.labelling == .spam }

    private var purpose: String {
        if isSpam { return "spam from ham" }
        let names = configuration.labels.prefix(20).joined(separator: ", ")
        let more = configuration.labels.count > 20 ? " and others" : ""
        return (configuration.head == .softmax ? "which one applies of " : "which apply of ")
            + "\(configuration.labels.count) labels (\(names)\(more))"
    }

    private var advice: String {
        guard isSpam else { return "" }
        return
            " Run with `mode = \"monitor\"` first, look at the scores of a week, and train on\n"
            + "your mail. Thresholds rest on few ham messages; their intervals say how few."
    }

    private var network: String {
        guard let shape = configuration.architecture else { return "" }
        let widths = shape.widths.map(String.init).joined(separator: ", ")
        let hidden = shape.hidden > 0 ? "hidden layer of \(shape.hidden)" : "no hidden layer"
        let linear =
            configuration.linearBits.map {
                "; beside it a linear model of words and pairs in 2^\($0) buckets with "
                    + "\(Int((report.options.linear.share * 100).rounded())) % of the logit"
            } ?? ""
        return
            "\(shape.vocabulary) tokens, embedding \(shape.embedding), windows of \(widths) with "
            + "\(shape.filters) filters each, \(hidden)\(linear). Text pipeline "
            + "`\(report.options.profile.rawValue)`. Seed \(report.options.training.seed), "
            + "\(report.epochs.count) epochs.\(vectors)"
    }

    private var vectors: String {
        guard let vectors = report.vectors else { return "" }
        return " \(vectors.words) of the tokens began with vectors from `\(vectors.name)`, whose "
            + "SHA-256 is in `report.json`."
    }

    private var author: String {
        guard let author = report.author else { return "" }
        let rows = author.weights.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map {
            "| `\($0)` | \(Double($1).fixed(2)) |"
        }
        return """
            ## Facts about the author
            What each adds to a message's logit, learnt on mail that networks trained alike had not seen.
            Together they lower it by at most \(Double(author.bound).fixed(2)).

            | fact | adds |
            |---|---|
            \(rows.joined(separator: "\n"))


            """
    }

    private var dataTable: String {
        let names = isSpam ? Label.allCases.map(\.rawValue) : [""]
        let columns = DataSplit.allCases.flatMap { part in
            names.map { $0.isEmpty ? part.rawValue : "\(part.rawValue) \($0)" }
        }
        let rows = report.counts.sorted { $0.key < $1.key }.map { set, counts in
            let cells = DataSplit.allCases.flatMap { part in
                names.map { name in
                    counts.filter { $0.key.hasPrefix("\(part.rawValue)_\(name)") }
                        .reduce(0) { $0 + $1.value }
                }
            }
            return "| \(set) | \(cells.map(String.init).joined(separator: " | ")) |"
        }
        return
            ([
                "| set | \(columns.joined(separator: " | ")) |",
                "|---|\(String(repeating: "---|", count: columns.count))",
            ] + rows)
            .joined(separator: "\n")
    }

    /// Languages with fewer wanted messages than this are summed up.
    private static let leastShown = 20

    private var languages: String {
        guard let languages = configuration.languages else { return "" }
        let sorted = languages.counts.sorted { ($1.value.ham, $0.key) < ($0.value.ham, $1.key) }
        let shown = sorted.filter { $0.value.ham >= ModelCard.leastShown }
        let rows = shown.map { code, counts in
            let verdict =
                switch languages.margin(of: code) {
                case 0: "judged"
                case .infinity: "thin: never spam, unsure instead"
                default: "judged strictly"
                }
            return "| \(code) | \(counts.ham) | \(counts.elsewhere) | \(counts.spam) | \(verdict) |"
        }
        return """
            ## Languages
            Train messages by language, where that is certain; the third column are wanted messages outside
            of the set that has most of them. Mail in other languages is treated like the thin ones. What
            is judged strictly is spam \(LearntLanguages.margin) units of the logit above the tag threshold.

            | language | ham | ham elsewhere | spam | |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))


            """
    }

    private var leftOut: String {
        guard let rows = report.leftOut else { return "" }
        return """
            ## Sources left out
            Models trained alike, each without the sources that it was measured on: how much of these siftd
            marks as spam, which is what a new site may expect of mail like none in training.

            \(LeftOutMeasures.table(rows))


            """
    }

    private var thresholds: String {
        guard isSpam else { return "" }
        return "## Thresholds, chosen on dev\n\(thresholdLines)\n\n"
    }

    private var thresholdLines: String {
        configuration.thresholds.sorted { $0.key < $1.key }.map { name, threshold in
            "- `\(name)`: probability \(threshold.probability.fixed(4)), "
                + "\(threshold.falsePositives) of \(threshold.ham) ham above it (95 % interval "
                + "\(threshold.falsePositiveRateLow.fixed(4)) to "
                + "\(threshold.falsePositiveRateHigh.fixed(4))), recall "
                + "\(threshold.recall.fixed(4))"
        }.joined(separator: "\n")
    }

    private func measures(_ part: String, _ measures: PartMeasures?) -> String? {
        let legend =
            isSpam
            ? "Accuracy, F1, false-positive rate and recall are at probability 0.5; `r@` is recall "
                + "at that\nshare of false positives.\n\n" : ""
        return measures.map { "\(legend)On the \(part) part:\n\n```\n\($0.table)\n```" }
    }
}
