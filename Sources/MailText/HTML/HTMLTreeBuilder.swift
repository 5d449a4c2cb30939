import ASCIIText

/// Builds the tree of a document as browsers do (WHATWG HTML section 13.2.6), in one pass.
///
/// Nothing is kept of an element that has ended. What matters is which elements each piece of text
/// is in, for their styles decide whether a reader sees it: text in a hidden table that is in no
/// cell is moved out of the table, and an element that was not ended goes on in the next block.
struct HTMLTreeBuilder {
    /// Open elements; browsers have a limit of the same size.
    static let maximumDepth = 512
    private static let tokensBetweenClockReadings = 2_048
    /// Changes of mode that one token can cause; the standard has none that takes more.
    private static let maximumModes = 16

    /// What reading a tag's attributes and styles costs, in tags.
    private static let tagsForEachDeclaration = 7

    /// The text of the document.
    var output: HTMLText
    /// Collects style sheets instead of text.
    var collector: HTMLStyleCollector?
    /// Counts of the start tags as they are in the source.
    var tagCounts = HTMLTagCounts()
    /// How many tags were read into the tree.
    var treeTags = 0
    /// True when the tree has ended before the document: no more tags are read into it.
    var isBehindTree = false
    /// True when a drawing or formula was open where the tree has ended, or began behind it.
    var isRestForeign = false
    var tokenizer: HTMLTokenizer
    private let clock: ReadingClock
    var open = HTMLElementStack()
    var formatting = HTMLFormattingList()
    var mode = HTMLInsertionMode.initial
    /// The modes of the open templates.
    var templateModes: [HTMLInsertionMode] = []
    /// The form that is open, which a second one can't be in.
    var form: HTMLElementStack.Identity?
    /// True until something shows that the document has no frames.
    var allowsFrames = true
    /// True while elements and text are moved out of the table they are in.
    var isMovingOut = false
    /// The offset of the token that is being read.
    private(set) var tokenStart = 0
    /// Bytes that may be read again, see ``readAgain(_:in:)``.
    var bytesToReadAgain: Int
    /// How many readings of a piece are around this one.
    var readings = 0
    /// The element whose raw content is being read.
    var rawElement: HTMLElement?
    /// True when a table does not end an open paragraph, as in mail without a document type.
    let isQuirky: Bool
    /// Start tags of `html` and `body` whose attributes were added to the first ones.
    var mergedTags = 0

    /// The look of all elements while only style sheets are collected.
    let blankLook = HTMLElementLook.blank
    /// True when style sheets are collected instead of text.
    let isCollecting: Bool
    private var hasReportedDepth = false
    /// How many formatting elements may still be opened.
    var remainingFormatting: Int

    init(_ output: HTMLText, _ clock: ReadingClock, collector: HTMLStyleCollector? = nil) {
        self.collector = collector
        isCollecting = collector != nil
        self.output = output
        self.clock = clock
        tokenizer = HTMLTokenizer(output.bytes)
        isQuirky = HTMLDoctype.isQuirky(output.bytes)
        bytesToReadAgain = output.bytes.count
        remainingFormatting =
            HTMLTreeBuilder.leastFormatting
            + output.bytes.count / HTMLTreeBuilder.bytesForEachFormatting
    }

    /// Reads a piece of a document's body.
    ///
    /// - Parameters:
    ///   - output: The text so far, with the piece as its document.
    ///   - whole: What reads the whole document.
    ///   - style: The style around the piece.
    init(_ output: HTMLText, pieceOf whole: HTMLTreeBuilder, in style: SharedStyle) {
        self.output = output
        clock = whole.clock
        isCollecting = false
        tokenizer = HTMLTokenizer(output.bytes)
        isQuirky = whole.isQuirky
        bytesToReadAgain = whole.bytesToReadAgain
        remainingFormatting = whole.remainingFormatting
        treeTags = whole.treeTags
        readings = whole.readings + 1
        allowsFrames = false
        for element in [HTMLElement.html, .body] {
            let look = HTMLElementLook(HTMLElementStyle(element), around: style)
            _ = open.push(element, nameHash: 0, look, textBefore: output.amount)
        }
        mode = .inBody
    }

    /// Reads the document.
    ///
    /// - Parameter last: The offset of the last byte that matters, nil for all.
    mutating func run(until last: Int? = nil) {
        var tokens = 0
        let last = last ?? .max
        while tokenizer.position <= last || rawElement != nil || isInStyle,
            let token = tokenizer.next(inForeignContent: isInForeignContent || isRestForeign)
        {
            tokens += 1
            defer { tokenStart = tokenizer.position }
            if tokens % HTMLTreeBuilder.tokensBetweenClockReadings == 0, clock.isOver {
                output.defects.insert(.limitTime)
                break
            }
            if isBehindTree { readBehindTree(token) } else { read(token) }
            if isBehindTree, isCollecting { break }
            if output.result.bytes.count >= output.limits.textBytes {
                output.defects.insert(.limitText)
                break
            }
        }
    }

