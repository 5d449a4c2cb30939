import Models
import Settings
import SpamFilter
import Synchronization

/// The configuration in force: the settings, and the snapshot of policy, lists and model that
/// messages are filtered by.
///
/// Any thread may read or replace; a replacement takes effect at once and as a whole.
public final class LiveConfiguration: Sendable {
    private struct State {
        var settings: SiftdSettings
        var snapshot: FilterSnapshot
    }

    private let state: Mutex<State>
    private let preparation = Mutex<(@Sendable (ScoringModel) -> Void)?>(nil)

    /// Reads the lists that the settings name.
    ///
    /// - Throws: ``SettingsErrors``.
    public init(_ settings: SiftdSettings, model: ScoringModel?) throws(SettingsErrors) {
        let snapshot = FilterSnapshot(settings, lists: try settings.lists.read(), model: model)
        state = Mutex(State(settings: settings, snapshot: snapshot))
    }

    /// As read from the files and the environment.
    public var settings: SiftdSettings { state.withLock { $0.settings } }

    /// What the next message is filtered by.
    public var snapshot: FilterSnapshot { state.withLock { $0.snapshot } }

    /// Replaces settings, lists and model.
    ///
    /// When the lists have a mistake all stays as it is.
    ///
    /// - Returns: the settings that were in force before.
    /// - Throws: ``SettingsErrors``.
    @discardableResult
    public func replace(
        _ settings: SiftdSettings, model: ScoringModel?
    ) throws(SettingsErrors) -> SiftdSettings {
        let snapshot = FilterSnapshot(settings, lists: try settings.lists.read(), model: model)
        if let model { prepare(model) }
        return state.withLock { state in
            defer { state = State(settings: settings, snapshot: snapshot) }
            return state.settings
        }
    }

    /// Replaces the model alone.
    public func replace(model: ScoringModel) {
        prepare(model)
        state.withLock { $0.snapshot.model = model }
    }

    /// Calls `body` with each model right before it is put in force, on the thread that does so.
    func beforeModel(_ body: @escaping @Sendable (ScoringModel) -> Void) {
        preparation.withLock { $0 = body }
    }

    private func prepare(_ model: ScoringModel) { preparation.withLock { $0 }?(model) }

    /// Reads the lists again.
    ///
    /// When they have a mistake the old ones stay.
    ///
    /// - Throws: ``SettingsErrors``.
    public func readLists() throws(SettingsErrors) {
        let files = settings.lists
        let lists = try files.read()
        state.withLock { state in
            // A reload that came meanwhile has read its own files.
            if state.settings.lists == files { state.snapshot.lists = lists }
        }
    }
}
