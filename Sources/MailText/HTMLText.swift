/// Turns HTML into the text a recipient sees. Tags keep a stack of styles, so that text that can't
/// be seen goes to the hidden text; block tags break lines, inline tags don't break words.
struct HTMLText {
    struct OpenElement {
        var element: HTMLElement
        /// The style outside.
        var style: TextStyle
        var isBlock: Bool
        /// True when its letters run from right to left.
        var isReversed: Bool
    }

    private static let maximumDepth = 512
    /// How far a stray end tag looks for its partner: a bound on the work it can cause.
    private static let maximumSearch = 64
    static let maximumHiddenBytes = 64 * 1_024
    static let maximumURLBytes = 2_048
    /// About two lines in a list of messages.
    static let maximumPreheaderBytes = 250
    private static let tokensBetweenClockReadings = 2_048

    let bytes: [UInt8]
    let limits: MailLimits
    private let clock: ReadingClock
    var stack: [OpenElement] = []
    var style = TextStyle()
    private var sheet = StyleSheet()
    var pendingBreak = false
    var pendingSpace = false
    /// The link whose text is being read: its target, and where its text begins.
    var openLink: (target: String, start: Int)?
    var result = VisibleText()
    var defects: Set<Defect> = []

    /// Converts one HTML part that is valid UTF-8.
    static func convert(
        _ bytes: [UInt8], limits: MailLimits, clock: ReadingClock, defects: inout Set<Defect>
    ) -> VisibleText {
        var converter = HTMLText(bytes, limits, clock)
        let text = converter.run()
        defects.formUnion(converter.defects)
        return text
    }

    private init(_ bytes: [UInt8], _ limits: MailLimits, _ clock: ReadingClock) {
        self.bytes = bytes
        self.limits = limits
        self.clock = clock
        // Mail with CRLF and with LF must look the same.
        result.htmlLength = bytes.reduce(0) { $0 + ($1 == ASCII.carriageReturn ? 0 : 1) }
        result.bytes.reserveCapacity(min(bytes.count / 2, limits.textBytes))
    }

    private mutating func run() -> VisibleText {
        var counts = HTMLTagCounts()
        var tokenizer = HTMLTokenizer(bytes)
        var rawOwner = HTMLElement.other
        var tokens = 0
        while let token = tokenizer.next() {
            tokens += 1
            if tokens % HTMLText.tokensBetweenClockReadings == 0, clock.isOver {
                defects.insert(.limitTime)
                break
            }
            switch token {
            case .text(let range): text(range)
            case .rawText(let range):
                if rawOwner == .style { sheet.read(bytes[range]) }
                if rawOwner == .textarea || rawOwner == .xmp { text(range) }
            case .startTag(let tag):
                counts.count(tag.element)
                if tag.element.hasRawContent { rawOwner = tag.element }
                start(tag)
            case .endTag(let element): end(element)
            }
            if result.bytes.count >= limits.textBytes {
                defects.insert(.limitText)
                break
            }
        }
        closeLink()
        result.tagCounts = counts
        result.trimBrokenEnd()
        return result
    }

    // MARK: Tags

    private mutating func start(_ tag: HTMLTag) {
        let element = tag.element
        leaveHead(before: element)
        flatten()
        if let (closed, boundary) = element.closes {
            close(boundary: boundary) { $0 == closed || closed == .td && $0 == .th }
        }
        var inner = style
        if let color = tag.color.flatMap({ CSSValue.color(bytes[$0]) }) { inner.foreground = color }
        if element == .a, tag.href != nil { inner.foreground = .link }
        if let color = tag.backgroundColor.flatMap({ CSSValue.color(bytes[$0]) }) {
            inner.background = color
        }
        if tag.backgroundImage.map({ !$0.isEmpty }) ?? false { inner.background = nil }
        if tag.isHidden || element.isInvisible { inner.isRemoved = true }
        if element == .pre || element == .xmp { inner.isPreformatted = true }
        var change = sheet.change(for: tag, bytes: bytes)
        if let declarations = tag.style { change.merge(StyleChange(bytes[declarations])) }
        inner.apply(change)
        let isBlock = change.isBlock ?? (element.isBlock && !element.isCell)
        if isBlock { pendingBreak = true }
        if element.isCell { pendingSpace = true }
        mark(tag, style: inner)
        guard !element.isVoid, !element.hasRawContent || element == .textarea else { return }
        let isReversed =
            !inner.hidesText && (change.isRightToLeft ?? tag.isRightToLeft)
            && (element == .bdo || change.isOverridden == true)
        if isReversed { appendText(HTMLText.override[...]) }
        stack.append(
            OpenElement(element: element, style: style, isBlock: isBlock, isReversed: isReversed))
        style = inner
    }

    /// U+202E and U+202C, which say in text what the elements say in HTML.
    private static let override: [UInt8] = [0xE2, 0x80, 0xAE]
    private static let popOverride: [UInt8] = [0xE2, 0x80, 0xAC]

    /// At the depth limit a further element becomes a sibling of the innermost, as in browsers.
    private mutating func flatten() {
        guard stack.count >= HTMLText.maximumDepth, let top = stack.popLast() else { return }
        defects.insert(.limitDepth)
        leave(top)
        style = top.style
    }

    private mutating func end(_ element: HTMLElement) {
        if element == .a { closeLink() }
        if element.isCell { pendingSpace = true }
        // Browsers take these two for a whole element.
        if element == .p || element == .br { pendingBreak = true }
        // Inline elements stay inside their table cell, as in browsers.
        if element.isBlock {
            close(boundary: element == .table ? .html : .table) { $0 == element }
        } else {
            close(boundary: .td) { $0 == element }
        }
    }

    /// Pops the innermost open element that matches, and all above it, unless the boundary comes
    /// first.
    private mutating func close(boundary: HTMLElement, _ matches: (HTMLElement) -> Bool) {
        var index = stack.count - 1
        let last = max(0, stack.count - HTMLText.maximumSearch)
        while index >= last {
            let open = stack[index].element
            if matches(open) {
                for open in stack[index...].reversed() { leave(open) }
                style = stack[index].style
                stack.removeSubrange(index...)
                return
            }
            if open == boundary { return }
            index -= 1
        }
    }

    private mutating func leave(_ open: OpenElement) {
        if open.isReversed { result.bytes += HTMLText.popOverride }
        if open.isBlock { pendingBreak = true }
    }

    /// The head ends with the first thing that can't stand in it.
    private mutating func leaveHead(before element: HTMLElement) {
        guard let top = stack.last, top.element == .head else { return }
        switch element {
        case .meta, .link, .base, .style, .script, .title, .noscript, .template: return
        default:
            style = top.style
            stack.removeLast()
        }
    }
}