    private mutating func read(_ token: HTMLTokenizer.Token) {
        switch token {
        case .text(let range): text(range)
        case .rawText(let range): rawText(range)
        case .startTag(let tag):
            guard countTag() else { return readBehindTree(token) }
            tagCounts.count(tag.element)
            rawElement = nil
            start(tag)
            if tag.element.hasRawContent, rawElement == nil { tokenizer.readContentAsMarkup() }
        case .endTag(let element, let nameHash):
            if let raw = rawElement {
                rawElement = nil
                if open.last?.isHTML(raw) == true { pop() }
                return
            }
            guard countTag() else { return readBehindTree(token) }
            end(element, nameHash)
        }
    }

    /// How many tags the tree has cost; one that is like no other costs as much as several.
    var tagBudgetUsed: Int {
        treeTags + output.declarationsRead * HTMLTreeBuilder.tagsForEachDeclaration
    }

    /// Counts a tag; false when there were as many as the limit allows.
    private mutating func countTag() -> Bool {
        guard tagBudgetUsed < output.limits.tags else {
            endTree()
            return false
        }
        treeTags += 1
        return true
    }

    // MARK: Text

    private mutating func text(_ range: Range<Int>) {
        let isBlank = output.bytes[range].allSatisfy(ASCII.isSpace)
        if isInForeignContent, let top = open.last, !(top.holdsHTML || top.isMathText) {
            if !isBlank { allowsFrames = false }
            return show(range)
        }
        for _ in 0..<HTMLTreeBuilder.maximumModes where process(text: range, isBlank: isBlank) {
            return
        }
    }

    /// Records that elements are too deep in others, or too many at a time.
    mutating func reportDepth() {
        guard !hasReportedDepth else { return }
        hasReportedDepth = true
        output.defects.insert(.limitDepth)
    }

    /// Where text in an element stands.
    @inline(__always)
    private func place(in entry: HTMLElementStack.Entry?) -> HTMLText.Place {
        guard let entry, entry.space == .svg, entry.element != .foreignobject else {
            return .document
        }
        return entry.element == .style || entry.element == .script ? .sheet : .drawing
    }

    /// Inserts text at the current node.
    mutating func show(_ range: Range<Int>, hasReferences: Bool = true) {
        if isCollecting {
            if isInStyle, !open.isOpen(.template) { collector?.read(range, of: output.bytes) }
            return
        }
        let style = insertionStyle
        if output.style !== style { output.style = style }
        output.text(range, in: place(in: open.last), hasReferences: hasReferences)
    }

    /// Reads the content of an element without markup, or character data of a drawing.
    private mutating func rawText(_ range: Range<Int>) {
        switch rawElement {
        case nil: show(range, hasReferences: false)
        case .textarea: show(range)
        case .plaintext:
            reconstructFormatting()
            show(range, hasReferences: false)
        case .xmp: show(range, hasReferences: false)
        case .style where isCollecting:
            if !open.isOpen(.template) { collector?.read(range, of: output.bytes) }
        default: break
        }
    }

    /// True in the style element of a drawing, whose content is markup.
    @inline(__always)
    private var isInStyle: Bool {
        guard let top = open.last else { return false }
        return top.element == .style && top.space == .svg
    }

    // MARK: Tags

    /// Reads a start tag.
    private mutating func start(_ tag: HTMLTag) {
        if isForeign(tag) {
            if startForeign(tag) { return }
        }
        if tag.element == .image { tag.element = .img }
        startHTML(tag)
    }

    /// Reads a start tag by the rules of the current mode.
    mutating func startHTML(_ tag: HTMLTag) {
        for _ in 0..<HTMLTreeBuilder.maximumModes where process(start: tag) { return }
    }

    /// Reads an end tag.
    private mutating func end(_ element: HTMLElement, _ nameHash: UInt64) {
        if element == .a { output.closeLink() }
        if isInForeignContent, endForeign(element, nameHash) { return }
        endHTML(element, nameHash)
    }

    /// Reads an end tag by the rules of the current mode.
    mutating func endHTML(_ element: HTMLElement, _ nameHash: UInt64) {
        for _ in 0..<HTMLTreeBuilder.maximumModes where process(end: element, nameHash) { return }
    }
}
