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

    /// The largest number of bytes of a text that libmilter accepts (`MAXREPLYLEN` in its sources);
    /// it refuses the whole reply for one more.
    public static let longestText = 980

    /// Whether a text is sent as it is: printable ASCII that libmilter accepts, to which each `%`
    /// is two bytes.
    public static func takes(text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            && text.utf8.count + text.utf8.count { $0 == UInt8(ascii: "%") } <= longestText
    }
}
