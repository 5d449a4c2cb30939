import ASCIIText

/// The content of a message: the result of reading its bytes once.
///
/// Reading does no I/O, takes no lock and never fails: whatever is wrong with a message is listed
/// in ``defects``.
public struct MailContent: Sendable {
    /// The subject, decoded to UTF-8; nil when there is no such field.
    public private(set) var subject: [UInt8]?
    /// The facts of the header fields.
    public private(set) var header = HeaderFacts()
    /// The MIME entities in the order they occur.
    public private(set) var parts: [MailPart] = []
    /// The text that the recipient sees.
    public private(set) var body = VisibleText()
    /// The text parts that were read, decoded, in the order they occur.
    public private(set) var texts: [SourceText] = []
    /// The kinds of the text parts that were read.
    public private(set) var textKinds: TextKinds = []
    /// True for a delivery report, a read receipt and the like (RFC 6522).
    public private(set) var isReport = false
    /// The limit ``MailLimits/tokens`` that the message was read with.
    public let tokenLimit: Int
    /// The faults of the message and the limits it reached, in alphabetical order.
    public private(set) var defects: [Defect] = []

    /// Reads a raw message (RFC 5322), with LF or CRLF line ends.
    public init(message bytes: [UInt8], limits: MailLimits = MailLimits()) {
        tokenLimit = limits.tokens
        let clock = ReadingClock(limits)
        var reader = MIMEReader(
            MessageStart.readable(bytes), limits: limits, clock: clock)
        let root = reader.read()
        var defects = reader.defects
        var selector = TextSelector(reader.bytes, limits: limits, clock: clock)
        body = selector.read(root)
        let charset = root.firstCharset ?? selector.firstCharset
        if let field = reader.header.first("subject") {
            subject = HeaderText.decode(field, messageCharset: charset, defects: &defects)
        }
        header = HeaderFacts(reader.header, messageCharset: charset, defects: &defects)
        parts = selector.parts
        texts = selector.texts
        textKinds = selector.kinds
        isReport = root.mediaType == "multipart/report"
        self.defects = defects.union(selector.defects).sorted()
    }

    /// Takes text that never was a message, such as a row of a CSV file or the text of an API call.
    ///
    /// A first line `Subject: …` is the subject.
    public init(plainText text: String, limits: MailLimits = MailLimits()) {
        tokenLimit = limits.tokens
        var defects: Set<Defect> = []
        var bytes = Array(text.utf8)
        if bytes.startsIgnoringCase("subject:") {
            let rest = bytes.dropFirst("subject:".utf8.count)
            let line = rest.prefix { $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn }
            subject = Array(line.trimmingSpace())
            let isPair = bytes[line.endIndex...].starts(with: "\r\n".utf8)
            bytes = Array(bytes[line.endIndex...].dropFirst(isPair ? 2 : 1))
        }
        body.append(plain: bytes[...], limits: limits, defects: &defects)
        texts = [SourceText(isHTML: false, bytes: bytes)]
        textKinds = .plain
        self.defects = defects.sorted()
    }

    /// All text parts, HTML with its tags, joined by line feeds; the input of the `seed` profile.
    public var source: [UInt8] {
        var joined = texts.first?.bytes ?? []
        for text in texts.dropFirst() { joined += [ASCII.lineFeed] + text.bytes }
        return joined
    }

    /// Adds a defect that the caller found, such as a body that was cut before it was read.
    public mutating func add(_ defect: Defect) {
        if !defects.contains(defect) { defects = (defects + [defect]).sorted() }
    }
}
