/// A way to look at a message.
///
/// No reader is always right about what a recipient sees. Where a message gives cause for doubt, it
/// is therefore read in more than one view, and a mistake of the reader hides nothing from the
/// filter. The raw value is the stable name used in log and JSON.
public enum MailView: String, Sendable, Encodable, CaseIterable {
    /// What a recipient sees, as far as siftd can tell.
    case asSeen = "as-seen"
    /// As if styles hid no text.
    case allShown = "all-shown"
    /// The alternatives that clients pass over, because their text is another one, and text beside
    /// the root of a multipart/related.
    case otherAlternative = "other-alternative"
    /// The text of attached documents, which speaks against a message alone, never for it.
    case attached
    /// With what only Outlook for Windows shows.
    case outlook
    /// Lines that only begin like a delimiter are delimiters, and a header goes on behind lines
    /// that are no fields.
    case lenient

    /// The view in words, as in "judged as if nothing were hidden".
    public var words: String {
        switch self {
        case .asSeen: "as a recipient sees it"
        case .allShown: "as if nothing were hidden"
        case .otherAlternative: "by the alternative that is not shown"
        case .attached: "by the text of its attachments"
        case .outlook: "as Outlook shows it"
        case .lenient: "with doubtful delimiters and fields taken as such"
        }
    }
}
