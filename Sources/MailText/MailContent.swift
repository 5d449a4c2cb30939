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
    /// How the message was looked at.
    public private(set) var view = MailView.asSeen
    /// The message in the other views that give it another text; empty where nothing is in doubt.
    public private(set) var otherViews: [MailContent] = []

    /// Reads a raw message (RFC 5322), with LF or CRLF line ends, in all views that it needs.
    public init(message bytes: [UInt8], limits: MailLimits = MailLimits()) {
        let clock = ReadingClock(limits)
        let bytes = MessageStart.readable(bytes)
        var reader = MIMEReader(bytes, limits: limits, clock: clock)
        var others = OtherTexts()
        self.init(&reader, limits, clock, others: &others)
        if let body = body.allShown { addView(.allShown, body) }
        if !others.alternatives.bytes.isEmpty { addView(.otherAlternative, others.alternatives) }
        if !others.attached.bytes.isEmpty { addView(.attached, others.attached) }
        if !others.forOutlook.bytes.isEmpty {
            var shown = body
            shown.append(others.forOutlook)
            addView(.outlook, shown)
        }
        guard others.isDoubtful else { return }
        var lenient = MIMEReader(bytes, limits: limits, clock: clock, isLenient: true)
        addView(.lenient, MailContent(&lenient, limits, clock, others: &others).body)
    }

    /// Reads a message in one view.
    ///
    /// - Parameters:
    ///   - reader: of the message.
    ///   - limits: how much of it is read.
    ///   - clock: of its reading.
    ///   - others: set to what is read in other views.
    private init(
        _ reader: inout MIMEReader, _ limits: MailLimits, _ clock: ReadingClock,
        others: inout OtherTexts
    ) {
        tokenLimit = limits.tokens
        let root = reader.read()
        var defects = reader.defects
        var remaining = limits
        remaining.parts -= reader.partCount
        var selector = TextSelector(
            reader.bytes, limits: remaining, clock: clock, isLenient: reader.isLenient)
        body = selector.read(root)
        others = OtherTexts(
            alternatives: selector.others, forOutlook: selector.forOutlook,
            isDoubtful: reader.isDoubtful || selector.isDoubtful)
        defer { others.attached = selector.attachedText() }
        let field = reader.header.first("subject")
        let charset = selector.headerCharset(of: root, subject: field)
        subject = field.map {
            HeaderText.decode($0, messageCharset: charset, defects: &defects)
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

    /// What there is in a message that a recipient does not see, or in one client only.
    private struct OtherTexts {
        /// The alternatives that clients pass over although they differ.
        var alternatives = VisibleText()
        /// The text of attached documents.
        var attached = VisibleText()
        /// What only Outlook shows.
        var forOutlook = VisibleText()
        /// True when a lenient reader could read other parts.
        var isDoubtful = false
    }

    /// Adds a view, unless its text is one that another view has.
    private mutating func addView(_ view: MailView, _ body: VisibleText) {
        guard body.bytes != self.body.bytes, !otherViews.contains(where: { $0.body == body })
        else { return }
        var content = self
        content.otherViews = []
        content.view = view
        content.body = body
        otherViews.append(content)
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
