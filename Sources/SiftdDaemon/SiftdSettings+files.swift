import HTTPServer
import Settings
import SpamFilter

extension SiftdSettings {
    /// Checks the files that only a start opens, so that a mistake shows before it.
    ///
    /// - Throws: `SettingsErrors`, `CrashJournal.OpenError`.
    public func checkFiles() throws {
        _ = try HTTPAccess(http)
        try CrashJournal.check(self)
    }
}
