/// The input of a reader: a whole message, or text that never was one.
///
/// Text has no header fields, MIME parts or HTML.
public enum MailInput: Sendable {
    /// The bytes of a message (RFC 5322), with LF or CRLF line ends.
    case message([UInt8])
    /// Plain text, such as a row of a CSV file; its first line may be `Subject: …`.
    case text(String)

    /// Reads the input within the limits.
    public func read(_ limits: MailLimits = MailLimits()) -> MailContent {
        switch self {
        case .message(let bytes): MailContent(message: bytes, limits: limits)
        case .text(let text): MailContent(plainText: text, limits: limits)
        }
    }
}
