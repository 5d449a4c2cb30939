import Foundation
import Logging

/// Something that happened, as a value: both formats of the log are renderings of it.
///
/// Each event has one function that makes it, in `MailLogEvent+daemon.swift`,
/// `MailLogEvent+milter.swift` and ``MessageLog``; nothing else writes to the log.
public struct MailLogEvent: Sendable, CustomStringConvertible {
    /// Names that scripts and logcheck match; they never change.
    public enum Name: String, Sendable, CaseIterable {
        case started
        case httpStarted = "http_started"
        case spamdStarted = "spamd_started"
        case spamdRefused = "spamd_refused"
        case modelReady = "model_ready"
        case noModel = "no_model"
        case reloaded
        case reloadFailed = "reload_failed"
        case restartNeeded = "restart_needed"
        case formerSetting = "former_setting"
        case listsReloaded = "lists_reloaded"
        case listsRefused = "lists_refused"
        case discardConfigured = "discard_configured"
        case unknownLabel = "unknown_label"
        case crashJournal = "crash_journal"
        case learningStarted = "learning_started"
        case learningFailed = "learning_failed"
        case storeLost = "store_lost"
        case storeFound = "store_found"
        case spoolRefused = "spool_refused"
        case retrainingStarted = "retraining_started"
        case retrainingEnded = "retraining_ended"
        case modelProposed = "model_proposed"
        case modelPrepared = "model_prepared"
        case modelRefused = "model_refused"
        case modelFollowed = "model_followed"
        case fleetLost = "fleet_lost"
        case fleetFound = "fleet_found"
        case fleetNameTaken = "fleet_name_taken"
        case tracesFailed = "traces_failed"
        case shadowStarted = "shadow_started"
        case shadowDisagreed = "shadow_disagreed"
        case shadowEnded = "shadow_ended"
        case notScanned = "not_scanned"
        case milterNegotiation = "milter_negotiation"
        case milterRefused = "milter_refused"
        case milterStopped = "milter_stopped"
        case milterDrain = "milter_drain"
        case milterFull = "milter_full"
        case relayFailed = "relay_failed"
        case relayFull = "relay_full"
        case stopped
        case stoppedAtOnce = "stopped_at_once"
    }

    /// A key with its value.
    public typealias Field = (key: LogKey, value: LogValue)

    /// Nil for the line that each message leaves.
    public let name: Name?
    /// How much the event matters.
    public let level: Logger.Level
    /// The MTA's queue id; nil for events of the daemon.
    public let queueID: String?
    /// In the order they are written.
    public let fields: [Field]
    /// What happened and what to do, in words; may be empty.
    public let words: String

    /// An event; an empty queue id becomes `NOQUEUE`, Postfix's word.
    public init(
        _ name: Name?, _ level: Logger.Level, queueID: String? = nil, _ fields: [Field] = [],
        words: String = ""
    ) {
        self.name = name
        self.level = level
        self.queueID = queueID.map { $0.isEmpty ? "NOQUEUE" : $0 }
        self.fields = fields
        self.words = words
    }

    /// The line of the text format: `ID: msg=NAME key=value … words`.
    public var description: String {
        var line = ""
        line.reserveCapacity(512)
        if let queueID {
            line += LogValue.foreign(queueID, limit: MailLogEvent.longestID).text
            line += ":"
        }
        func add(_ key: LogKey, _ value: String) {
            if !line.isEmpty { line += " " }
            line += key.rawValue
            line += "="
            line += value
        }
        if let name { add(.event, name.rawValue) }
        for (key, value) in fields { add(key, value.text) }
        if !words.isEmpty {
            if !line.isEmpty { line += " " }
            line += LogValue.line(words)
        }
        return line
    }

    /// The line of the JSON format: one object, keys in a fixed order, values as texts.
    ///
    /// - Parameter time: of the event.
    /// - Returns: one line without a line end.
    public func json(time: Date) -> String {
        var object = JSONLine()
        object.add(.time, time.ISO8601Format(.init(includingFractionalSeconds: true)))
        object.add(.level, level.rawValue)
        if let queueID {
            object.add(.queueID, LogValue.foreign(queueID, limit: MailLogEvent.longestID).raw)
        }
        if let name { object.add(.event, name.rawValue) }
        for (key, value) in fields { object.add(key, value.raw) }
        if !words.isEmpty { object.add(.text, words) }
        return object.text
    }

    /// Bytes of a queue id; those of Postfix and Sendmail have 20 at most.
    private static let longestID = 24
}

/// A JSON object in one line, written member by member: `JSONEncoder` would sort or shuffle the
/// keys.
private struct JSONLine {
    private var members: [String] = []

    var text: String { "{" + members.joined(separator: ",") + "}" }

    mutating func add(_ key: LogKey, _ value: String) {
        members.append("\"\(key.rawValue)\":\(JSONLine.quoted(value))")
    }

    private static func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            // Control characters, and the line ends that some readers of JSON lines stop at.
            case _
            where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x85
                || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Logger {
    /// Logs an event at its own level.
    ///
    /// ``MailLogHandler`` writes it in the chosen format; any other handler writes the text.
    public func record(_ event: MailLogEvent) {
        // Our own handler renders the event itself, so it is rendered here only for others.
        log(
            level: event.level, handler is MailLogHandler ? "" : "\(event.description)",
            metadata: [MailLogHandler.eventKey: .stringConvertible(event)])
    }
}
