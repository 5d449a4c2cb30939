import Foundation
import HTTPServer
import ModelRegistry
import Models
import Settings
import SpamFilter

/// The registry that the model in force is from, for the HTTP port.
///
/// It is there when `model.directory` is the link `active` of one. A version that is activated is
/// also loaded.
struct SiteModels: ModelShelf {
    private let path: String
    private let live: LiveConfiguration
    private let reloader: Reloader

    /// Nil where the model is from no registry.
    init?(_ live: LiveConfiguration, _ reloader: Reloader) {
        let link = URL(fileURLWithPath: Paths.model(live.settings.modelDirectory))
        let folder = link.deletingLastPathComponent().path
        guard link.lastPathComponent == "active", (try? ModelRegistry(path: folder)) != nil else {
            return nil
        }
        path = folder
        self.live = live
        self.reloader = reloader
    }

    /// The versions of a registry, whatever the model in force is.
    init(registry path: String, _ live: LiveConfiguration, _ reloader: Reloader) {
        self.path = path
        self.live = live
        self.reloader = reloader
    }

    private var registry: ModelRegistry {
        get throws { try ModelRegistry(path: path) }
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    func models() throws -> [RegisteredModel] { try registry.list() }

    func details(_ id: String) throws -> ModelDetails { try registry.show(id) }

    func activate(_ id: String, reason: String) throws {
        try registry.activate(id, time: SiteModels.now, reason: reason)
        try load(id)
    }

    func rollback(reason: String) throws -> String {
        let id = try registry.rollback(time: SiteModels.now, reason: reason)
        try load(id)
        return id
    }

    /// Brings the active version into force; what the log says of a failed reload is thrown too.
    private func load(_ id: String) throws {
        reloader.reloadNow()
        guard live.snapshot.model?.id == id else {
            throw RegistryError(
                .unfit, registry: path, version: id,
                reason: "is active but could not be loaded, and the old version filters on; "
                    + "siftd's log says why")
        }
    }
}
