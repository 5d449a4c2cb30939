import Corpora
import FilterTestKit
import Foundation
import MailText
import Models
import Scoring
import Testing
import TextCNN
import TextFeatures

@testable import Learning

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
        #expect(try first.network?.parameters == TinyModel.shared.get().network?.parameters)
        #expect(try first.configuration == TinyModel.shared.get().configuration)
    }

    @Test("A model that is trained further keeps vocabulary and linear term, and learns new words")
    func refines() throws {
        let bundle = try TinyModel.shared.get()
        let pipeline = TextPipeline.standard
        let items = (0..<60).flatMap { number in
            Label.allCases.map { label in
                // The tiny model takes each for the other: their words mean the opposite here.
                let other: Label = label == .spam ? .ham : .spam
                let content = MailInput.text(TinyModel.text(other, number)).read()
                return DataSet.Item(
                    set: "new", path: "\(number)", label: label.rawValue,
                    part: number < 45 ? .train : .dev,
                    tokens: pipeline.tokens(of: Document(content)))
            }
        }
        let refined = try TrainingJob(TinyModel.options, version: "test").refine(
            bundle, on: DataSet(items), date: Date(timeIntervalSince1970: 0)
        ) { _ in }.bundle
        #expect(refined.vocabulary.count == bundle.vocabulary.count)
        #expect(refined.network?.linear == bundle.network?.linear)
        #expect(refined.network?.parameters != bundle.network?.parameters)
        #expect(refined.configuration.id != bundle.configuration.id)
        let models = [bundle, refined].map { ScoringModel($0) }
        let item = try #require(items.last { $0.label == "spam" })
        let scores = models.map { $0.score(pipeline.ids(of: item.tokens, in: $0.vocabulary)) }
        #expect(scores[1].probability > scores[0].probability)
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
                let topic = words[labels[word % labels.count]] ?? []
                return word % 3 == 2 ? "the" : topic[random.nextIndex(below: topic.count)]
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
        // As for all labels: topics come without markup.
        options.training.markupDropping = 0
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
            ("label,text\nham,a b c\n", "holds no", .tooFewLabels),
            ("label,text\nmaybe,a b c\n", "is neither ham nor spam", nil),
            ("text\na b c\n", "has no label", nil),
            ("label,text\n", "holds no message to learn from", .noData),
        ] as [(String, String, TrainingError.Kind?)])
    func refused(_ csv: String, _ reason: String, _ kind: TrainingError.Kind?) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("d.csv", csv)
        #expect {
            try TrainingJob(TinyModel.options, version: "test").run(
                [Corpus(argument: path)], splits: SplitFile(), date: Date()
            ) { _ in }
        } throws: {
            "\($0)".contains(reason) && ($0 as? TrainingError)?.kind == kind
                && ($0 is CorpusError) == (kind == nil)
        }
    }

    /// Few messages, in all parts.
    private func smallData(_ options: TrainingJob.Options) throws -> DataSet {
        var mail = MemoryMail(
            (0..<40).map { (label: $0 % 2 == 0 ? "ham" : "spam", text: "word \($0 % 2) \($0)") })
        for index in mail.messages.indices {
            mail.messages[index].part = index < 20 ? .train : index < 36 ? .dev : .test
        }
        return try TrainingJob(options, version: "test").read(
            [mail], splits: SplitFile(), progress: { _ in })
    }

    /// Three data sets of texts whose words tell the labels apart only in their own set, from
    /// authors whose facts tell them apart in all.
    private func mailOfAuthors() -> DataSet {
        let pipeline = TextPipeline.standard
        var random = RandomSource(seed: 3)
        var items: [DataSet.Item] = []
        for set in ["a", "b", "c"] {
            for number in 0..<120 {
                let label = Label.allCases[number % 2]
                let isWrong = random.nextUniform() < 0.15
                let name = (label == .ham) != isWrong ? "Willow <a@willow.net>" : "Oak <a@elm.net>"
                let word = random.nextUniform() < 0.3 ? "common\(label)" : "\(set)\(label)"
                let message =
                    "From: \(name)\nSubject: \(word)\n\n\(word) the \(word) \(number % 7)\n"
                let content = MailContent(message: Array(message.utf8))
                items.append(
                    DataSet.Item(
                        set: set, path: "\(set)\(number)", label: label.rawValue,
                        part: number < 90 ? .train : .dev,
                        tokens: pipeline.tokens(of: Document(content))))
            }
        }
        return DataSet(items)
    }

    @Test("Fact groups give facts about the author weights")
    func factGroups() throws {
        var options = TinyModel.options
        options.factGroups = [["a"], ["b", "c"]]
        var fractions: [Double] = []
        let data = mailOfAuthors()
        let bundle = try TrainingJob(options, version: "test").run(
            on: data, date: Date(timeIntervalSince1970: 0)
        ) { event in
            if case .training(let fraction, _, _) = event { fractions.append(fraction) }
        }.bundle
        #expect(fractions == fractions.sorted() && fractions.last == 1)
        let term = try #require(bundle.network?.segmentation?.author)
        func weight(_ fact: ModelToken.Header) throws -> Float {
            try #require(bundle.vocabulary.id(fact.token).flatMap { term.weights[$0] })
        }
        #expect(try weight(.nameOfDomain) < -0.2 && weight(.nameUnlikeAddress) > 0.2)
        #expect(term.bound == options.authorBound)
        // Of the author's facts, the network reads all but those in front.
        let item = try #require(data.items.first)
        let ids = bundle.pipeline.ids(of: item.tokens, in: bundle.vocabulary)
        let network = try #require(bundle.network)
        let facts = try #require(network.segmentation?.parts(of: ids))
        #expect(!facts.unread.isEmpty && !facts.facts.isEmpty)
        #expect(ids[facts.unread].allSatisfy(term.unread.contains))
        #expect(!ids[facts.facts].contains(where: term.unread.contains))
        // Written and read, refined, and without groups.
        let folder = try TemporaryFolder()
        try bundle.write(to: folder.file("model"))
        let read = try ModelBundle(directory: folder.file("model"))
        #expect(read.network?.segmentation == network.segmentation)
        #expect(read.configuration.formatVersion == ModelConfiguration.layoutVersion)
        let layout = try #require(network.segmentation?.layout)
        #expect(layout.bound == options.layoutBound)
        #expect(layout.ids == bundle.vocabulary.layoutFacts)
        let refined = try TrainingJob(options, version: "test").refine(
            bundle, on: data, date: Date(timeIntervalSince1970: 0)
        ) { _ in }.bundle
        #expect(refined.network?.segmentation?.author == term)
        // Another vocabulary takes the weights over.
        options.factGroups = []
        let again = try TrainingJob(options, version: "test", author: AuthorWeights(of: bundle))
            .run(
                on: DataSet(data.items.filter { $0.set != "c" }),
                date: Date(timeIntervalSince1970: 0)
            ) { _ in }.bundle
        #expect(again.vocabulary.count < bundle.vocabulary.count)
        #expect(AuthorWeights(of: again) == AuthorWeights(of: bundle))
        let plain = try TrainingJob(options, version: "test").run(
            on: data, date: Date(timeIntervalSince1970: 0)
        ) { _ in }.bundle
        #expect(plain.network?.segmentation?.author == nil)
        #expect(plain.configuration.formatVersion == ModelConfiguration.layoutVersion)
    }

    @Test(
        "Fact groups that name no set, or leave nothing to learn from, are refused",
        arguments: [
            (
                [["a", "x"]],
                "the fact group a,x: names x, which is no data set with messages to train on"
            ),
            ([["a"], ["a", "b", "c"]], "the train part without the fact group a,b,c: holds no"),
        ])
    func factGroupsRefused(_ groups: [[String]], _ reason: String) {
        var options = TinyModel.options
        options.factGroups = groups
        #expect {
            try TrainingJob(options, version: "test").run(
                on: mailOfAuthors(), date: Date(), progress: { _ in })
        } throws: {
            "\($0)".contains(reason)
        }
    }

    @Test("A run that diverges, or asks for an absurd network, says so", arguments: [true, false])
    func failures(diverges: Bool) throws {
        var options = TinyModel.options
        options.training.epochs = 2
        if diverges {
            options.training.learningRate = 1e30
        } else {
            options.filters = 4_096
            options.members = 2
        }
        #expect {
            try TrainingJob(options, version: "test").run(
                on: smallData(options), date: Date(), progress: { _ in })
        } throws: { ($0 as? TrainingError)?.kind == (diverges ? .diverged : .absurdNetwork) }
    }

    @Test("Words can't be spread over more data sets than there are")
    func tooFewSets() throws {
        var options = TinyModel.options
        options.minimumSpread = 1.5
        #expect {
            try TrainingJob(options, version: "test").run(
                on: smallData(options), date: Date(), progress: { _ in })
        } throws: {
            ($0 as? TrainingError)?.kind == .tooFewSets && "\($0)".contains("--minimum-spread")
        }
    }

    @Test("A topic model needs two labels in each of train and dev")
    func oneTopic() throws {
        let options = TrainingJob.Options(.exclusive)
        var data = try smallData(options)
        data.items.removeAll { $0.part == .dev && $0.label == "spam" }
        #expect {
            try TrainingJob(options, version: "test").run(
                on: data, date: Date(), progress: { _ in })
        } throws: {
            "\($0)" == "the dev part: has fewer than two different labels"
        }
    }

    @Test("A run reports the data, each update and each epoch of every member, in order")
    func events() throws {
        var options = TinyModel.options
        options.training.epochs = 2
        options.segmentEpochs = 3
        options.members = 2
        var epochs: [Int] = []
        var fractions: [Double] = []
        var parts: [Int] = []
        let trial = try TrainingJob(options, version: "test").run(
            on: smallData(options), date: Date(timeIntervalSince1970: 0)
        ) { event in
            switch event {
            case .reading: Issue.record("the data were read before")
            case .encoded(let train, let dev, let test, let vocabulary):
                parts = [train, dev, test]
                #expect(vocabulary > 2)
            case .training(let fraction, _, _): fractions.append(fraction)
            case .epoch(let report): epochs.append(report.epoch)
            }
        }
        // Each member sees whole messages twice, then segments three times.
        #expect(parts == [20, 16, 4] && epochs == [1, 2, 1, 2, 3, 1, 2, 1, 2, 3])
        // Two batches of at most 16 messages an epoch.
        #expect(fractions.count == 20)
        for (index, fraction) in fractions.enumerated() {
            #expect(abs(fraction - Double(index + 1) / 20) < 1e-9)
        }
        #expect(trial.bundle.configuration.architecture?.filters == 2 * options.filters)
        #expect(trial.bundle.configuration.id.hasPrefix("1970-01-01-") && trial.test != nil)
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
