/// One MIME entity, for the facts a model uses and for people.
public struct MailPart: Sendable, Equatable {
    /// What became of the part's text.
    public enum Role: String, Sendable {
        /// Its text is (part of) the visible text.
        case shown
        /// Passed over for another part of the same multipart/alternative.
        case alternative
        /// Not text, or an attachment.
        case attachment
        /// A multipart or an enclosed message.
        case container
    }

    /// Why a part has its role. The raw value is the stable name in JSON.
    public enum Reason: String, Sendable {
        /// Text that stands in the message.
        case inline
        /// The HTML of a multipart/alternative, which clients prefer; of several the last.
        case preferred
        /// The plain text of a multipart/alternative without HTML, or whose HTML says nothing.
        case alternativeEmpty = "alternative-empty"
        /// Another part of the multipart/alternative is shown.
        case passedOver = "passed-over"
        /// Belongs to a multipart/related, whose root is shown.
        case resource
        /// Content-Disposition says attachment.
        case disposition
        /// Lies in a message that is attached.
        case enclosed
        /// Nothing that clients show as text.
        case type
        /// The message that a report is about.
        case returned
        /// Attached text, read because the message shows no other.
        case onlyText = "only-text"
        /// Beyond a limit, and not read.
        case limit
        /// A multipart or an enclosed message; its parts have reasons of their own.
        case container
    }

    public var depth: Int
    public var mediaType: String
    public var charset: String
    public var fileName: String
    /// True when Content-Disposition says attachment.
    public var isAttachment: Bool
    /// Bytes of the encoded body.
    public var size: Int
    public var role: Role
    public var reason: Reason
}
