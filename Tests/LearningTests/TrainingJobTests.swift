import Corpora
import FilterTestKit
import Foundation
import Learning
import MailText
import Models
import Scoring
import Testing
import TextCNN
import TextFeatures

@Suite struct TrainingJobTests {
    @Test("A trained model tells the two kinds apart and says how it was made")
    func trains() throws {
        let bundle = try TinyModel.shared.get()
        let model = ScoringModel(bundle)
        let pool = ScoringPool()
        let folder = try TemporaryFolder()
        for number in 500..<540 {
            for label in Label.allCases {
                try folder.write(
                    "new/\(label.rawValue)/\(number)", TinyModel.message(label, number))
            }
        }
        let evaluation = try Evaluator(
            Judge(model: model, pool: pool), splits: SplitFile(), part: nil
        ).run(on: [Corpus(argument: folder.file("new"))]) { _ in }
        #expect(evaluation.overall.ham == 40 && evaluation.overall.spam == 40)
        #expect(evaluation.overall.accuracy > 0.95)
        #expect(evaluation.sets.keys.sorted() == ["new"])
        #expect(bundle.card.contains("| tiny |"))
        #expect(bundle.configuration.thresholds["tag"].map { $0.probability >= 0.9 } == true)
    }

    @Test("Nothing to measure on is an error, not a table of zeros")
    func nothingToMeasure() throws {
        let model = try ScoringModel(TinyModel.shared.get())
        let pool = ScoringPool()
        let folder = try TemporaryFolder()
        try folder.write("set/ham/1", "Subject: x\n\ny")
        let split = try SplitFile(paths: [folder.write("set.split.tsv", "other\tham\ttest\n")])
        #expect {
            try Evaluator(Judge(model: model, pool: pool), splits: split, part: .test)
                .run(on: [Corpus(argument: folder.file("set"))]) { _ in }
        } throws: {
            ($0 as? TrainingError)?.kind == .noData
                && "\($0)".contains("holds no message to measure on in the part test")
        }
    }

    @Test("The same data, options and seed give the same weights")
    func reproducible() throws {
        let first = try TinyModel.train(in: TemporaryFolder())
        #expect(try first.network.parameters == TinyModel.shared.get().network.parameters)
        #expect(try first.configuration == TinyModel.shared.get().configuration)
    }

    /// Texts of three topics; with `several`, some have two.
    private func topics(_ labelling: Labelling) -> String {
        let words = [
            "bill": ["invoice", "payment", "refund"], "fault": ["crash", "error", "broken"],
            "order": ["parcel", "delivery", "address"],
        ]
        var random = RandomSource(seed: 5)
        var csv = "split,label,text\n"
        for number in 0..<300 {
            let names = words.keys.sorted()
            var labels = [names[number % 3]]
            if labelling == .several, number % 5 == 0 { labels.append(names[(number + 1) % 3]) }
            let text = (0..<6).map { word in
                let own = words[labels[word % labels.count]] ?? []
                return word % 3 == 2 ? "the" : own[random.nextIndex(below: own.count)]
            }
            let part = number % 10 < 8 ? "train" : number % 10 == 8 ? "dev" : "test"
            csv +=
                "\(part),\(labels.sorted().joined(separator: "|")),"
                + "\(text.joined(separator: " "))\n"
        }
        return csv
    }

    @Test(
        "Other labels than spam are learnt and told",
        arguments: [(Labelling.exclusive, "bill"), (.several, "bill|order")])
    func labels(labelling: Labelling, expected: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("topics.csv", topics(labelling))
        var options = TinyModel.options
        options.labelling = labelling
        options.training.head = labelling.head
        options.training.epochs = 40
        options.training.patience = 40
        let (bundle, table) = try TrainingJob(options, version: "test").run(
            [Corpus(argument: path)], splits: SplitFile(), date: Date(timeIntervalSince1970: 0)
        ) { _ in }
        #expect(bundle.configuration.labels == ["bill", "fault", "order"])
        #expect(table?.contains("30 texts: accuracy") == true)
        let model = ScoringModel(bundle)
        let evaluation = try LabelEvaluator(model, splits: SplitFile(), part: .test)
            .run(on: [Corpus(argument: path)]) { _ in }
        #expect(evaluation.measures.messages == 30 && evaluation.measures.microF1 > 0.9)
        let text = expected == "bill" ? "invoice payment" : "invoice parcel payment delivery"
        let logits = model.score(model.ids(of: MailContent(plainText: text))).logits
        #expect(model.holding(logits).joined(separator: "|") == expected)
        let sum = model.labels(logits).values.reduce(0, +)
        #expect(labelling == .several || abs(sum - 1) < 1e-6)
        #expect(!model.filtersSpam && bundle.card.contains("3 labels (bill, fault, order)"))
    }

    @Test("Directories of any name are labels, below ham and spam too")
    func folders() throws {
        let folder = try TemporaryFolder()
        for number in 0..<30 {
            try folder.write("mail/spam/phishing/\(number)", "Subject: a\n\naccount \(number)\n")
            try folder.write("mail/ham/lists/\(number)", "Subject: a\n\npatch \(number)\n")
        }
        let job = TrainingJob(TrainingJob.Options(.exclusive), version: "test")
        let data = try job.read(
            [Corpus(argument: folder.file("mail"))], splits: SplitFile(), progress: { _ in })
        #expect(Set(data.items.map(\.label)) == ["phishing", "lists"])
    }

    @Test("A search tries the given options first, the same ones for a seed, and keeps the best")
    func search() throws {
        let search = RandomSearch(around: TinyModel.options, count: 4)
        #expect(search.candidates.count == 4)
        #expect(search.candidates[0].training == TinyModel.options.training)
        #expect(Set(search.candidates.map(\.training.learningRate)).count == 4)
        let again = RandomSearch(around: TinyModel.options, count: 4).candidates
        #expect(again.map(\.training) == search.candidates.map(\.training))
        let bundle = try TinyModel.shared.get()
        var scores = [0.3, 0.9, 0.9, 0.1]
        let best = try search.run { options in
            RandomSearch.Trial(
                options: options, score: scores.removeFirst(), bundle: bundle, seconds: 0)
        } finished: { _, _ in
        }
        #expect(best.options.training == search.candidates[1].training)
    }

    @Test("The seed profile trains, too")
    func seedProfile() throws {
        var options = TinyModel.options
        options.profile = .seed
        let bundle = try TinyModel.train(in: TemporaryFolder(), options: options)
        let model = ScoringModel(bundle)
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
            let probability = model.score(model.ids(of: found[0].content.read())).probability
            #expect((probability >= model.tagThreshold ?? 0.9) == isSpam, "\(file)")
        }
    }
}
