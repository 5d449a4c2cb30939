import ArgumentParser
import Foundation
import Models
import Scoring
import Settings
import SiftdDaemon
import SiteMemory
import SpamFilter

/// By which labels a message is judged: those of the site, or none.
struct LabelsOption: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Judge with what this site has taught, as the daemon does, where that can be read.")
    var labels = true
    @OptionGroup var configuration: ConfigurationOption

    /// A judge by the default policy and limits.
    ///
    /// - Parameter model: a bundle's directory; "" takes the active one.
    /// - Returns: one that judges as the daemon would.
    /// - Throws: `ModelError`, `SettingsErrors`.
    func classifier(model: String) throws -> Classifier {
        let scoring = try ScoringModel(directory: Paths.model(model))
        return Classifier(
            judge: Judge(model: scoring, pool: ScoringPool(), site: try knowledge(scoring)))
    }

    private func knowledge(_ model: ScoringModel) throws -> SiteKnowledge? {
        guard labels, model.filtersSpam else { return nil }
        let settings = try configuration.settings()
        guard SiteAccess.exists(settings) else { return nil }
        do {
            let memory = try SiteAccess.memory(settings, model)
            return memory?.knowledge(authservID: settings.lists.authservID)
        } catch {
            // A user who may not read the labels still gets the model's verdict, but is told.
            FileHandle.standardError.write(
                Data("siftd: judged without this site's labels: \(error)\n".utf8))
            return nil
        }
    }
}
