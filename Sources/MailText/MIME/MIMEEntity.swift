/// One MIME entity (RFC 2045): its declared properties and the range of its body.
struct MIMEEntity {
    /// Content-Type without its parameters, in lower case.
    var mediaType = "text/plain"
    /// The declared charset in lower case, or nil.
    var charset: String?
    /// The boundary parameter, never decoded.
    var boundary: [UInt8] = []
    /// The Content-ID of the root of a multipart/related; nil when the first part is the root.
    var start: [UInt8]?
    /// Content-ID with its angle brackets.
    var contentID: [UInt8]?
    /// `attachment`, `inline` or empty, in lower case.
    var disposition = ""
    /// The file name from Content-Disposition or Content-Type, decoded, or empty.
    var fileName = ""
    /// How the body is encoded.
    var encoding = TransferEncoding.identity
    /// True when clients may disagree about ``encoding``, so that the body has to show it.
    var isEncodingDoubtful = false
    /// True when a space at the end of a line and its line break are removed (RFC 3676,
    /// `DelSp=yes`).
    var joinsLines = false
    /// The Subject of an enclosed message, still encoded.
    var subject: ArraySlice<UInt8>?
    /// The range of the body in the message bytes; for a multipart, up to its end.
    var body = 0..<0
    /// Level of nesting, 0 for the message itself.
    var depth = 0
    /// The entities in a multipart or an enclosed message.
    var children: [MIMEEntity] = []

    /// The charset that this entity declares, or the first text in it; or nil.
    var firstCharset: String? {
        if let charset { return charset }
        for child in children {
            if let charset = child.firstCharset { return charset }
        }
        return nil
    }

    /// True for `multipart/*`.
    var isMultipart: Bool { mediaType.hasPrefix("multipart/") }

    /// True for an enclosed message.
    var isMessage: Bool {
        switch mediaType {
        case "message/rfc822", "message/global", "message/news": true
        default: false
        }
    }

    /// True for a body that is no text to be shown but a document that people open, by its type or
    /// by the name of its file.
    var isDocument: Bool {
        isMarkup || isCalendar || mediaType.hasPrefix("text/")
            || hasFileName(endingWith: ["txt", "text", "md"])
    }

    /// True for a document with tags.
    var isMarkup: Bool {
        switch mediaType {
        case "text/html", "text/xml", "application/xhtml+xml", "application/xml", "image/svg+xml":
            true
        default:
            hasFileName(endingWith: [
                "htm", "html", "shtml", "dhtml", "xhtml", "xht", "xml", "svg",
            ])
        }
    }

    /// True for a calendar (RFC 5545).
    var isCalendar: Bool {
        mediaType == "text/calendar" || mediaType == "application/ics"
            || hasFileName(endingWith: ["ics"])
    }

    private func hasFileName(endingWith endings: [String]) -> Bool {
        guard let dot = fileName.lastIndex(of: ".") else { return false }
        return endings.contains(fileName[fileName.index(after: dot)...].lowercased())
    }

    /// True for types that clients show as text when they are no attachments: all of `text/*`
    /// except formats for programs, the reports of mail systems, and other kinds of messages that
    /// are there as a whole.
    var isText: Bool {
        switch mediaType {
        case "application/pgp": return true
        case "message/partial", "message/external-body": return false
        case "text/css", "text/javascript", "text/ecmascript", "text/xml", "text/rtf",
            "text/vcard", "text/x-vcard", "text/directory", "text/x-amp-html", "text/watch-html",
            "text/rfc822-headers":
            return false
        default:
            return mediaType.hasPrefix("text/") || mediaType.hasPrefix("message/") && !isMessage
        }
    }
}
