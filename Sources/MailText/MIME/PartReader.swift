import ASCIIText

/// Reads the text of single parts, within the limits that hold over the whole message.
struct PartReader {
    private let bytes: [UInt8]
    private let clock: ReadingClock
    /// What earlier parts left of the limits.
    private var left: MailLimits
    private var inlineFiles: [String] = []
    /// True beside another text: clients then show what an invitation is for and where, no more.
    var showsBriefCalendar = false

    private(set) var texts: [SourceText] = []
    private(set) var hasPlainText = false
    private(set) var hasHTML = false
    private(set) var hasBase64Text = false
    private(set) var hasCalendar = false
    private(set) var defects: Set<Defect> = []

    init(_ bytes: [UInt8], limits: MailLimits, clock: ReadingClock) {
        self.bytes = bytes
        self.clock = clock
        left = limits
    }

    /// The visible text of a leaf; nil when a limit forbids to read it.
    mutating func text(of entity: MIMEEntity) -> VisibleText? {
        guard left.decodedBytes > 0 else {
            defects.insert(.limitDecoded)
            return nil
        }
        guard !clock.isOver else {
            defects.insert(.limitTime)
            return nil
        }
        let encoding = entity.isMultipart ? .identity : entity.encoding
        let raw = encoding.decode(bytes[entity.body], limit: left.decodedBytes, defects: &defects)
        left.decodedBytes -= raw.count
        if case .base64 = encoding { hasBase64Text = true }
        let isHTML = entity.mediaType == "text/html" || PartReader.looksLikeHTML(raw)
        let label = entity.charset ?? (isHTML ? HTMLText.declaredCharset(raw) : nil)
        let isCalendar = entity.mediaType == "text/calendar"
        let text = Charset.decode(
            isCalendar ? CalendarText.unfolded(raw) : raw, label: label, defects: &defects)
        texts.append(SourceText(isHTML: isHTML, bytes: text))
        let result = visible(text, of: entity, isHTML: isHTML)
        left.textBytes = max(0, left.textBytes - result.bytes.count)
        left.links = max(0, left.links - result.marks.count)
        return result
    }

    /// Names of files that lay uuencoded in the text read last.
    mutating func takeInlineFiles() -> [String] {
        defer { inlineFiles = [] }
        return inlineFiles
    }

    /// A header value as a line of text.
    mutating func headerText(_ value: ArraySlice<UInt8>) -> VisibleText {
        var result = VisibleText()
        let text = HeaderText.decode(value, defects: &defects)
        result.append(plain: text[...], limits: left, defects: &defects)
        left.textBytes = max(0, left.textBytes - result.bytes.count)
        return result
    }

    private mutating func visible(
        _ text: [UInt8], of entity: MIMEEntity, isHTML: Bool
    ) -> VisibleText {
        if isHTML || entity.mediaType == "text/enriched" {
            let html = HTMLText.convert(text, limits: left, clock: clock, defects: &defects)
            // What is not declared as HTML and has nothing to show as such is shown as it is.
            let isWrong = isHTML && entity.mediaType != "text/html" && html.bytes.isEmpty
            if !isWrong || html.hasSomethingToSee {
                hasHTML = hasHTML || isHTML
                return html
            }
        }
        var shown = text
        if entity.mediaType == "text/calendar" {
            hasCalendar = true
            shown = CalendarText.visible(text, isBrief: showsBriefCalendar)
        } else {
            hasPlainText = true
            if entity.joinsLines { shown = PlainText.joined(text) }
            if let (rest, names) = PlainText.withoutFiles(shown) {
                shown = rest
                inlineFiles = names
            }
        }
        var result = VisibleText()
        result.append(plain: shown[...], limits: left, defects: &defects)
        return result
    }

    private static func looksLikeHTML(_ text: [UInt8]) -> Bool {
        let start = text.prefix(200).drop(while: ASCII.isSpace)
        return start.startsIgnoringCase("<html") || start.startsIgnoringCase("<!doctype html")
    }
}
