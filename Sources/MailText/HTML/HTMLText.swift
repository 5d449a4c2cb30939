import ASCIIText

/// Converts HTML to the text that a recipient sees.
///
/// A stack of open elements holds their styles, so that text that can't be seen is counted as
/// hidden. Tags of blocks break lines; tags of inline elements don't break words.
struct HTMLText {
    /// An element whose end tag has not been read.
    struct OpenElement {
        var element: HTMLElement
        /// Distinguishes unknown elements.
        var nameHash: UInt64
        /// The style around the element.
        var style: TextStyle
        var isBlock: Bool
        /// True when its text is shown with the letters from right to left.
        var isReversed: Bool
    }

    /// Open elements; browsers have a limit of the same size.
    private static let maximumDepth = 512
    /// Open elements that an end tag compares with once ``freeSearch`` comparisons are used up: a
    /// bound on the work that stray end tags can cause.
    private static let maximumSearch = 64
    private static let freeSearch = 100_000
    /// Bytes of hidden text that are kept.
    static let maximumHiddenBytes = 64 * 1_024
    /// Bytes of a URL that are kept.
    static let maximumURLBytes = 2_048
    /// Bytes of an image's `alt` that are shown.
    static let maximumAltBytes = 1_000
    /// Bytes of a button's label that are shown.
    static let maximumLabelBytes = 200
    /// Bytes of a preheader: about two lines in a list of messages.
    static let maximumPreheaderBytes = 250
    private static let tokensBetweenClockReadings = 2_048
    /// With fewer visible words than this, the preheader is part of the text.
    private static let fewWords = 5

    let bytes: [UInt8]
    let limits: MailLimits
    private let clock: ReadingClock
    var stack: [OpenElement] = []
    var style = TextStyle()
    private var sheet: StyleSheet
    private let isQuirks: Bool
    /// The style in an `html` element, which may have no tags.
    private var rootStyle = TextStyle()
    /// Open elements that end tags compared with so far.
    private var searched = 0
    /// How many of each kind of element are open.
    private var openCounts = [Int32](repeating: 0, count: HTMLElement.count)
    var pendingBreak = false
    var pendingSpace = false
    /// The link whose text is being read: its target and the offset of its text.
    var openLink: (target: String, start: Int)?
    var result = VisibleText()
    var defects: Set<Defect> = []

