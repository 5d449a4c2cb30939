/// The SMTP reply to a message.
public enum MilterReply: Sendable, Equatable {
    /// Lets the MTA continue with the message.
    case accept
    /// Refuses the message with code, enhanced code and text, such as `550`, `5.7.1`, `Spam message
    /// rejected`.
    case reject(code: String, status: String, text: String)
    /// Defers the message with code, enhanced code and text, such as `451`, `4.3.2`, `Filter busy`.
    case tempfail(code: String, status: String, text: String)
    /// Accepts the message and deletes it.
    case discard
}
