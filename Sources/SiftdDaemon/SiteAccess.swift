import Feedback
import Glibc
import Models
import Scoring
import Settings
import SiteLearning
import SiteMemory
import SpamFilter

/// What a site has taught, for commands beside or without the daemon.
public enum SiteAccess {
    /// Whether there is a label store; nothing is created.
    public static func exists(_ settings: SiftdSettings) -> Bool {
        guard settings.learn.isOn else { return false }
        if settings.store.isShared { return true }
        return access(folder(settings).storePath, F_OK) == 0
    }

    /// Opens the label store and brings the layer up to date.
    ///
    /// - Parameters:
    ///   - settings: name the directory, the model and the reservoir.
    ///   - model: in force.
    /// - Returns: nil where nothing is learnt.
    /// - Throws: `FeedbackError`, `SiteFolder.OpenError`.
    public static func memory(
        _ settings: SiftdSettings, _ model: ScoringModel
    ) throws -> SiteMemory? {
        let memory = try SiteService.memory(settings, model)
        // What an earlier command left goes first.
        if let store = memory?.store as? SpooledFeedbackStore,
            (try? store.spool.isEmpty()) == false
        {
            _ = try? store.delivery.deliver()
        }
        return memory
    }

    /// The label store alone, without a layer; nil where nothing is learnt.
    ///
    /// - Throws: `FeedbackError`, `SiteFolder.OpenError`.
    public static func store(_ settings: SiftdSettings) throws -> (any FeedbackStore)? {
        guard exists(settings) else { return nil }
        let folder = folder(settings)
        return settings.store.isShared
            ? try folder.store(
                settings.store, settings.learn, host: settings.fleet.hostName)
            : try folder.store(settings.learn)
    }

    /// The directory of what the site has taught.
    public static func folder(_ settings: SiftdSettings) -> SiteFolder {
        let chosen = settings.learn.directory
        return SiteFolder(path: chosen.isEmpty ? Paths.learning : chosen)
    }

    /// The file of base mail that the settings name, or that came with siftd.
    public static func reservoir(_ settings: SiftdSettings) -> String? {
        settings.learn.reservoir.isEmpty ? Paths.reservoir : settings.learn.reservoir
    }

    /// The directory of the model's versions.
    public static func registry(_ settings: SiftdSettings) -> String {
        settings.learn.registry.isEmpty ? Paths.registry : settings.learn.registry
    }

    /// A teacher that writes into the store itself.
    ///
    /// - Throws: `ModelError`, `FeedbackError`, `SiteFolder.OpenError`; also when nothing is
    ///   learnt.
    public static func teacher(_ settings: SiftdSettings) throws -> Teacher {
        let model = try ScoringModel.load(settings)
        guard let memory = try memory(settings, model) else {
            throw SiteFolder.OpenError(
                path: Paths.learning,
                reason:
                    "nothing is learnt here: make \(Paths.state) if it is not there, then start "
                    + "siftd anew or become a user who may write to it; or name learn.directory")
        }
        let lists = try settings.lists.read()
        let pool = ScoringPool()
        return Teacher(
            memory: memory, options: settings.learn,
            judge: {
                Judge(
                    model: model, pool: pool, limits: settings.scan,
                    site: memory.knowledge(authservID: lists.authservID))
            }, policy: { settings.policy },
            shadow: { ShadowStatus(registry: SiteAccess.registry(settings)) })
    }
}
