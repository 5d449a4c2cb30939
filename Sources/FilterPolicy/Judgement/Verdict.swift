/// What siftd thinks of a message.
public enum Verdict: String, Sendable, CaseIterable {
    case ham
    case spam
    /// Between the two, or too little text to tell; delivered as ham.
    case unsure
    /// Not judged: an exempt client, an entry of the allow list, or a fault.
    case skipped
}

/// What is done with a message, the most lenient first.
public enum Action: String, Sendable, CaseIterable, Comparable {
    /// Delivered without a spam mark.
    case accept
    /// Delivered with the spam headers of a spam message.
    case addHeader = "add_header"
    /// Delivered, marked, to the admin's mailbox instead of its recipients.
    case redirect
    /// Marked and held back in the MTA's queue.
    case quarantine
    /// The sender is asked to try again later.
    case tempfail
    /// Refused; the sender is told.
    case reject
    /// Accepted and thrown away; nobody is told.
    case discard

    public static func < (left: Action, right: Action) -> Bool { left.rank < right.rank }

    private var rank: Int { Action.allCases.firstIndex(of: self) ?? 0 }
}
