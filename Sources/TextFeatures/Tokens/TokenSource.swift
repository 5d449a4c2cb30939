/// Where in a ``Document`` a token was found.
public enum TokenSource: Sendable, Equatable {
    /// UTF-8 bytes of ``Document/subject``.
    case subject(Range<Int>)
    /// UTF-8 bytes of ``Document/body``.
    case body(Range<Int>)
    /// An index of ``Document/marks``.
    case mark(Int)
    /// The token stands for the message as a whole, or its text could not be traced.
    case none
}
