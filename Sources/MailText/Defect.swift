/// Something wrong with, or cut off from, a message. Mail is never refused by this module: what is
/// odd is named here and reading goes on.
///
/// The raw value is the stable name used in logs, JSON and metric labels.
public enum Defect: String, Sendable, CaseIterable, Comparable {
    /// The header block holds a line that is neither a field nor a continuation.
    case headerMalformed = "header-malformed"
    /// The message ends inside the header block.
    case bodyMissing = "body-missing"
    /// A multipart entity without a usable boundary parameter.
    case boundaryMissing = "boundary-missing"
    /// A multipart entity whose closing delimiter never came.
    case closerMissing = "closer-missing"
    /// Base64 text with foreign characters or a broken end.
    case base64Malformed = "base64-malformed"
    /// Quoted-printable text with an escape that is not two hex digits.
    case quotedPrintableMalformed = "quoted-printable-malformed"
    /// A transfer encoding that no RFC knows; the text is taken as it is.
    case transferEncodingUnknown = "transfer-encoding-unknown"
    /// A charset that the system can't convert.
    case charsetUnknown = "charset-unknown"
    /// Bytes that are not valid in the declared charset.
    case charsetMismatch = "charset-mismatch"
    /// A NUL byte in the text.
    case nulByte = "nul-byte"
    /// More header fields, or longer ones, than are read.
    case limitHeaders = "limit-headers"
    /// More MIME parts than are read.
    case limitParts = "limit-parts"
    /// Deeper MIME or HTML nesting than is followed.
    case limitDepth = "limit-depth"
    /// More decoded bytes than are read.
    case limitDecoded = "limit-decoded"
    /// More text characters than are read.
    case limitText = "limit-text"
    /// More links than are read.
    case limitLinks = "limit-links"
    /// The body was larger than the scan limit.
    case limitBody = "limit-body"
    /// More tokens than are made of a message.
    case limitTokens = "limit-tokens"
    /// Reading took longer than it may.
    case limitTime = "limit-time"

    /// True when the defect is a limit of ours rather than a fault of the message.
    public var isLimit: Bool { rawValue.hasPrefix("limit-") }

    public static func < (left: Defect, right: Defect) -> Bool { left.rawValue < right.rawValue }
}
