import Corpora
import FilterTestKit
import Foundation
import Learning
import Models
import Scoring
import Testing

@Suite struct EvaluationReportTests {
    /// Messages of both kinds, a few of them under the wrong label.
    private func report(_ folder: TemporaryFolder) throws -> EvaluationReport {
        for number in 500..<530 {
            for label in Label.allCases {
                let wrong = number < 503
                let name = wrong == (label == .spam) ? "ham" : "spam"
                try folder.write("set/\(name)/\(number)&<b>", TinyModel.message(label, number))
            }
        }
        let model = try ScoringModel(TinyModel.shared.get())
        let corpora = [Corpus(argument: folder.file("set"))]
        let evaluation = try Evaluator(
            Judge(model: model, pool: ScoringPool()), splits: SplitFile(), part: nil
        ).run(on: corpora) { _ in }
        return try ReportBuilder(model, version: "test").report(on: evaluation, of: corpora)
    }

    @Test("A report names the mistakes and why, and its curves end where they must")
    func content() throws {
        let report = try report(TemporaryFolder())
        #expect(report.falsePositives.count == 3 && report.misses.count == 3)
        #expect(report.falsePositives.allSatisfy { $0.probability > 0.5 && !$0.reasons.isEmpty })
        let end = try #require(report.curves.roc.last)
        #expect(end.x == 1 && end.y == 1)
        #expect(zip(report.curves.roc, report.curves.roc.dropFirst()).allSatisfy { $0.x <= $1.x })
        #expect(report.curves.histogram.reduce(0) { $0 + $1.ham + $1.spam } == 60)
        #expect(report.sources.map(\.messages) == [60])
        #expect(report.run.latencyMedian > 0 && report.run.peakMemoryBytes > 1 << 20)
    }

    @Test("The same model and mail give the same bytes, but for what the run took")
    func reproducible() throws {
        let folder = try TemporaryFolder()
        var first = try report(folder)
        let second = try report(folder)
        first.run = second.run
        #expect(try first.json == second.json)
        #expect(ReportPage(first).html == ReportPage(second).html)
    }

    @Test("The page shows the plots, and nothing of a message or a file name as markup")
    func page() throws {
        let html = ReportPage(try report(TemporaryFolder())).html
        #expect(html.components(separatedBy: "<svg").count == 5)
        #expect(!html.contains("&<b>") && html.contains("500&amp;&lt;b&gt;"))
        #expect(!html.contains("src=") && !html.contains("href="))
        #expect(!html.contains("NaN") && !html.contains("nan,") && !html.contains("inf"))
    }
}
