import Glibc
import Logging
import Settings
import SpamFilter
import Telemetry

extension CrashJournal {
    /// Looks whether the file that is configured may become the journal; nothing is created.
    ///
    /// - Throws: ``OpenError``.
    static func check(_ settings: SiftdSettings) throws(OpenError) {
        guard !settings.crashJournal.isEmpty else { return }
        try check(path: settings.crashJournal)
    }

    /// Opens the journal that is configured, or the default one where its directory can be written.
    ///
    /// - Returns: nil when there is neither.
    /// - Throws: ``OpenError``.
    static func open(
        _ settings: SiftdSettings, _ logger: Logger
    ) throws(OpenError) -> CrashJournal? {
        let isChosen = !settings.crashJournal.isEmpty
        guard isChosen || access(Paths.state, W_OK) == 0 else { return nil }
        let journal = try CrashJournal(
            path: isChosen ? settings.crashJournal : Paths.crashJournal)
        if journal.remembered > 0 {
            logger.record(.crashJournal(messages: journal.remembered))
        }
        return journal
    }
}
