/// What siftd thinks of a message.
public enum Verdict: String, Sendable, CaseIterable {
    case ham
    case spam
    /// Between the two, or too little text to tell; delivered as ham.
    case unsure
    /// Not judged: an exempt client, or a fault answered with `accept`.
    case skipped
}

/// What is done with a message.
public enum Action: String, Sendable, CaseIterable {
    /// Delivered without a spam mark.
    case accept
    /// Delivered with the spam headers of a spam message.
    case addHeader = "add_header"
    case reject
    case tempfail
}
