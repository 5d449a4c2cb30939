import Foundation
import Logging
import Settings
import Telemetry

extension Logger {
    /// The daemon's logger; called once in a process, for it sets up libraries' loggers as well.
    static func bootstrap(_ options: MailLogHandler.Options) -> Logger {
        // journald sets this for its stream; elsewhere priorities would only be noise.
        let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
        MailLogHandler.openSyslog()
        LoggingSystem.bootstrap { _ in MailLogHandler(options, showsPriority: isJournal) }
        return Logger(label: "siftd")
    }
}
