import Logging

/// Events of the daemon's life.
extension MailLogEvent {
    /// The MTA can connect.
    public static func started(version: String, sockets: [String]) -> MailLogEvent {
        MailLogEvent(
            .started, .notice,
            [
                (.version, .word(version)),
                (.socket, .word(sockets.joined(separator: ","))),
            ])
    }

    /// The HTTP port is open.
    public static func httpStarted(url: String) -> MailLogEvent {
        MailLogEvent(.httpStarted, .notice, [(.url, .word(url))])
    }

    /// The spamd port is open.
    public static func spamdStarted(sockets: [String]) -> MailLogEvent {
        MailLogEvent(
            .spamdStarted, .notice, [(.socket, .word(sockets.joined(separator: ",")))])
    }

    /// A client that `spamd.clients` does not name was not answered.
    public static func spamdRefused(client: String) -> MailLogEvent {
        MailLogEvent(
            .spamdRefused, .warning, [(.client, .foreign(client, limit: 80))],
            words: "spamd.clients does not name its address")
    }

    /// A model was loaded; `serving` says how scores are computed.
    public static func modelReady(id: String, serving: String) -> MailLogEvent {
        MailLogEvent(
            .modelReady, .notice,
            [(.model, .foreign(id, limit: longestModelID)), (.serving, .sentence(serving))])
    }

    /// The daemon starts without a model, as the admin allowed.
    public static func noModel(_ error: any Error) -> MailLogEvent {
        MailLogEvent(
            .noModel, .error, [(.error, .sentence("\(error)"))],
            words: "mail is answered as policy.on_no_model says")
    }

    /// Configuration, lists and model were read again and are in force.
    public static func reloaded(model: String) -> MailLogEvent {
        MailLogEvent(.reloaded, .notice, [(.model, .foreign(model, limit: longestModelID))])
    }

    /// A reload found mistakes, one event for each.
    public static func reloadFailed(_ error: any Error) -> [MailLogEvent] {
        mistakes(.reloadFailed, error, words: "the running configuration stays in force")
    }

    /// A key changed that only a restart can bring into force.
    public static func restartNeeded(key: String) -> MailLogEvent {
        MailLogEvent(
            .restartNeeded, .warning, [(.setting, .word(key))],
            words: "the old value stays in force until siftd is restarted")
    }

    /// A key of an earlier version is still read; `words` say where it stands and what to write.
    public static func formerSetting(_ words: String) -> MailLogEvent {
        MailLogEvent(.formerSetting, .warning, [(.error, .sentence(words))])
    }

    /// Allow and deny files changed and are in force.
    public static let listsReloaded = MailLogEvent(.listsReloaded, .notice)

    /// Allow and deny files changed and have mistakes, one event for each.
    public static func listsRefused(_ error: any Error) -> [MailLogEvent] {
        mistakes(.listsRefused, error, words: "the running lists stay in force")
    }

    /// A policy throws mail away.
    public static let discardConfigured = MailLogEvent(
        .discardConfigured, .warning, [(.setting, .word("policy.actions"))],
        words: """
            discarded mail is lost: neither sender nor recipient learns of a false positive; \
            quarantine loses nothing
            """)

    /// A rule names a label that the model lacks.
    public static func unknownLabel(_ label: String) -> MailLogEvent {
        MailLogEvent(
            .unknownLabel, .warning,
            [(.setting, .word("policy.actions")), (.label, .foreign(label, limit: 80))],
            words: "the model has no such label, so the rule never applies")
    }

    /// An earlier process died with messages in progress.
    public static func crashJournal(messages: Int) -> MailLogEvent {
        MailLogEvent(
            .crashJournal, .warning, [(.messages, .word("\(messages)"))],
            words: "messages that were in progress when siftd died will pass unjudged")
    }

    /// Labels are kept, and these many are in force.
    public static func learningStarted(labels: Int) -> MailLogEvent {
        MailLogEvent(.learningStarted, .notice, [(.siteLabels, .word("\(labels)"))])
    }

    /// The label store could not be opened, read or written.
    public static func learningFailed(_ error: any Error) -> MailLogEvent {
        MailLogEvent(
            .learningFailed, .error, [(.error, .sentence("\(error)"))],
            words: "mail is filtered on by what was learnt before")
    }

    /// The database that several hosts share does not answer; once until it does again.
    public static func storeLost(_ error: any Error) -> MailLogEvent {
        MailLogEvent(
            .storeLost, .warning, [(.error, .sentence("\(error)"))],
            words: "mail is filtered on, and labels are kept on this host until it is back")
    }

    /// The database answers again, and so many changes of labels wait for it on this host.
    public static func storeFound(waiting: Int) -> MailLogEvent {
        MailLogEvent(.storeFound, .notice, [(.siteLabels, .word("\(waiting)"))])
    }

    /// The database refuses a change of labels that had waited for it.
    public static func spoolRefused(_ error: any Error, isFinal: Bool) -> MailLogEvent {
        MailLogEvent(
            .spoolRefused, .error, [(.error, .sentence("\(error)"))],
            words: isFinal
                ? "it is put aside; siftd store status shows it"
                : "it is tried again, and what came later waits")
    }

    /// A process began to train the model again.
    public static func retrainingStarted(labels: Int) -> MailLogEvent {
        MailLogEvent(.retrainingStarted, .notice, [(.siteLabels, .word("\(labels)"))])
    }

    /// A retraining ended; `outcome` says how and why.
    public static func retrainingEnded(_ outcome: String) -> MailLogEvent {
        MailLogEvent(.retrainingEnded, .notice, [(.text, .sentence(outcome))])
    }

    /// The collector does not take spans; once until it does again.
    public static func tracesFailed(_ reason: String) -> MailLogEvent {
        MailLogEvent(
            .tracesFailed, .warning, [(.error, .sentence(reason))],
            words: "spans are dropped until the collector takes them again")
    }

    /// A candidate begins to score a share of the mail beside the model in force.
    public static func shadowStarted(model: String, hours: Double) -> MailLogEvent {
        MailLogEvent(
            .shadowStarted, .notice,
            [
                (.model, .foreign(model, limit: longestModelID)),
                (.seconds, .word("\(Int(hours * 3_600))")),
            ])
    }

    /// The candidate judges a message otherwise; `change` says how, and why.
    public static func shadowDisagreed(queueID: String, change: String) -> MailLogEvent {
        MailLogEvent(
            .shadowDisagreed, .notice, queueID: queueID,
            [(.change, .foreign(change, limit: longestChange))])
    }

    /// A candidate no longer scores beside the model in force; `outcome` says why.
    public static func shadowEnded(model: String, outcome: String) -> MailLogEvent {
        MailLogEvent(
            .shadowEnded, .notice,
            [(.model, .foreign(model, limit: longestModelID)), (.text, .sentence(outcome))])
    }

    /// Bytes of a changed verdict that are shown, its reasons included.
    private static let longestChange = 500

    /// The daemon ended in order.
    public static let stopped = MailLogEvent(.stopped, .notice)

    /// A second signal ended the daemon without waiting for messages in progress.
    public static let stoppedAtOnce = MailLogEvent(
        .stoppedAtOnce, .warning, words: "by a second signal")

    /// Bytes of a model's id that are shown.
    static let longestModelID = 60

    private static func mistakes(
        _ name: Name, _ error: any Error, words: String
    ) -> [MailLogEvent] {
        "\(error)".split(whereSeparator: \.isNewline).map {
            MailLogEvent(name, .error, [(.error, .sentence(String($0)))], words: words)
        }
    }
}
