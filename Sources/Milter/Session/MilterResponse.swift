/// What a filter answers to a message.
public struct MilterResponse: Sendable, Equatable {
    /// Changes to the message, in the order in which they are applied.
    public var modifications: [Modification]
    /// The reply; changes only have an effect with ``MilterReply/accept``.
    public var reply: MilterReply

    /// A response with these changes and this reply.
    public init(modifications: [Modification] = [], reply: MilterReply) {
        self.modifications = modifications
        self.reply = reply
    }
}
