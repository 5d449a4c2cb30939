import ASCIIText

/// What a message says: the result of reading its bytes once. A value, made without I/O or locks.
public struct MailContent: Sendable {
    /// Subject, decoded; nil when there is no such field.
    public private(set) var subject: [UInt8]?
    public private(set) var header = HeaderFacts()
    /// The MIME entities in the order they occur.
    public private(set) var parts: [MailPart] = []
    /// What the recipient sees.
    public private(set) var body = VisibleText()
    /// The text parts as they were decoded, in the order they occur.
    public private(set) var texts: [SourceText] = []
    /// True when some shown text part was plain, and when some was HTML.
    public private(set) var hasPlainText = false
    public private(set) var hasHTML = false
    /// True when a shown text part was sent in base64.
    public private(set) var hasBase64Text = false
    /// True for a delivery report, a read receipt and the like (RFC 6522).
    public private(set) var isReport = false
    /// True when the message carries an invitation or another calendar entry that clients show.
    public private(set) var hasCalendar = false
    /// The bound on ``MailLimits/tokens`` that the message was read with.
    public let tokenLimit: Int
    /// All faults and limits met, in alphabetical order.
    public private(set) var defects: [Defect] = []

    /// Reads a raw message (RFC 5322), with LF or CRLF line ends.
    public init(message bytes: [UInt8], limits: MailLimits = MailLimits()) {
        tokenLimit = limits.tokens
        let clock = ReadingClock(limits)
        var reader = MIMEReader(
            MailContent.withLineFeeds(bytes), limits: limits, clock: clock)
        let root = reader.read()
        var found = reader.defects
        if let field = reader.header.first("subject") {
            subject = HeaderText.decode(field, defects: &found)
        }
        header = HeaderFacts(reader.header, defects: &found)
        var selector = TextSelector(reader.bytes, limits: limits, clock: clock)
        body = selector.read(root)
        parts = selector.parts
        texts = selector.texts
        hasPlainText = selector.hasPlainText
        hasHTML = selector.hasHTML
        hasBase64Text = selector.hasBase64Text
        hasCalendar = selector.hasCalendar
        isReport = root.mediaType == "multipart/report"
        defects = found.union(selector.defects).sorted()
    }

    /// Files of old systems end their lines with a carriage return alone; mail in transport can't.
    private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.contains(ASCII.lineFeed), bytes.contains(ASCII.carriageReturn) else {
            return bytes
        }
        return bytes.map { $0 == ASCII.carriageReturn ? ASCII.lineFeed : $0 }
    }

    /// Takes text that never was a message: a row of a CSV file, the text of an API call. A first
    /// line `Subject: …` is the subject.
    public init(plainText text: String, limits: MailLimits = MailLimits()) {
        tokenLimit = limits.tokens
        var found: Set<Defect> = []
        var bytes = Array(text.utf8)
        if bytes.startsIgnoringCase("subject:") {
            let end = bytes.firstIndex(of: ASCII.lineFeed) ?? bytes.count
            subject = Array(bytes[8..<end].trimmingSpace())
            bytes = Array(bytes[min(end + 1, bytes.count)...])
        }
        body.append(plain: bytes[...], limits: limits, defects: &found)
        texts = [SourceText(isHTML: false, bytes: bytes)]
        hasPlainText = true
        defects = found.sorted()
    }

    /// All text parts, HTML with its tags, joined by a line feed; what the `seed` profile reads.
    public var source: [UInt8] {
        var joined = texts.first?.bytes ?? []
        for text in texts.dropFirst() { joined += [ASCII.lineFeed] + text.bytes }
        return joined
    }

    /// A defect that the caller met: a body that was cut before it came here.
    public mutating func add(_ defect: Defect) {
        if !defects.contains(defect) { defects = (defects + [defect]).sorted() }
    }
}

/// The text of one part: transfer encoding and charset are undone, nothing else.
public struct SourceText: Sendable, Equatable {
    public var isHTML: Bool
    /// Valid UTF-8.
    public var bytes: [UInt8]
}
