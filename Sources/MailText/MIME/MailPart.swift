/// One MIME entity of a message and its role in the text that the recipient sees.
public struct MailPart: Sendable, Equatable {
    /// How a part contributes to the visible text.
    public enum Role: String, Sendable {
        /// Its text is (part of) the visible text.
        case shown
        /// Another part of the same multipart/alternative is shown.
        case alternative
        /// Not text, or an attachment.
        case attachment
        /// A multipart or an enclosed message.
        case container
    }

    /// Why a part has its role.
    ///
    /// The raw value is the stable name in JSON.
    public enum Reason: String, Sendable {
        /// Text that is shown in the message itself.
        case inline
        /// The HTML of a multipart/alternative, which clients prefer; of several the last.
        case preferred
        /// The plain text of a multipart/alternative whose HTML is missing or has no content.
        case alternativeEmpty = "alternative-empty"
        /// Another part of the multipart/alternative is shown.
        case passedOver = "passed-over"
        /// Belongs to a multipart/related, whose root is shown.
        case resource
        /// Content-Disposition is `attachment`.
        case disposition
        /// Part of an attached message.
        case enclosed
        /// A type that clients don't show as text.
        case type
        /// The message that a report is about.
        case returned
        /// Attached text, read because the message has no other.
        case onlyText = "only-text"
        /// Beyond a limit, and not read.
        case limit
        /// A multipart or an enclosed message; each of its parts has a reason.
        case container
    }

    /// Level of nesting, 0 for the message itself.
    public var depth: Int
    /// The media type in lower case, such as `text/html`.
    public var mediaType: String
    /// The declared charset in lower case; may be empty.
    public var charset: String
    /// The file name, decoded; may be empty.
    public var fileName: String
    /// Bytes of the body, before decoding.
    public var size: Int
    /// How the part contributes to the visible text.
    public var role: Role
    /// Why the part has its role.
    public var reason: Reason
}
