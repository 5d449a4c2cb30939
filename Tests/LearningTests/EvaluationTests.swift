import Corpora
import FilterTestKit
import Foundation
import Models
import Scoring
import Testing
import TextCNN

@testable import Learning

@Suite struct EvaluationTests {
    private let outcomes = ScoreCurvesTests.outcomes([
        (0.95, true), (0.6, true), (0.4, false), (0.1, false),
    ])

    @Test("The table has a line for each data set, for all, and for the tag threshold")
    func table() {
        let evaluation = Evaluation(outcomes, model: "m", part: .test, tag: 0.9, seconds: nil)
        let lines = evaluation.table.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        }
        #expect(lines.count == 5)
        #expect(lines[0].prefix(3) == ["set", "ham", "spam"] && lines[0].count == 11)
        let row = [
            "2", "2", "1.0000", "1.0000", "1.0000", "1.0000", "1.0000", "1.0000", "0.0000",
            "1.0000",
        ]
        #expect(lines[1] == ["set"] + row && lines[2] == ["all"] + row)
        #expect(
            lines[3].prefix(4) == ["all", "at", "tag", "threshold"] && lines[3].last == "0.5000")
        #expect(
            evaluation.table.hasSuffix(
                "accuracy 1.0000 of 4 messages: 0.5101 to 1.0000 with a probability of 95 %"))
    }

    @Test("What was not measured is a dash or missing, not a zero")
    func missing() throws {
        let ham = Evaluation(
            Array(outcomes.suffix(2)), model: "m", part: nil, tag: nil, seconds: nil)
        #expect(ham.table.contains("       -") && ham.atTagThreshold == nil)
        #expect(ham.seconds == nil && ham.overall.messagesPerSecond == nil)
        let timed = Evaluation(outcomes, model: "m", part: nil, tag: nil, seconds: 2)
        #expect(timed.overall.messagesPerSecond == 2)
    }

    @Test("The JSON holds the measures alone")
    func json() throws {
        let evaluation = Evaluation(outcomes, model: "m", part: .test, tag: 0.9, seconds: 1)
        let bytes = try JSONEncoder.siftd(pretty: false).encode(evaluation)
        let keys = try JSONDecoder().decode([String: JSONValue].self, from: bytes).keys
        #expect(
            Set(keys) == [
                "model", "part", "overall", "sets", "at_tag_threshold", "accuracy_interval",
            ])
        let read = try JSONDecoder().decode(Evaluation.self, from: bytes)
        #expect(read.overall == evaluation.overall && read.outcomes.isEmpty)
    }

    @Test("Either kind of measures reads back as itself, with the number it is chosen by")
    func partMeasures() throws {
        let spam = PartMeasures.spam(
            Evaluation(outcomes, model: "m", part: .dev, tag: nil, seconds: nil))
        let labels = PartMeasures.labels(
            LabelEvaluation(
                model: "m", part: .dev,
                measures: LabelMeasures([(["a"], ["a"]), (["a"], ["b"])], labels: ["a", "b"])))
        for (measures, score) in [(spam, 1), (labels, 0.5)] {
            let bytes = try JSONEncoder.siftd(pretty: true).encode(measures)
            let read = try JSONDecoder().decode(PartMeasures.self, from: bytes)
            #expect(read.table == measures.table)
            #expect(read.score == score && measures.score == score)
        }
    }

    @Test("The table of labels begins with the most frequent")
    func labelTable() {
        let judged = [(["b"], ["b"]), (["b"], ["b"]), ([], ["a"]), (["c"], ["a", "b"])]
        let measures = LabelMeasures(
            judged.map { (predicted: Set($0.0), truth: Set($0.1)) }, labels: ["a", "b", "c"])
        let lines = LabelEvaluation(model: "m", part: nil, measures: measures).table
            .split(separator: "\n")
        #expect(lines[0].hasPrefix("4 texts: accuracy 0.5000, micro-F1"))
        #expect(lines.dropFirst().map { $0.split(separator: " ")[0] } == ["b", "a", "c"])
        #expect(lines[1].hasSuffix("F1 0.8000"))
    }

    @Test("An outcome's line has the columns of the header")
    func outcomeLine() {
        let columns = Outcome.header.split(separator: "\t")
        var outcome = outcomes[0]
        outcome.evidence.words = 7
        outcome.evidence.knownWords = 5
        outcome.evidence.links = 1
        #expect(outcome.line == "set\t0\tspam\t0.95\t7\t5\t1\t")
        outcome.evidence.knownProbability = 0.25
        #expect(outcome.line.split(separator: "\t").count == columns.count)
        #expect(outcome.line.hasSuffix("\t0.25"))
    }

    @Test("A store of messages is measured as a corpus is, message by message")
    func evaluator() throws {
        let model = try ScoringModel(TinyModel.shared.get())
        let mail = MemoryMail(
            (500..<520).flatMap { number in
                Label.allCases.map { ($0.rawValue, TinyModel.text($0, number)) }
            })
        let pool = ScoringPool(options: ScoringPool.Options())
        var progress: [Int] = []
        let evaluation = try Evaluator(
            Judge(model: model, pool: pool), splits: SplitFile(), part: nil
        )
        .run(on: [mail]) { progress.append($0) }
        #expect(evaluation.outcomes.map(\.path) == mail.messages.map(\.path))
        for (outcome, message) in zip(evaluation.outcomes, mail.messages) {
            let ids = model.ids(of: message.content.read())
            #expect(outcome.probability == model.score(ids).probability)
            #expect(outcome.isSpam == (message.label == "spam") && outcome.seconds > 0)
            #expect(outcome.evidence == model.evidence(of: ids))
        }
        #expect(progress == [40] && evaluation.sources.map(\.messages) == [40])
        #expect(evaluation.atTagThreshold?.threshold == model.tagThreshold)
    }
}
