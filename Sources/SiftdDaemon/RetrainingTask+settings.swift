import Feedback
import Foundation
import Glibc
import Retraining
import Settings
import SiteMemory

extension RetrainingTask {
    /// The retraining that the settings describe; nil without base mail or a directory for the
    /// versions.
    init?(_ settings: SiftdSettings) {
        let learn = settings.learn
        let registry = SiteAccess.registry(settings)
        guard let reservoir = learn.reservoir.isEmpty ? Paths.reservoir : learn.reservoir,
            FolderOwner.makeDirectory(registry, 0o755) == 0 || errno == EEXIST,
            access(registry, W_OK) == 0
        else { return nil }
        var options = RetrainingOptions()
        options.limits.maxAccuracyDrop = learn.maxAccuracyDrop
        options.limits.maxFalsePositiveRise = learn.maxFalsePositiveRise
        options.shadowHours = learn.shadowHours
        self.init(
            site: learn.directory.isEmpty ? Paths.learning : learn.directory, registry: registry,
            model: Paths.model(settings.modelDirectory), reservoir: reservoir, options: options,
            layer: learn.layer)
        if settings.store.isShared {
            shared = settings.store
            host = settings.fleet.hostName
        }
    }
}
