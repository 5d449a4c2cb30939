import MailText
import Models
import Scoring
import SiftdDaemon

extension Classifier {
    /// Judges by the default policy and limits, for as long as it takes.
    ///
    /// - Parameter model: a bundle's directory; "" takes the active one.
    /// - Throws: `ModelError`.
    init(model: String) throws(ModelError) {
        let scoring = try ScoringModel(directory: Paths.model(model))
        self.init(judge: Judge(model: scoring, pool: ScoringPool()))
    }
}
