import Foundation
import Logging

/// Writes log lines where mail admins look for them: standard error with the priority prefix that
/// journald reads (sd-daemon(3)), or syslog with facility mail.
public struct MailLogHandler: LogHandler {
    public enum Target: String, Sendable, CaseIterable { case stderr, syslog }

    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    private let target: Target
    private let format: Format
    private let showsPriority: Bool

    public enum Format: String, Sendable, CaseIterable {
        case text
        /// One object a line: `ts` (RFC 3339), `level`, `id` where a line begins with a queue id, then
        /// the keys of the line in their order; `text` for words that are no `key=value`.
        case json
    }

    /// - Parameter showsPriority: whether to write `<6>` and the like; only journald wants it.
    public init(
        target: Target, level: Logger.Level, format: Format = .text, showsPriority: Bool
    ) {
        self.target = target
        self.format = format
        self.showsPriority = showsPriority
        logLevel = level
    }

    /// Opens the connection to syslog once for the process; libmilter logs through it as well.
    public static func openSyslog() { openlog("siftd", LOG_PID, Int32(LOG_MAIL)) }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = "\(event.message)"
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in merged.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        let priority = MailLogHandler.priority(event.level)
        let isPlain = line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        var safe = isPlain ? line : String(line.map { $0.isNewline ? " " : $0 })
        if format == .json { safe = LogObject(safe, level: event.level).text }
        switch target {
        case .syslog: withVaList([safe]) { vsyslog(priority, "%s", $0) }
        case .stderr:
            let text = (showsPriority ? "<\(priority)>" : "") + safe + "\n"
            // One write, so that lines of several threads don't mix.
            _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        }
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
