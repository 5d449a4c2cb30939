import Foundation
import Logging

/// Writes log lines where mail admins look for them: standard error with the priority prefix that
/// journald reads (sd-daemon(3)), or syslog with facility mail.
public struct MailLogHandler: LogHandler {
    /// Where the log goes.
    public enum Target: String, Sendable, CaseIterable { case stderr, syslog }

    /// How a line is written.
    public enum Format: String, Sendable, CaseIterable {
        /// `ID: msg=NAME key=value … words`
        case text
        /// One object a line with the same keys.
        case json
    }

    /// From which level on lines are written.
    public enum Level: String, Sendable, CaseIterable {
        case debug, info, notice, warning, error

        var level: Logger.Level {
            switch self {
            case .debug: .debug
            case .info: .info
            case .notice: .notice
            case .warning: .warning
            case .error: .error
            }
        }
    }

    /// What the admin chooses; the section `[log]` of the configuration.
    public struct Options: Sendable, Equatable {
        /// Where the log goes.
        public var target = Target.stderr
        /// From which level on lines are written.
        public var level = Level.info
        /// How a line is written.
        public var format = Format.text
        /// How addresses and message ids are shown.
        public var addresses = MessageLog.Addresses.plain

        /// The defaults.
        public init() {}
    }

    /// The metadata key under which ``Logging/Logger/record(_:)`` passes the event.
    static let eventKey = "siftd-event"

    /// From which level on lines are written.
    public var logLevel: Logger.Level
    /// Shown behind the words of what libraries log.
    public var metadata: Logger.Metadata = [:]
    private let target: Target
    private let format: Format
    private let showsPriority: Bool

    /// A handler; `showsPriority` writes `<6>` and the like, which only journald wants.
    public init(_ options: Options, showsPriority: Bool) {
        target = options.target
        format = options.format
        logLevel = options.level.level
        self.showsPriority = showsPriority
    }

    /// Opens the connection to syslog once for the process; libmilter logs through it as well.
    public static func openSyslog() { openlog("siftd", LOG_PID, Int32(LOG_MAIL)) }

    /// One entry of the metadata.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        let priority = MailLogHandler.priority(event.level)
        let line = line(event)
        switch target {
        case .syslog: withVaList([line]) { vsyslog(priority, "%s", $0) }
        case .stderr:
            let text = (showsPriority ? "<\(priority)>" : "") + line + "\n"
            // One write, so that lines of several threads don't mix.
            _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        }
    }

    /// The line in the chosen format.
    ///
    /// What libraries log has no event: their words are all there is.
    func line(_ event: LogEvent, time: Date = Date()) -> String {
        if case .stringConvertible(let value) = event.metadata?[MailLogHandler.eventKey],
            let own = value as? MailLogEvent
        {
            return format == .json ? own.json(time: time) : own.description
        }
        var words = "\(event.message)"
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in merged.sorted(by: { $0.key < $1.key }) { words += " \(key)=\(value)" }
        let other = MailLogEvent(nil, event.level, words: words)
        return format == .json ? other.json(time: time) : other.description
    }

    private static func priority(_ level: Logger.Level) -> Int32 {
        switch level {
        case .trace, .debug: return LOG_DEBUG
        case .info: return LOG_INFO
        case .notice: return LOG_NOTICE
        case .warning: return LOG_WARNING
        case .error: return LOG_ERR
        case .critical: return LOG_CRIT
        }
    }
}
