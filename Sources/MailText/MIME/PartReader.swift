import ASCIIText

/// Reads the text of single parts within the limits that hold for the whole message.
struct PartReader {
    /// Bytes of a text in which HTML must begin to be recognised.
    private static let searchedBytes = 200

    /// What the bodies of the entities are ranges of.
    var bytes: [UInt8]
    let clock: ReadingClock
    /// The limits minus what earlier parts used.
    private(set) var remaining: MailLimits
    /// The same for what only Outlook shows, which leaves no less of the visible text.
    private var remainingForOutlook: MailLimits
    private var inlineFiles: [String] = []
    /// True when an invitation is beside another text: clients then show summary and location
    /// only.
    var showsBriefCalendar = false

    /// The charset of the first text that was read and declares one, or of which one was guessed.
    private(set) var firstCharset: String?
    private var guess = CharsetGuess()
    /// The decoded text of all parts that were read.
    private(set) var texts: [SourceText] = []
    /// The kinds of all parts that were read.
    private(set) var kinds: TextKinds = []
    /// The text that only Outlook shows, of the HTML parts where it adds to the visible text.
    private(set) var forOutlook = VisibleText()
    private(set) var defects: Set<Defect> = []

    init(_ bytes: [UInt8], limits: MailLimits, clock: ReadingClock) {
        self.bytes = bytes
        self.clock = clock
        remaining = limits
        remainingForOutlook = limits
    }

    /// The visible text of a leaf; nil when a limit is reached before it is read.
    mutating func text(of entity: MIMEEntity) -> VisibleText? {
        guard let (raw, encoding) = body(of: entity) else { return nil }
        if case .base64 = encoding { kinds.insert(.base64) }
        let isHTML = entity.mediaType == "text/html" || PartReader.looksLikeHTML(raw)
        var label = label(of: entity, raw, isHTML: isHTML)
        if !Charset.isDeclared(by: label) {
            label = guess.label(of: raw, isHTML: isHTML) ?? label
        }
        if firstCharset == nil { firstCharset = label }
        let isCalendar = entity.mediaType == "text/calendar"
        let text = Charset.decode(
            isCalendar ? CalendarText.unfolded(raw) : raw, label: label, defects: &defects)
        texts.append(SourceText(isHTML: isHTML, bytes: text))
        let result = visible(text, of: entity, isHTML: isHTML)
        remaining.textBytes = max(0, remaining.textBytes - result.bytes.count)
        remaining.links = max(0, remaining.links - result.marks.count)
        return result
    }

    /// The body of a leaf with its transfer encoding undone, and that encoding; nil when a limit is
    /// reached before it is read.
    mutating func body(of entity: MIMEEntity) -> (bytes: [UInt8], encoding: TransferEncoding)? {
        guard remaining.decodedBytes > 0 else {
            defects.insert(.limitDecoded)
            return nil
        }
        guard !clock.isOver else {
            defects.insert(.limitTime)
            return nil
        }
        let encoding = encoding(of: entity)
        let raw = encoding.decode(
            bytes[entity.body], limit: remaining.decodedBytes, defects: &defects)
        remaining.decodedBytes -= raw.count
        return (raw, encoding)
    }

    /// The encoding of a body, which shows it itself where the header does not say it clearly.
    private func encoding(of entity: MIMEEntity) -> TransferEncoding {
        if entity.isMultipart { return .identity }
        guard entity.isEncodingDoubtful else { return entity.encoding }
        let body = bytes[entity.body]
        // A CMS message begins with 0x30, and so its base64 with an M.
        let isSealed = entity.isSealed && body.first { !ASCII.isSpace($0) } == UInt8(ascii: "M")
        return isSealed ? .base64 : TransferEncoding.shown(by: body) ?? entity.encoding
    }

    /// Takes note of what is wrong with the message, and of more of its entities that were read.
    mutating func report(_ found: Set<Defect>, parts: Int = 0) {
        defects.formUnion(found)
        remaining.parts -= parts
    }

