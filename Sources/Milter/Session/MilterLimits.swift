/// How much of one message is kept, and how many messages at once.
public struct MilterLimits: Sendable, Equatable {
    /// Bytes of the body; the MTA is asked to skip the rest.
    ///
    /// No limit by default: the scan limit of the reader is the one to set here.
    public var bodyBytes = Int.max
    /// Number of header fields; of others only the names that the filter must see are kept, and
    /// a few fields that say how to read the message.
    public var headerFields = 10_000
    /// Bytes of header values; once they are reached, values of further fields are left out.
    public var headerBytes = 1_024 * 1_024
    /// Number of envelope recipients.
    public var recipients = 10_000
    /// Messages between MAIL and their end; the text of one more is not kept.
    public var messages = 1_000

    /// The defaults.
    public init() {}
}
