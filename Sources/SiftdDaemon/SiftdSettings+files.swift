import Settings
import SpamFilter

extension SiftdSettings {
    /// Checks the files that only a start opens, so that a mistake shows before it.
    ///
    /// - Throws: `CrashJournal.OpenError`.
    public func checkFiles() throws { try CrashJournal.check(self) }
}