    /// Converts one HTML part, which must be valid UTF-8.
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
        isQuirks = DocumentMode.isQuirks(bytes)
        sheet = StyleSheet(isQuirks: isQuirks)
        // Mail must be read alike with CRLF and with LF.
        result.htmlLength = bytes.reduce(0) { $0 + ($1 == ASCII.carriageReturn ? 0 : 1) }
        result.bytes.reserveCapacity(min(bytes.count / 2, limits.textBytes))
    }

    private mutating func run() -> VisibleText {
        var counts = HTMLTagCounts()
        var tokenizer = HTMLTokenizer(bytes)
        readStyleSheets()
        applyRootRules()
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

    /// Reads all style sheets first, because they hold for the whole document.
    ///
    /// The tokenizer ensures that only real ones are read, not text that looks like one in an
    /// attribute or a text field; those in templates are ignored.
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
                let media = tag.media.map(decoded) ?? []
                let type = tag.type.map(decoded) ?? []
                if type.isEmpty || type.equalsIgnoringCase("text/css"),
                    StyleSheet.isForScreens(media)
                {
                    sheet.read(bytes[css])
                }
            case .text: break
            }
        }
    }

    /// Applies the rules for `html` and `body`, which are there even without their tags.
    private mutating func applyRootRules() {
        guard !sheet.isEmpty else { return }
        rootStyle = innerStyle(HTMLTag(element: .html, nameHash: 0), in: TextStyle())
        style = innerStyle(HTMLTag(element: .body, nameHash: 0), in: rootStyle)
    }

    /// A fast check, so that most documents are not read twice.
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

    /// Shows the preheader when there is next to no other text: it is then what the reader sees.
    ///
    /// Nor is text lost that this module hides by mistake.
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

    /// Opens an element.
    private mutating func start(_ tag: HTMLTag) {
        let element = tag.element
        leaveHead(before: element)
        flatten()
        closeImplied(by: element)
        let inner = innerStyle(tag, in: outerStyle(of: element))
        let isCell = element.isCell || inner.display == .cell || inner.isFloating
        let isBlock = !inner.isRemoved && !isCell && inner.display.breaksLines
        if isBlock {
            pendingBreak = true
            endFirstLine()
        }
        if isCell { pendingSpace = true }
        mark(tag, style: inner)
        let holdsText = !element.hasRawContent || element == .textarea || element == .xmp
        guard !element.isVoid, holdsText else { return }
        let isReversed =
            !inner.hidesText && inner.isRightToLeft
            && (element == .bdo || inner.isOverridden)
        if isReversed { appendText(HTMLText.override[...]) }
        stack.append(
            OpenElement(
                element: element, nameHash: tag.nameHash, style: style, isBlock: isBlock,
                isReversed: isReversed))
        openCounts[Int(element.rawValue)] += 1
        style = inner
    }

    /// Ends the effect of `text-indent`, which moves the first line of a block only.
    private mutating func endFirstLine() {
        guard style.lineX != 0 else { return }
        style.lineX = 0
        var index = stack.count - 1
        while index > 0, !stack[index].isBlock {
            stack[index].style.lineX = 0
            index -= 1
        }
    }

    /// Closes the elements whose end tags may be omitted before this one.
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

    /// The style around an element: that of `html` and `body` does not depend on where their tags
    /// are.
    private func outerStyle(of element: HTMLElement) -> TextStyle {
        switch element {
        case .html: return TextStyle()
        case .body: return stack.contains { $0.element == .body } ? style : rootStyle
        default: return style
        }
    }

    /// The style of the text in an element.
    private mutating func innerStyle(_ tag: HTMLTag, in outer: TextStyle) -> TextStyle {
        let element = tag.element
        var inner = outer
        var traits = TextStyle.Traits(element: element, isQuirks: isQuirks)
        traits.isLink = element == .a && tag.href != nil
        if let hidden = tag.hidden {
            traits.isHidden = true
            traits.isUntilFound = bytes[hidden].equalsIgnoringCase("until-found")
        }
        traits.isOpen = tag.open != nil
        inner.enter(traits)
        applyAttributes(of: tag, to: &inner)
        // Most tags have no style.
        var change = StyleChange()
        if let declarations = tag.style {
            change = StyleChange(decoded(declarations), isQuirks: isQuirks)
        }
        if !sheet.isEmpty || change.isDeferred {
            change = sheet.change(for: tag, bytes: bytes, in: outer, attribute: change)
        }
        inner.apply(change, in: outer, traits)
        if element == .html { rootStyle = inner }
        return inner
    }

    /// Applies the attributes that style an element (WHATWG HTML section 15.3).
    private func applyAttributes(of tag: HTMLTag, to inner: inout TextStyle) {
        let element = tag.element
        if let color = tag.color.flatMap({ CSSColor.legacy(decoded($0)) }) {
            inner.foreground = CSSColor(color)
        }
        if let color = tag.linkColor.flatMap({ CSSColor.legacy(decoded($0)) }) {
            inner.linkColor = CSSColor(color)
        }
        if let color = tag.backgroundColor.flatMap({ CSSColor.legacy(decoded($0)) }) {
            inner.background = color
            inner.backgroundColor = CSSColor(color)
        }
        if tag.backgroundImage.map({ !$0.isEmpty }) ?? false { inner.background = nil }
        if let direction = tag.direction.map({ bytes[$0] }) {
            if direction.equalsIgnoringCase("rtl") { inner.isRightToLeft = true }
            if direction.equalsIgnoringCase("ltr") { inner.isRightToLeft = false }
        }
        if let align = tag.align.map({ bytes[$0] }), element.isBlock, element != .table {
            if align.equalsIgnoringCase("left") { inner.alignment = 1 }
            if align.equalsIgnoringCase("right") { inner.alignment = 0 }
            if align.equalsIgnoringCase("center") { inner.alignment = 0.5 }
        }
    }

    /// An attribute's value with its references decoded, if it has any.
    private func decoded(_ range: Range<Int>) -> ArraySlice<UInt8> {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return bytes[range] }
        return value(range, limit: range.count)[...]
    }

    /// U+202E and U+202C, the characters for what `bdo` does in HTML.
    private static let override: [UInt8] = [0xE2, 0x80, 0xAE]
    private static let popOverride: [UInt8] = [0xE2, 0x80, 0xAC]

    /// At the depth limit, closes the innermost element, so that the next becomes its sibling as in
    /// browsers.
    private mutating func flatten() {
        guard stack.count >= HTMLText.maximumDepth, let top = stack.popLast() else { return }
        defects.insert(.limitDepth)
        leave(top)
        style = top.style
    }

    /// Reads an end tag.
    private mutating func end(_ element: HTMLElement, _ nameHash: UInt64) {
        // Content after these two is still in the body.
        if element == .body || element == .html { return }
        if element == .a { closeLink() }
        if element.isCell { pendingSpace = true }
        // Without a start tag, browsers read these two as a whole element.
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

    /// Closes the innermost open element that matches, and all elements in it, unless the boundary
    /// is found first.
    ///
    /// - Parameters:
    ///   - boundary: The element that ends the search.
    ///   - staysInBlock: True when any block ends the search.
    ///   - matches: True for the element to close.
    private mutating func close(
        boundary: HTMLElement, staysInBlock: Bool = false,
        _ matches: (HTMLElement, _ nameHash: UInt64) -> Bool
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

    /// True when an element of this kind is open; saves searches that would find nothing.
    private func isOpen(_ element: HTMLElement) -> Bool { openCounts[Int(element.rawValue)] > 0 }

    /// Ends the effect of an element that is being closed.
    mutating func leave(_ open: OpenElement) {
        openCounts[Int(open.element.rawValue)] -= 1
        if open.isReversed { result.bytes += HTMLText.popOverride }
        if open.isBlock { pendingBreak = true }
    }

    /// Closes the head before the first element that can't be in it.
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
