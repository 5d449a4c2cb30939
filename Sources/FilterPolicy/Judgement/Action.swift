/// What is done with a message, the most lenient first; the raw value appears in configuration, log
/// and metrics.
public enum Action: String, Sendable, CaseIterable, Comparable {
    /// Delivered as it is, or with the headers of ham.
    case accept
    /// Delivered with the headers of spam.
    case addHeader = "add_header"
    /// Delivered with the headers of spam, to the admin's mailbox instead of its recipients.
    case redirect
    /// Held in the MTA's queue, with the headers of spam.
    case quarantine
    /// Deferred: the sender is asked to try again later.
    case tempfail
    /// Refused; the sender is informed.
    case reject
    /// Accepted and deleted; neither sender nor recipient is informed.
    case discard

    /// Whether the left action is the more lenient one.
    public static func < (left: Action, right: Action) -> Bool { left.rank < right.rank }

    private var rank: Int { Action.allCases.firstIndex(of: self) ?? 0 }
}
