import ASCIIText

/// Turns HTML into the text a recipient sees. Tags keep a stack of styles, so that text that can't
/// be seen goes to the hidden text; block tags break lines, inline tags don't break words.
struct HTMLText {
    struct OpenElement {
        var element: HTMLElement
        /// Tells unknown elements apart.
        var nameHash: UInt32
        /// The style outside.
        var style: TextStyle
        var isBlock: Bool
        /// True when its letters run from right to left.
        var isReversed: Bool
    }

    private static let maximumDepth = 512
    /// How far an end tag looks for its partner once ``freeSearch`` is spent: a bound on the work
    /// that stray end tags can cause.
    private static let maximumSearch = 64
    private static let freeSearch = 100_000
    static let maximumHiddenBytes = 64 * 1_024
    static let maximumURLBytes = 2_048
    /// About two lines in a list of messages.
    static let maximumPreheaderBytes = 250
    private static let tokensBetweenClockReadings = 2_048
    private static let fewWords = 5

    let bytes: [UInt8]
    let limits: MailLimits
    private let clock: ReadingClock
    var stack: [OpenElement] = []
    var style = TextStyle()
    private var sheet = StyleSheet()
    /// Open elements looked at by end tags so far.
    private var searched = 0
    /// How many of each kind of element are open.
    private var openCounts = [Int32](repeating: 0, count: HTMLElement.count)
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
        readStyleSheets()
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
                if rawOwner == .textarea || rawOwner == .xmp { text(range) }
            case .startTag(let tag):
                counts.count(tag.element)
                if tag.element.hasRawContent { rawOwner = tag.element }
                start(tag)
            case .endTag(let element, let nameHash): end(element, nameHash)
            }
            if result.bytes.count >= limits.textBytes {
                defects.insert(.limitText)
                break
            }
        }
        closeLink()
        showPreheaderOfEmptyText()
        result.tagCounts = counts
        result.trimBrokenEnd()
        return result
    }

    /// Style sheets hold for the whole document, wherever they stand in it. Only real ones: not what
    /// looks like one in an attribute, a text field or a template.
    private mutating func readStyleSheets() {
        guard mentionsStyleSheet else { return }
        var tokenizer = HTMLTokenizer(bytes)
        var owner: HTMLTag?
        var templates = 0
        while let token = tokenizer.next() {
            switch token {
            case .startTag(let tag):
                owner = tag
                if tag.element == .template { templates += 1 }
            case .endTag(let element, _):
                if element == .template { templates = max(0, templates - 1) }
            case .rawText(let css):
                guard let tag = owner, tag.element == .style, templates == 0 else { continue }
                let media = tag.media.map { bytes[$0] } ?? []
                if StyleSheet.isForScreens(media) { sheet.read(bytes[css]) }
            case .text: break
            }
        }
    }

    /// A fast look before the document is read twice.
    private var mentionsStyleSheet: Bool {
        var index = 0
        while index + 6 < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), bytes[index + 1] | 0x20 == UInt8(ascii: "s"),
                bytes[index...].startsIgnoringCase("<style")
            {
                return true
            }
            index += 1
        }
        return false
    }

    /// When there is next to nothing else, the preview is what the reader sees; and should the text
    /// be hidden by a mistake of ours only, it is not lost.
    private mutating func showPreheaderOfEmptyText() {
        guard result.wordCount(upTo: HTMLText.fewWords) < HTMLText.fewWords,
            !result.preheader.isEmpty
        else { return }
        style = TextStyle()
        pendingBreak = true
        appendText(result.preheader[...])
        result.preheader = []
    }

    // MARK: Tags

    private mutating func start(_ tag: HTMLTag) {
        let element = tag.element
        leaveHead(before: element)
        flatten()
        closeImplied(by: element)
        let change = change(of: tag)
        let inner = innerStyle(tag, change)
        let isCell = element.isCell || change.display == .cell || change.isFloating == true
        let isBlock =
            !inner.isRemoved && !isCell && (change.display.map { $0 == .block } ?? element.isBlock)
        if isBlock { pendingBreak = true }
        if isCell { pendingSpace = true }
        mark(tag, style: inner)
        let holdsText = !element.hasRawContent || element == .textarea || element == .xmp
        guard !element.isVoid, holdsText else { return }
        let isReversed =
            !inner.hidesText && inner.isRightToLeft
            && (element == .bdo || change.isOverridden == true)
        if isReversed { appendText(HTMLText.override[...]) }
        stack.append(
            OpenElement(
                element: element, nameHash: tag.nameHash, style: style, isBlock: isBlock,
                isReversed: isReversed))
        openCounts[Int(element.rawValue)] += 1
        style = inner
    }

    private mutating func closeImplied(by element: HTMLElement) {
        if element.isHeading, let top = stack.last, top.element.isHeading {
            close(boundary: .table) { element, _ in element.isHeading }
        }
        guard let (closed, boundary) = element.closes else { return }
        if closed == .td {
            close(boundary: boundary) { element, _ in element.isCell }
        } else if isOpen(closed) {
            close(boundary: boundary) { element, _ in element == closed }
        }
    }

    private func change(of tag: HTMLTag) -> StyleDeclarations {
        // Most tags say nothing of style.
        if sheet.isEmpty, tag.style == nil { return StyleDeclarations() }
        var change = sheet.change(for: tag, bytes: bytes)
        if let declarations = tag.style { change.merge(StyleChange(decoded(declarations))) }
        return change.effective
    }

    private func innerStyle(_ tag: HTMLTag, _ change: StyleDeclarations) -> TextStyle {
        let element = tag.element
        var inner = style
        if let color = tag.color.flatMap({ CSSColor.legacy(decoded($0)) }) {
            inner.foreground = color
            inner.isTransparent = false
        }
        if element == .a, tag.href != nil {
            inner.foreground = .link
            inner.isTransparent = false
        }
        if let color = tag.backgroundColor.flatMap({ CSSColor.legacy(decoded($0)) }) {
            inner.background = color
        }
        if tag.backgroundImage.map({ !$0.isEmpty }) ?? false { inner.background = nil }
        if element.isInvisible || tag.isHidden && change.display == nil { inner.isRemoved = true }
        if element == .pre || element == .xmp { inner.isPreformatted = true }
        if tag.isRightToLeft { inner.isRightToLeft = true }
        let isBox =
            change.display.map { $0 == .block || $0 == .inlineBlock } ?? element.isBox
        if tag.style != nil || !sheet.isEmpty {
            inner.apply(change, isBox: isBox || change.isFloating == true)
        }
        return inner
    }

    /// An attribute's value with its references decoded, where there are any.
    private func decoded(_ range: Range<Int>) -> ArraySlice<UInt8> {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return bytes[range] }
        return value(range, limit: range.count)[...]
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

    private mutating func end(_ element: HTMLElement, _ nameHash: UInt32) {
        // What comes behind these two is still in the body.
        if element == .body || element == .html { return }
        if element == .a { closeLink() }
        if element.isCell { pendingSpace = true }
        // Browsers take these two for a whole element.
        if element == .p || element == .br { pendingBreak = true }
        if element.isHeading { return close(boundary: .table) { open, _ in open.isHeading } }
        guard isOpen(element) else { return }
        if element.isBlock || element.isInvisible {
            close(boundary: element == .table ? .html : .table) { open, _ in open == element }
        } else {
            // Inline elements stay inside their table cell, and all but formatting elements inside
            // their block.
            close(boundary: .td, staysInBlock: !element.isFormatting) {
                $0 == element && $1 == nameHash
            }
        }
    }

    /// Pops the innermost open element that matches, and all above it, unless the boundary comes
    /// first.
    private mutating func close(
        boundary: HTMLElement, staysInBlock: Bool = false,
        _ matches: (HTMLElement, _ nameHash: UInt32) -> Bool
    ) {
        let top = stack.count - 1
        var index = top
        let isFree = searched < HTMLText.freeSearch
        let last = isFree ? 0 : max(0, stack.count - HTMLText.maximumSearch)
        defer { searched += top - index + 1 }
        while index >= last {
            let element = stack[index].element
            if matches(element, stack[index].nameHash) {
                for open in stack[index...].reversed() { leave(open) }
                style = stack[index].style
                stack.removeSubrange(index...)
                return
            }
            if element == boundary || staysInBlock && element.isBlock { return }
            index -= 1
        }
    }

    /// True when an element of this kind is open somewhere: spares searches that find nothing.
    private func isOpen(_ element: HTMLElement) -> Bool { openCounts[Int(element.rawValue)] > 0 }

    mutating func leave(_ open: OpenElement) {
        openCounts[Int(open.element.rawValue)] -= 1
        if open.isReversed { result.bytes += HTMLText.popOverride }
        if open.isBlock { pendingBreak = true }
    }

    /// The head ends with the first thing that can't stand in it.
    private mutating func leaveHead(before element: HTMLElement) {
        guard let top = stack.last, top.element == .head else { return }
        switch element {
        case .meta, .link, .base, .style, .script, .title, .noscript, .template: return
        default:
            leave(top)
            style = top.style
            stack.removeLast()
        }
    }
}
