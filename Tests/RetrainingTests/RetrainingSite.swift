import Corpora
import Feedback
import FilterTestKit
import Foundation
import ModelRegistry
import Models
import Retraining
import Scoring
import SiteLearning
import SiteMemory
import TextFeatures

/// A site with the tiny model, base data, labels from a table, and a registry.
struct RetrainingSite {
    let folder: TemporaryFolder
    let bundle: ModelBundle
    let store: any FeedbackStore
    let secret: SiteSecret
    let shared: SharedStoreOptions?

    var task: RetrainingTask {
        var options = RetrainingOptions()
        options.updates = 30
        options.methods = RetrainingOptions.Method.allCases
        var task = RetrainingTask(
            site: folder.file("site"), registry: folder.file("models"),
            model: folder.file("model"), reservoir: folder.file("model/reservoir.bin"),
            options: options)
        if let shared {
            task.shared = shared
            task.host = "mx1"
        }
        return task
    }

    /// A new site; its labels are in a database where a URL is given.
    ///
    /// - Parameters:
    ///   - url: of the database.
    ///   - mislabelled: messages of the base data that are spam and labelled as ham.
    /// - Throws: what making its files and its store throws.
    init(url: String? = nil, mislabelled: Int = 0) throws {
        folder = try TemporaryFolder()
        bundle = try TinyModel.shared.get()
        for name in ["site", "models"] {
            try FileManager.default.createDirectory(
                atPath: folder.file(name), withIntermediateDirectories: false)
        }
        try bundle.write(to: folder.file("model"))
        func message(_ text: String, _ label: Label) -> Reservoir.Message {
            let message = CorpusMessage(set: "", path: "", label: nil, content: .text(text))
            return Reservoir.Message(
                set: "base", label: label.rawValue,
                tokens: ScoringModel.standardTokens(of: message.content.read()))
        }
        let messages =
            (0..<200).flatMap { number in
                Label.allCases.map { message(TinyModel.text($0, number), $0) }
            } + (0..<mislabelled).map { message(TinyModel.text(.spam, 500 + $0), .ham) }
        try folder.write("model/reservoir.bin", Reservoir(messages).encoded)
        let site = SiteFolder(path: folder.file("site"))
        guard let url else {
            shared = nil
            store = try site.store(LearnOptions())
            secret = try site.secret()
            return
        }
        var options = SharedStoreOptions()
        options.url = url
        shared = options
        let spooled = try site.store(options, LearnOptions(), host: "mx1")
        store = spooled
        secret = try site.secret(of: spooled)
    }

    var judge: Judge {
        Judge(
            model: ScoringModel(bundle), pool: ScoringPool(),
            site: SiteKnowledge(secret: secret, layer: SiteLearner().layer))
    }

    /// A table of so many rows of each class.
    func table(_ count: Int, swapped: Bool = false) throws -> String {
        var text = "text,label\n"
        for number in 0..<count {
            for label in Label.allCases {
                let other: Label = label == .spam ? .ham : .spam
                text += "\"\(TinyModel.text(label, 1_000 + number))\","
                text += "\((swapped ? other : label).rawValue)\n"
            }
        }
        return try folder.write("labels.csv", text)
    }

    /// Starts a retraining in the store, as the parent process does.
    func started() throws -> RetrainingTask {
        var task = self.task
        if case .started(let job) = try store.startRetraining(
            reason: "test", owner: .current, time: try store.time(), lease: 900)
        {
            task.job = job.id
        }
        return task
    }
}
