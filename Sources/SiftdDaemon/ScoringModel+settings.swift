import Models
import Settings
import Telemetry

extension ScoringModel {
    /// Loads the model that the settings name.
    ///
    /// - Throws: ``ModelError``; of the kind `unfit` for a model that can't filter mail.
    public static func load(_ settings: SiftdSettings) throws(ModelError) -> ScoringModel {
        try load(settings, directory: Paths.model(settings.modelDirectory))
    }

    /// Loads a model of another directory as the settings say.
    ///
    /// - Throws: ``ModelError``; of the kind `unfit` for a model that can't filter mail.
    static func load(
        _ settings: SiftdSettings, directory: String
    ) throws(ModelError) -> ScoringModel {
        let model = try ScoringModel(
            directory: directory, tableLimit: settings.model.tableLimit)
        guard model.filtersSpam else {
            throw ModelError(
                .unfit, path: directory,
                reason: "has no label \"spam\", so it can't filter mail; name another in "
                    + "model.directory")
        }
        return model
    }
}
