import FilterTestKit
import Foundation
import Learning
import Scoring
import Testing
import TextCNN
import TextFeatures

@Suite struct TrainingJobTests {
    @Test("A trained model tells the two kinds apart and says how it was made")
    func trains() throws {
        let bundle = try TinyModel.shared.get()
        let model = try ScoringModel(bundle, path: "tiny")
        let pool = ScoringPool(model: model, options: ScoringPool.Options())
        let folder = try TemporaryFolder()
        for number in 500..<540 {
            for label in Label.allCases {
                try folder.write(
                    "new/\(label.rawValue)/\(number)", TinyModel.message(label, number))
            }
        }
        let evaluation = try Evaluation(
            pool, on: [Corpus(argument: folder.file("new"))], splits: SplitFile(), part: nil
        ) { _ in }
        #expect(evaluation.overall.ham == 40 && evaluation.overall.spam == 40)
        #expect(evaluation.overall.accuracy > 0.95)
        #expect(evaluation.sets.keys.sorted() == ["new"])
        #expect(bundle.card.contains("| tiny |"))
        #expect(bundle.configuration.thresholds["tag"].map { $0.probability >= 0.9 } == true)
    }

    @Test("Nothing to measure on is an error, not a table of zeros")
    func nothingToMeasure() throws {
        let pool = ScoringPool(
            model: try ScoringModel(TinyModel.shared.get(), path: "tiny"),
            options: ScoringPool.Options())
        let folder = try TemporaryFolder()
        try folder.write("set/ham/1", "Subject: x\n\ny")
        let split = try SplitFile(paths: [folder.write("set.split.tsv", "other\tham\ttest\n")])
        #expect {
            try Evaluation(
                pool, on: [Corpus(argument: folder.file("set"))], splits: split, part: .test
            ) { _ in }
        } throws: { "\($0)".contains("holds no message to measure on in the part test") }
    }

    @Test("The same data, options and seed give the same weights")
    func reproducible() throws {
        let first = try TinyModel.train(in: TemporaryFolder())
        #expect(try first.parameters == TinyModel.shared.get().parameters)
        #expect(try first.configuration == TinyModel.shared.get().configuration)
    }

    @Test("The seed profile trains, too")
    func seedProfile() throws {
        var options = TinyModel.options
        options.profile = .seed
        let bundle = try TinyModel.train(in: TemporaryFolder(), options: options)
        let model = try ScoringModel(bundle, path: "seed")
        #expect(model.pipeline.spec == .seed)
    }

    @Test(
        "Data that can't be learnt from are refused in words",
        arguments: [
            ("label,text\nham,a b c\n", "holds no"),
            ("label,text\nmaybe,a b c\n", "is neither ham nor spam"),
            ("text\na b c\n", "has no label"),
            ("label,text\n", "holds no message to learn from"),
        ])
    func refused(_ csv: String, _ reason: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("d.csv", csv)
        #expect {
            try TrainingJob(TinyModel.options, version: "test").run(
                [Corpus(argument: path)], splits: SplitFile(), date: Date()
            ) { _ in }
        } throws: { "\($0)".contains(reason) }
    }

    @Test("The starter model loads and knows the samples")
    func starter() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let share = root.appendingPathComponent("share/siftd").path
        let model = try ScoringModel(directory: "\(share)/models/starter")
        for (file, isSpam) in [("ham", false), ("spam", true)] {
            var found: [CorpusMessage] = []
            try Corpus(argument: "\(share)/samples/\(file).eml").forEach { found.append($0) }
            let probability = model.score(model.ids(of: found[0].read())).probability
            #expect((probability >= model.tagThreshold ?? 0.9) == isSpam, "\(file)")
        }
    }
}
