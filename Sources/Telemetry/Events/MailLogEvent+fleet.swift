import Logging

/// Events of several hosts that share a model.
extension MailLogEvent {
    /// A version that became active on this host was proposed to all.
    public static func modelProposed(id: String, activation: Int64) -> MailLogEvent {
        MailLogEvent(
            .modelProposed, .notice, model(id, activation),
            words: "the old model stays until all hosts are ready")
    }

    /// A proposed model is loaded beside the one in force.
    public static func modelPrepared(id: String, activation: Int64) -> MailLogEvent {
        MailLogEvent(.modelPrepared, .notice, model(id, activation))
    }

    /// This host does not take a model that the others may change to.
    public static func modelRefused(
        id: String, activation: Int64, reason: String
    ) -> MailLogEvent {
        MailLogEvent(
            .modelRefused, .error, model(id, activation) + [(.error, .sentence(reason))],
            words: "the old model stays in force on this host")
    }

    /// This host changed to the model that all have agreed on.
    public static func modelFollowed(
        id: String, activation: Int64, host: String
    ) -> MailLogEvent {
        MailLogEvent(
            .modelFollowed, .notice,
            model(id, activation) + [(.host, .foreign(host, limit: 80))])
    }

    /// What hosts share of the model can't be reached or used; once until it can.
    public static func fleetLost(_ error: any Error) -> MailLogEvent {
        MailLogEvent(
            .fleetLost, .warning, [(.error, .sentence("\(error)"))],
            words: "the model in force stays, and this host catches up later")
    }

    /// What hosts share of the model can be reached again.
    public static let fleetFound = MailLogEvent(.fleetFound, .notice)

    /// Two daemons have one name among the hosts.
    public static func fleetNameTaken(host: String) -> MailLogEvent {
        MailLogEvent(
            .fleetNameTaken, .error, [(.host, .foreign(host, limit: 80))],
            words: "another daemon reports itself under this name; give each host its own, "
                + "fleet.host")
    }

    private static func model(_ id: String, _ activation: Int64) -> [Field] {
        [
            (.model, .foreign(id, limit: longestModelID)),
            (.activation, .word("\(activation)")),
        ]
    }
}
