import Logging

/// Events of the milter and of single messages that went wrong.
extension MailLogEvent {
    /// siftd failed a message, and the policy for its faults decides.
    public static func notScanned(
        queueID: String, reason: String, action: String
    ) -> MailLogEvent {
        MailLogEvent(
            .notScanned, .error, queueID: queueID,
            [(.reason, .word(reason)), (.action, .word(action))])
    }

    /// The MTA does not offer what siftd needs.
    public static let milterNegotiation = MailLogEvent(
        .milterNegotiation, .error, words: "the MTA does not let filters edit headers")

    /// The MTA or libmilter refused a modification.
    public static func milterRefused(change: String) -> MailLogEvent {
        MailLogEvent(
            .milterRefused, .error, [(.change, .sentence(change))],
            words: "the MTA or libmilter refused it; the message was tempfailed")
    }

    /// libmilter ended by itself.
    public static let milterStopped = MailLogEvent(
        .milterStopped, .error, words: "libmilter ended with an error")

    /// Messages in progress outlived the drain.
    public static func milterDrain(limit: Duration) -> MailLogEvent {
        MailLogEvent(
            .milterDrain, .warning, [(.seconds, .word("\(limit / .seconds(1))"))],
            words: "some messages were not finished in this time")
    }

    /// libmilter lacks descriptors or memory for connections, which wait until others end.
    public static func milterFull(error: String) -> MailLogEvent {
        MailLogEvent(
            .milterFull, .error, [(.error, .sentence(error))],
            words: "connections wait; for more descriptors raise LimitNOFILE= or ulimit -n")
    }

    /// The relay could not connect to libmilter.
    public static func relayFailed(error: String) -> MailLogEvent {
        MailLogEvent(.relayFailed, .error, [(.error, .sentence(error))])
    }

    /// The relay can take no more connections for now.
    public static func relayFull(error: String) -> MailLogEvent {
        MailLogEvent(
            .relayFull, .error, [(.error, .sentence(error))],
            words: "for more descriptors raise LimitNOFILE= or ulimit -n")
    }

    /// The relay closed a connection whose half packets took too much memory.
    public static let relayOverfilled = MailLogEvent(
        .relayFull, .error, words: "too many half packets wait; a connection was closed")
}
