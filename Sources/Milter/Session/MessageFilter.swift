/// What judges messages.
///
/// Called on libmilter's threads, several at once.
public protocol MessageFilter: Sendable {
    /// Judges a complete message; may block.
    ///
    /// - Parameters:
    ///   - transaction: the message.
    ///   - progress: reports to the MTA that the message is still in progress; to be called every
    ///     few seconds.
    /// - Returns: the changes to the message and the reply.
    func filter(_ transaction: Transaction, progress: () -> Void) -> MilterResponse

    /// Whether fields of this name are handed over, without their values, even beyond the limit on
    /// header fields: those that must be deleted.
    func mustSee(header name: String) -> Bool
}
