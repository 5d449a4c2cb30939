import Feedback
import ModelRegistry

/// The versions of a site's model, as the HTTP port shows and changes them.
///
/// All calls block and may come from any thread.
public protocol ModelShelf: Sendable {
    /// All versions, the oldest first.
    ///
    /// - Throws: `RegistryError`.
    func models() throws -> [RegisteredModel]

    /// One version with its configuration, report and activations.
    ///
    /// - Throws: `RegistryError`.
    func details(_ id: String) throws -> ModelDetails

    /// Brings a version into force and returns when messages are scored with it.
    ///
    /// - Throws: `RegistryError`, and what loading the version throws.
    func activate(_ id: String, reason: String) throws

    /// Brings the version into force that was so before.
    ///
    /// - Returns: its id.
    /// - Throws: `RegistryError`, and what loading the version throws.
    func rollback(reason: String) throws -> String
}

/// Starts retrainings of a site's model for the HTTP port.
///
/// All calls block and may come from any thread.
public protocol RetrainingDesk: Sendable {
    /// The folder for uploaded tables.
    var spoolFolder: String { get }

    /// Starts a retraining, unless one runs.
    ///
    /// - Parameters:
    ///   - table: a CSV file whose two columns `label` and `text` were checked; the desk owns it
    ///     from now on; nil retrains with the labels of the store alone.
    ///   - source: who asked for it.
    /// - Returns: the new job, or the one that runs.
    /// - Throws: `FeedbackError`, and what starting the job throws.
    func retrain(table: String?, by source: LabelSource) throws -> RetrainingStart
}
