import ASCIIText
import Corpora
import Foundation
import Models
import Scoring
import TextCNN

/// An ``EvaluationReport`` as one HTML file that loads nothing from elsewhere.
public struct ReportPage {
    private let report: EvaluationReport

    /// A page with this report.
    public init(_ report: EvaluationReport) { self.report = report }

    /// The page.
    public var html: String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>siftd: \(ReportPage.escaped(report.model))</title>
        <style>\(ReportPage.style)</style>
        <h1>Model \(ReportPage.escaped(report.model))</h1>
        <p>\(summary)</p>
        <h2>Overall</h2>
        \(overallTable)
        \(confusionTable)
        <h2>Curves</h2>
        <div class="plots">
        \(rocPlot)
        \(precisionRecallPlot)
        \(calibrationPlot)
        \(histogramPlot)
        </div>
        <h2>By data set</h2>
        \(setTable)
        <h2>Ham taken for spam</h2>
        \(mistakeTable(report.falsePositives))
        <h2>Spam missed</h2>
        \(mistakeTable(report.misses))
        <h2>Data</h2>
        \(sourceTable)
        <h2>The run</h2>
        \(runTable)
        </html>

        """
    }

    /// The text with the characters escaped that have a meaning in HTML, in attributes as well.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static let style = """

        :root { color-scheme: light dark; --line: #8885; --soft: #777; --spam: #c43; --ham: #287; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto;
          padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
        table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
        .wide { overflow-x: auto; }
        th, td { border-top: 1px solid var(--line); padding: .25rem .9rem .25rem 0;
          text-align: right; vertical-align: top; }
        th { color: var(--soft); font-weight: normal; }
        th:first-child, td:first-child, .text { text-align: left; }
        td:first-child { white-space: nowrap; }
        td code { display: inline-block; max-width: 34rem; white-space: normal;
          overflow-wrap: anywhere; }
        .text { min-width: 22rem; overflow-wrap: anywhere; }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr));
          gap: 1rem; }
        figure { margin: 0; } figcaption { color: var(--soft); }
        svg { width: 100%; height: auto; } svg text { font-size: 10px; fill: currentColor; }
        svg .name { font-size: 11px; fill: var(--soft); }
        svg .grid { stroke: var(--line); stroke-width: .5; }
        svg polyline { fill: none; stroke-width: 1.5; }
        svg .curve { stroke: #36c; } svg .ideal { stroke: var(--soft); stroke-dasharray: 4 3; }
        svg .dot { fill: #36c; } svg .ham { fill: var(--ham); } svg .spam { fill: var(--spam); }
        code { font-size: 12px; } .up { color: var(--spam); } .down { color: var(--ham); }

        """

    // MARK: Tables

    private var summary: String {
        let part = report.part.map { "part <b>\($0.rawValue)</b>" } ?? "all messages"
        let tag = report.tagThreshold.map { ", tag threshold \($0.fixed(4))" } ?? ""
        let count = report.overall.ham + report.overall.spam
        let interval = ShareInterval(share: report.overall.accuracy, of: count)
        return "\(report.overall.ham) ham and \(report.overall.spam) spam, \(part)\(tag). Accuracy "
            + "\(interval.text). siftd \(ReportPage.escaped(report.version))."
    }

    private func shown(_ value: Double?) -> String { value.map { $0.fixed(4) } ?? "–" }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        let names = head.map { "<th>\($0)</th>" }.joined()
        let lines = rows.map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }
        return "<div class=\"wide\"><table><tr>\(names)</tr>\n\(lines.joined(separator: "\n"))"
            + "</table></div>"
    }

    private static let measureNames = [
        "ham", "spam", "accuracy", "precision", "recall", "F1", "false positives", "AUC",
        "recall at 0.1 %", "at 0.5 %", "at 1 %", "calibration error",
    ]

    private func cells(_ measures: Measures) -> [String] {
        ["\(measures.ham)", "\(measures.spam)"]
            + [
                measures.accuracy, measures.precision, measures.recall, measures.f1,
                measures.falsePositiveRate, measures.rocAUC, measures.recallAtFPR?["0.001"],
                measures.recallAtFPR?["0.005"], measures.recallAtFPR?["0.01"],
                measures.calibrationError,
            ].map(shown)
    }

    private var overallTable: String {
        var rows = [["at probability 0.5"] + cells(report.overall)]
        if let tag = report.atTagThreshold { rows.append(["at the tag threshold"] + cells(tag)) }
        return table([""] + ReportPage.measureNames, rows)
    }

    private var confusionTable: String {
        func rows(_ name: String, _ measures: Measures) -> [[String]] {
            let counts = measures.confusion
            return [
                ["ham \(name)", "\(counts.trueNegatives)", "\(counts.falsePositives)"],
                ["spam \(name)", "\(counts.falseNegatives)", "\(counts.truePositives)"],
            ]
        }
        return table(
            ["", "called ham", "called spam"],
            rows("at 0.5", report.overall)
                + (report.atTagThreshold.map { rows("at the tag threshold", $0) } ?? []))
    }

    private var setTable: String {
        table(
            ["set"] + ReportPage.measureNames + ["false positives, tag", "recall, tag"],
            report.sets.sorted { $0.key < $1.key }.map { name, measures in
                let tag = report.setsAtTagThreshold[name]
                return [ReportPage.escaped(name)] + cells(measures)
                    + [shown(tag?.falsePositiveRate), shown(tag?.recall)]
            })
    }

    private func mistakeTable(_ mistakes: [EvaluationReport.Mistake]) -> String {
        guard !mistakes.isEmpty else { return "<p>None.</p>" }
        return table(
            ["message", "probability", "what moved it"],
            mistakes.map { mistake in
                let reasons = mistake.reasons.map { reason in
                    "<span class=\"\(reason.share < 0 ? "down" : "up")\">"
                        + String(format: "%+.1f", reason.share) + "</span> "
                        + ReportPage.escaped(reason.text)
                }
                return [
                    "<code style=\"max-width:20rem\">"
                        + "\(ReportPage.escaped("\(mistake.set): \(mistake.path)"))</code>",
                    mistake.probability.fixed(4),
                    "<div class=\"text\">\(reasons.joined(separator: "<br>"))</div>",
                ]
            })
    }

    private var sourceTable: String {
        table(
            ["set", "messages", "SHA-256"],
            report.sources.map {
                [ReportPage.escaped($0.name), "\($0.messages)", "<code>\($0.sha256)</code>"]
            })
    }

    private var runTable: String {
        let run = report.run
        func decimal(_ value: Double) -> String { String(format: "%.1f", value) }
        return table(
            ["measure", "value"],
            [
                ["messages a second", decimal(run.messagesPerSecond)],
                ["seconds of scoring", decimal(run.seconds)],
                ["CPU seconds of the process", decimal(run.cpuSeconds)],
                ["peak memory, MB", decimal(Double(run.peakMemoryBytes) / 1e6)],
                [
                    "µs from bytes to probability: median, 95 %, 99 %",
                    [run.latencyMedian, run.latency95, run.latency99].map(decimal)
                        .joined(separator: ", "),
                ],
            ])
    }

    // MARK: Plots

    private func figure(_ plot: SVGPlot, _ caption: String) -> String {
        "<figure>\(plot.text)<figcaption>\(caption)</figcaption></figure>"
    }

    private var rocPlot: String {
        var plot = SVGPlot(
            title: "ROC curve", x: "false-positive rate", y: "recall",
            horizontal: .logarithmic(1e-4))
        plot.addLine(report.curves.roc.map { ($0.x, $0.y) }, style: "curve")
        return figure(plot, "Recall by the share of ham called spam, on a logarithmic scale.")
    }

    private var precisionRecallPlot: String {
        var plot = SVGPlot(title: "Precision and recall", x: "recall", y: "precision")
        plot.addLine(report.curves.precisionRecall.map { ($0.x, $0.y) }, style: "curve")
        return figure(plot, "Precision by recall.")
    }

    private var calibrationPlot: String {
        var plot = SVGPlot(title: "Calibration", x: "probability", y: "share of spam")
        plot.addLine([(0, 0), (1, 1)], style: "ideal")
        for bin in report.curves.calibration {
            guard let frequency = bin.frequency else { continue }
            let count = bin.ham + bin.spam
            plot.addDot(
                x: bin.meanProbability, y: frequency,
                radius: min(9, 2 + log10(Double(count)) * 1.7),
                note: "\(count) messages, \(frequency.fixed(4)) spam")
        }
        return figure(
            plot,
            "Share of spam by probability; on the line, probabilities are what they say. "
                + "Larger dots stand for more messages.")
    }

    private var histogramPlot: String {
        let bins = report.curves.histogram
        func height(_ count: Int) -> Double { count > 0 ? log10(Double(count)) + 0.1 : 0 }
        let most = bins.map { max(height($0.ham), height($0.spam)) }.max() ?? 1
        var plot = SVGPlot(
            title: "Scores", x: "probability", y: "messages, power of ten",
            range: 0...max(1, most.rounded(.up)))
        for bin in bins {
            let middle = (bin.low + bin.high) / 2
            let range = "\(bin.low.fixed(4)) to \(bin.high.fixed(4))"
            plot.addBar(
                bin.low...middle, height: height(bin.ham), style: "ham",
                note: "\(bin.ham) ham, \(range)")
            plot.addBar(
                middle...bin.high, height: height(bin.spam), style: "spam",
                note: "\(bin.spam) spam, \(range)")
        }
        return figure(plot, "Ham (green) and spam (red) by probability.")
    }
}