    /// The charset that MIME declares; that of a `<meta>` when MIME declares none that is known.
    private func label(of entity: MIMEEntity, _ raw: [UInt8], isHTML: Bool) -> String? {
        guard isHTML else { return entity.charset }
        if let charset = entity.charset, Charset.isKnown(charset) { return charset }
        return HTMLText.declaredCharset(raw) ?? entity.charset
    }

    /// The charset for bytes of the message's header outside encoded words.
    ///
    /// Where neither MIME nor a text has one, it is guessed by the subject.
    ///
    /// - Parameters:
    ///   - declared: The charset that the first text part declares, or nil.
    ///   - subject: The field as it was sent, or nil.
    /// - Returns: A label; nil when there is none.
    mutating func headerCharset(
        declared: String?, subject: ArraySlice<UInt8>?
    ) -> String? {
        for charset in [declared, firstCharset] where Charset.isDeclared(by: charset) {
            return charset
        }
        return subject.flatMap { guess.label(of: Array($0)) } ?? declared ?? firstCharset
    }

    /// Removes and returns the names of the uuencoded files in the last text that was read.
    mutating func takeInlineFiles() -> [String] {
        defer { inlineFiles = [] }
        return inlineFiles
    }

    /// A header value as a line of text.
    ///
    /// - Parameters:
    ///   - value: The value as it was sent.
    ///   - charset: The charset of the message that the field is of, or nil.
    /// - Returns: The decoded text.
    mutating func headerText(
        _ value: ArraySlice<UInt8>, messageCharset charset: String?
    ) -> VisibleText {
        var result = VisibleText()
        let text = HeaderText.decode(value, messageCharset: charset, defects: &defects)
        result.append(plain: text[...], limits: remaining, defects: &defects)
        remaining.textBytes = max(0, remaining.textBytes - result.bytes.count)
        return result
    }

    /// The text as a client shows it, by its type.
    private mutating func visible(
        _ text: [UInt8], of entity: MIMEEntity, isHTML: Bool
    ) -> VisibleText {
        if isHTML || entity.mediaType == "text/enriched" {
            let html = HTMLText.convert(text, limits: &remaining, clock: clock, defects: &defects)
            // Text that only looks like HTML and renders empty is shown verbatim.
            let isMisread = isHTML && entity.mediaType != "text/html" && html.bytes.isEmpty
            if !isMisread || html.hasSomethingToSee {
                if isHTML { kinds.insert(.html) }
                readForOutlook(text, besides: html)
                return html
            }
        }
        var shown = text
        if entity.mediaType == "text/calendar" {
            kinds.insert(.calendar)
            shown = CalendarText.visible(text, isBrief: showsBriefCalendar)
        } else {
            kinds.insert(.plain)
            if entity.joinsLines { shown = PlainText.joined(text) }
            if let (rest, names) = PlainText.withoutFiles(shown) {
                shown = rest
                inlineFiles = names
            }
        }
        var result = VisibleText()
        result.append(plain: shown[...], limits: remaining, defects: &defects)
        return result
    }

    /// Reads what only Outlook shows of a document, hidden words too.
    private mutating func readForOutlook(_ document: [UInt8], besides shown: VisibleText) {
        let content = OutlookComments.content(of: document)
        // Most comments hold nothing but frames and styles.
        guard HTMLWordBound.mayExceed(VisibleText.differingWords, in: content) else { return }
        // What is wrong with it nobody sees.
        var unseen: Set<Defect> = []
        let text = HTMLText.convert(
            content, limits: &remainingForOutlook, clock: clock, defects: &unseen)
        let all = text.allShown ?? text
        guard all.addsWords(to: shown) else { return }
        let new = all.withoutCounts
        remainingForOutlook.textBytes = max(0, remainingForOutlook.textBytes - new.bytes.count)
        remainingForOutlook.links = max(0, remainingForOutlook.links - new.marks.count)
        forOutlook.append(new)
    }

    private static func looksLikeHTML(_ text: [UInt8]) -> Bool {
        let start = text.prefix(searchedBytes).drop(while: ASCII.isSpace)
        return start.startsIgnoringCase("<html") || start.startsIgnoringCase("<!doctype html")
    }
}
