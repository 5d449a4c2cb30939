import ASCIIText

/// Collects the text of HTML that a recipient sees.
///
/// ``HTMLTreeBuilder`` says which element each piece of text is in; an element's style decides
/// whether the text can be seen, else it is counted as hidden. Tags of blocks break lines; tags of
/// inline elements don't break words.
struct HTMLText {
    /// Bytes of hidden text that are kept.
    static let maximumHiddenBytes = 64 * 1_024
    /// Bytes of a URL that are kept.
    static let maximumURLBytes = 2_048
    /// Bytes that are shown of an attribute, such as an image's `alt` or a button's label.
    static let maximumLabelBytes = 4_000
    /// Bytes of a preheader: about two lines in a list of messages.
    static let maximumPreheaderBytes = 250
    /// With fewer visible words than this, the preheader is part of the text.
    private static let fewWords = 5

    let bytes: [UInt8]
    let limits: MailLimits
    /// The rules of the document's style sheets.
    var sheet = StyleSheet()
    /// True for a document that browsers show in quirks mode.
    var isQuirks = false
    /// What is known of tags and of the elements in others.
    var elementStyles = HTMLElementStyleCache()
    var styleAttributes = HTMLStyleAttributeCache()
    var looks = HTMLLookCache()
    /// The style of the text that is appended next.
    var style = SharedStyle()
    var pendingBreak = false
    var pendingSpace = false
    /// The link whose text is being read: its target and the offset of its text.
    var openLink: (target: String, start: Int)?
    var result = VisibleText()
    var defects: Set<Defect> = []
    /// How many tags' declarations were read because no tag alike was known.
    var declarationsRead = 0
    /// False for a piece that is read again: its links and pictures are known.
    var addsMarks = true

    /// Converts one HTML part, which must be valid UTF-8.
    ///
    /// - Parameters:
    ///   - bytes: The part.
    ///   - limits: The limits for it; the tags that it takes are gone afterwards.
    ///   - clock: When reading must end.
    ///   - defects: Receives what is wrong with it.
    /// - Returns: The text.
    static func convert(
        _ bytes: [UInt8], limits: inout MailLimits, clock: ReadingClock, defects: inout Set<Defect>
    ) -> VisibleText {
        var builder = HTMLTreeBuilder(HTMLText(bytes, limits), clock)
        builder.output.isQuirks = builder.isQuirky
        builder.output.sheet = HTMLStyleCollector.sheet(
            of: bytes, limits, clock, isQuirks: builder.isQuirky)
        builder.output.sheet.limitWork(bytes: bytes.count)
        // Mail must be read alike with CRLF and with LF.
        builder.output.result.htmlLength = bytes.count - bytes.count(of: ASCII.carriageReturn)
        builder.output.result.bytes.reserveCapacity(min(bytes.count / 2, limits.textBytes))
        builder.run()
        builder.output.result.tagCounts = builder.tagCounts
        limits.tags = max(0, limits.tags - builder.tagBudgetUsed)
        builder.output.finish()
        defects.formUnion(builder.output.defects)
        return builder.output.result
    }

    init(_ bytes: [UInt8], _ limits: MailLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Ends the text.
    private mutating func finish() {
        closeLink()
        showPreheaderOfEmptyText()
        result.trimBrokenEnd()
    }

    /// Goes on with the text of another piece of the document, whose links are not read again.
    mutating func takeOver(from other: inout HTMLText) {
        swap(&result, &other.result)
        swap(&looks, &other.looks)
        sheet = other.sheet
        isQuirks = other.isQuirks
        declarationsRead = other.declarationsRead
        pendingBreak = other.pendingBreak
        pendingSpace = other.pendingSpace
        defects.formUnion(other.defects)
    }

    /// How much text was collected up to some offset of the document.
    struct Amount {
        var visibleBytes = 0
        var hiddenWords = 0
        var hiddenBytes = 0
        var preheaderBytes = 0
        var hiddenTextBytes = 0
    }

    /// How much text was collected so far.
    @inline(__always)
    var amount: Amount {
        Amount(
            visibleBytes: result.bytes.count, hiddenWords: result.hiddenWords,
            hiddenBytes: result.hiddenBytes.count, preheaderBytes: result.preheader.count,
            hiddenTextBytes: result.hiddenText.bytes.count)
    }

    /// Forgets the text behind an amount, but not its links and pictures.
    mutating func cut(to amount: Amount) {
        let end = amount.visibleBytes
        result.bytes.removeLast(max(0, result.bytes.count - end))
        for index in result.marks.indices.reversed() {
            guard result.marks[index].offset > end else { break }
            result.marks[index].offset = end
        }
        if let link = openLink, link.start > end { openLink?.start = end }
        result.hiddenWords = amount.hiddenWords
        result.hiddenBytes.removeLast(max(0, result.hiddenBytes.count - amount.hiddenBytes))
        result.preheader.removeLast(max(0, result.preheader.count - amount.preheaderBytes))
        result.hiddenText.cut(to: amount.hiddenTextBytes)
    }

    /// Shows the preheader when there is next to no other text: it is then what the reader sees.
    ///
    /// Nor is text lost that this module hides by mistake.
    private mutating func showPreheaderOfEmptyText() {
        guard result.wordCount(upTo: HTMLText.fewWords) < HTMLText.fewWords,
            !result.preheader.isEmpty
        else { return }
        style = SharedStyle()
        pendingBreak = true
        appendText(result.preheader[...])
        result.preheader = []
        // If there is no other hidden text, all is shown.
        if result.hiddenWords == 0 { result.hiddenText = HiddenText() }
    }
}
