import Feedback
import FilterPolicy
import FilterTestKit
import MailText
import Models
import Scoring
import SiteMemory
import Synchronization

/// A site in a temporary folder, with the tiny model.
struct SiteSample {
    let folder: TemporaryFolder
    let memory: SiteMemory
    let teacher: Teacher
    let model: ScoringModel

    init(_ folder: TemporaryFolder, options: LearnOptions = LearnOptions()) throws {
        self.folder = folder
        let site = SiteFolder(path: folder.path)
        let memory = SiteMemory(
            store: try site.store(options), secret: try site.secret(), options: options.layer,
            cachePath: "\(folder.path)/layer")
        try memory.refresh()
        let model = ScoringModel(try TinyModel.shared.get())
        let pool = ScoringPool()
        self.memory = memory
        self.model = model
        teacher = Teacher(
            memory: memory, options: options,
            judge: {
                Judge(model: model, pool: pool, site: memory.knowledge(authservID: ""))
            }, policy: { PolicySettings() })
    }

    static let policies = PolicySettings().applied(to: [])

    /// A judge with what is taught now.
    var judge: Judge {
        Judge(model: model, pool: ScoringPool(), site: memory.knowledge(authservID: ""))
    }

    /// The probability that a message has now.
    func probability(_ message: [UInt8]) throws -> Double {
        try SiteSample.probability(message, model, memory)
    }

    /// The probability that a message has by a model and what a memory was taught.
    static func probability(
        _ message: [UInt8], _ model: ScoringModel, _ memory: SiteMemory
    ) throws -> Double {
        let judge = Judge(
            model: model, pool: ScoringPool(), site: memory.knowledge(authservID: ""))
        return try judge.judge(
            judge.read(.message(message)), by: SiteSample.policies, deadline: .distantFuture
        ).get().probability
    }
}

extension LabelSource {
    /// A person of this name.
    static func user(_ name: String) throws -> LabelSource { try LabelSource(.user, name) }
}
