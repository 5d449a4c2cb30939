/// A fault of a message, or a limit that it reached.
///
/// This module never refuses mail: it records what is wrong and reads on. The raw value is the
/// stable name used in logs, JSON and metric labels.
public enum Defect: String, Sendable, CaseIterable, Comparable {
    /// The header block has a line that is neither a field nor a continuation.
    case headerMalformed = "header-malformed"
    /// The message ends inside the header block.
    case bodyMissing = "body-missing"
    /// A multipart entity has no usable boundary parameter.
    case boundaryMissing = "boundary-missing"
    /// A multipart entity has no closing delimiter.
    case closerMissing = "closer-missing"
    /// Base64 text has foreign characters or a broken end.
    case base64Malformed = "base64-malformed"
    /// Quoted-printable text has an escape that is not two hex digits.
    case quotedPrintableMalformed = "quoted-printable-malformed"
    /// The transfer encoding is in no RFC; the text is read as it is.
    case transferEncodingUnknown = "transfer-encoding-unknown"
    /// The charset is one that the system can't convert.
    case charsetUnknown = "charset-unknown"
    /// Some bytes are not valid in the declared charset.
    case charsetMismatch = "charset-mismatch"
    /// The text has a NUL byte.
    case nulByte = "nul-byte"
    /// More header fields, or longer ones, than ``MailLimits/headerFields`` and
    /// ``MailLimits/headerBytes`` allow.
    case limitHeaders = "limit-headers"
    /// More MIME entities than ``MailLimits/parts``.
    case limitParts = "limit-parts"
    /// MIME nested deeper than ``MailLimits/depth``, or HTML or signed messages deeper than the
    /// reader follows.
    case limitDepth = "limit-depth"
    /// More decoded bytes than ``MailLimits/decodedBytes``.
    case limitDecoded = "limit-decoded"
    /// More visible text than ``MailLimits/textBytes``.
    case limitText = "limit-text"
    /// More links and other marks than ``MailLimits/links``.
    case limitLinks = "limit-links"
    /// More tags of HTML than ``MailLimits/tags``.
    case limitTags = "limit-tags"
    /// A larger body than ``MailLimits/bodyBytes``.
    case limitBody = "limit-body"
    /// More tokens than ``MailLimits/tokens``.
    case limitTokens = "limit-tokens"
    /// Reading took longer than ``MailLimits/seconds``.
    case limitTime = "limit-time"

    /// True for a limit of the reader, false for a fault of the message.
    public var isLimit: Bool { rawValue.hasPrefix("limit-") }

    /// Orders defects by their names.
    public static func < (left: Defect, right: Defect) -> Bool { left.rawValue < right.rawValue }
}
