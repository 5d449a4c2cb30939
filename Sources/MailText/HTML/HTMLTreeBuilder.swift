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

    /// The text of the document.
    var output: HTMLText
    /// Collects style sheets instead of text.
    var collector: HTMLStyleCollector?
    /// Counts of the start tags as they are in the source.
    private(set) var tagCounts = HTMLTagCounts()
    private var tokenizer: HTMLTokenizer
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
    private var rawElement: HTMLElement?
    /// True when a table does not end an open paragraph, as in mail without a document type.
    let isQuirky: Bool
    /// Start tags of `html` and `body` whose attributes were added to the first ones.
    var mergedTags = 0

    init(_ output: HTMLText, _ clock: ReadingClock) {
        self.output = output
        self.clock = clock
        tokenizer = HTMLTokenizer(output.bytes)
        isQuirky = HTMLDoctype.isQuirky(output.bytes)
        bytesToReadAgain = output.bytes.count
    }

    /// Reads a piece of a document's body.
    ///
    /// - Parameters:
    ///   - output: The text so far, with the piece as its document.
    ///   - whole: What reads the whole document.
    ///   - style: The style around the piece.
    init(_ output: HTMLText, pieceOf whole: HTMLTreeBuilder, in style: TextStyle) {
        self.output = output
        clock = whole.clock
        tokenizer = HTMLTokenizer(output.bytes)
        isQuirky = whole.isQuirky
        bytesToReadAgain = whole.bytesToReadAgain
        readings = whole.readings + 1
        allowsFrames = false
        for element in [HTMLElement.html, .body] {
            let node = HTMLNode(
                outer: style, inner: style, declared: HTMLElementStyle(element), isBlock: false,
                isReversed: false, textBefore: output.amount)
            _ = open.push(element, nameHash: 0, node: node)
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
            let token = tokenizer.next(inForeignContent: isInForeignContent)
        {
            tokens += 1
            defer { tokenStart = tokenizer.position }
            if tokens % HTMLTreeBuilder.tokensBetweenClockReadings == 0, clock.isOver {
                output.defects.insert(.limitTime)
                break
            }
            read(token)
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
            end(element, nameHash)
        }
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

    /// Inserts text into the current node.
    func isShown(in entry: HTMLElementStack.Entry?) -> Bool {
        guard let entry, entry.space == .svg else { return true }
        return entry.element == .foreignobject
    }

    /// Inserts text at the current node.
    mutating func show(_ range: Range<Int>, hasReferences: Bool = true) {
        if collector != nil {
            if isInStyle, !open.isOpen(.template) { collector?.read(range, of: output.bytes) }
            return
        }
        output.style = insertionStyle
        output.text(range, isShown: isShown(in: open.last), hasReferences: hasReferences)
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
        case .style where collector != nil:
            if !open.isOpen(.template) { collector?.read(range, of: output.bytes) }
        default: break
        }
    }

    /// True in the style element of a drawing, whose content is markup.
    private var isInStyle: Bool {
        guard let top = open.last else { return false }
        return top.element == .style && top.space == .svg
    }

    // MARK: Tags

    /// Reads a start tag.
    private mutating func start(_ tag: HTMLTag) {
        var tag = tag
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

    // MARK: The modes

    /// Reads text by the rules of the mode.
    ///
    /// - Returns: False when it is to be read again in the mode that is now in force.
    private mutating func process(text range: Range<Int>, isBlank: Bool) -> Bool {
        switch mode {
        case .initial, .beforeHead, .inHead, .inHeadNoscript, .afterHead:
            return isBlank || leaveFront()
        case .inTable, .inTableBody, .inRow: textInTable(range, isBlank: isBlank)
        case .inColumnGroup: return isBlank || leaveColumnGroup()
        case .inSelect, .inSelectInTable: show(range)
        case .inFrameset, .afterFrameset: break
        case .afterBody:
            if !isBlank { mode = .inBody }
            textInBody(range, isBlank: isBlank)
        case .inBody, .inCaption, .inCell, .inTemplate: textInBody(range, isBlank: isBlank)
        }
        return true
    }

    /// Reads a start tag by the rules of the mode; false when it is to be read again.
    private mutating func process(start tag: HTMLTag) -> Bool {
        switch mode {
        case .initial, .beforeHead: return startBeforeHead(tag)
        case .inHead: return startInHead(tag) || leaveFront()
        case .inHeadNoscript: return startInHeadNoscript(tag)
        case .afterHead: return startAfterHead(tag)
        case .inBody: startInBody(tag)
        case .inTable: return startInTable(tag)
        case .inCaption: return startInCaption(tag)
        case .inColumnGroup: return startInColumnGroup(tag)
        case .inTableBody: return startInTableBody(tag)
        case .inRow: return startInRow(tag)
        case .inCell: return startInCell(tag)
        case .inSelect: return startInSelect(tag)
        case .inSelectInTable: return startInSelectInTable(tag)
        case .inTemplate: return startInTemplate(tag)
        case .afterBody:
            if tag.element == .html {
                startInBody(tag)
                return true
            }
            mode = .inBody
            return false
        case .inFrameset, .afterFrameset: startInFrameset(tag)
        }
        return true
    }

    /// Reads an end tag by the rules of the mode; false when it is to be read again.
    private mutating func process(end element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch mode {
        case .initial, .beforeHead, .inHead, .inHeadNoscript, .afterHead:
            return endInFront(element)
        case .inBody: return endInBody(element, nameHash)
        case .inTable: return endInTable(element, nameHash)
        case .inCaption: return endInCaption(element, nameHash)
        case .inColumnGroup: return endInColumnGroup(element)
        case .inTableBody: return endInTableBody(element, nameHash)
        case .inRow: return endInRow(element, nameHash)
        case .inCell: return endInCell(element, nameHash)
        case .inSelect: endInSelect(element)
        case .inSelectInTable: return endInSelectInTable(element)
        case .inTemplate: if element == .template { endTemplate() }
        case .afterBody:
            if element == .html { return true }
            mode = .inBody
            return false
        case .inFrameset, .afterFrameset: endInFrameset(element)
        }
        return true
    }

    // MARK: Elements

    /// The style around what is inserted next (WHATWG HTML section 13.2.6.1).
    var insertionStyle: TextStyle {
        guard let top = open.last else { return TextStyle() }
        return movesNext ? styleAroundTable(under: open.count) : open[top.identity].inner
    }

    /// True when what is inserted next is moved out of a table.
    private var movesNext: Bool {
        guard isMovingOut, let top = open.last else { return false }
        return top.space == .html && top.element.isTablePart
    }

    /// The style around the innermost table below an index, into which its misplaced content is
    /// moved.
    private func styleAroundTable(under index: Int) -> TextStyle {
        for entry in open.entries[..<index].reversed() where entry.space == .html {
            if entry.element == .table { return open[entry.identity].outer }
            if entry.element == .template { return open[entry.identity].inner }
        }
        return open.entries.first.map { open[$0.identity].inner } ?? TextStyle()
    }

    /// Inserts the element of a start tag as the current node.
    @discardableResult
    mutating func insert(
        _ tag: HTMLTag, space: HTMLElementStack.Space = .html, holdsHTML: Bool = false
    ) -> HTMLElementStack.Identity {
        makeRoom()
        var node = node(of: tag, isHTML: space == .html)
        node.isMovedOut = movesNext
        node.contentStart = tokenizer.position
        return open.push(
            tag.element, space: space, holdsHTML: holdsHTML, nameHash: tag.nameHash, node: node)
    }

    /// Inserts an element whose start tag is implied.
    mutating func insertImplied(_ element: HTMLElement) {
        insert(HTMLTag(element: element, nameHash: 0))
    }

    /// Inserts an element without content.
    mutating func insertVoid(_ tag: HTMLTag) { _ = node(of: tag, isHTML: true) }

    /// Inserts an element whose content is no markup; it is open only when its text is shown.
    mutating func insertRaw(_ tag: HTMLTag) {
        rawElement = tag.element
        if tag.element == .style { collector?.begin(tag) }
        switch tag.element {
        case .textarea, .xmp: insert(tag)
        case .plaintext:
            insert(tag)
            tokenizer.readRestAsText()
        default: insertVoid(tag)
        }
    }

    /// Inserts a formatting element that goes on.
    ///
    /// - Returns: Nil at the depth limit, where it would end the block that it goes on in.
    mutating func insertAgain(
        _ element: HTMLElement, _ declared: HTMLElementStyle
    ) -> HTMLElementStack.Identity? {
        guard open.count < HTMLTreeBuilder.maximumDepth else {
            output.defects.insert(.limitDepth)
            return nil
        }
        var node = output.open(declared, in: insertionStyle)
        node.isMovedOut = movesNext
        return open.push(element, nameHash: 0, node: node)
    }

    private mutating func node(of tag: HTMLTag, isHTML: Bool) -> HTMLNode {
        guard collector == nil else {
            if tag.element == .style { collector?.begin(tag) }
            return output.open(HTMLElementStyle(tag.element), in: TextStyle())
        }
        var declared = output.declared(by: tag, in: insertionStyle, isHTML: isHTML)
        if !isHTML, open.last?.space == .svg, tag.element.isUndrawn { declared.isRemoved = true }
        let node = output.open(
            declared, in: insertionStyle, tag: isHTML || tag.element == .a ? tag : nil)
        if node.isBlock { endFirstLine() }
        return node
    }

    /// Ends the effect of `text-indent` in the block that a new block begins in: it moves the first
    /// line only.
    private mutating func endFirstLine() {
        for entry in open.entries.reversed() {
            guard open[entry.identity].inner.lineX != 0 else { return }
            open[entry.identity].inner.lineX = 0
            if open[entry.identity].isBlock { return }
        }
    }

    /// At the depth limit, closes the innermost element, so that the next becomes its sibling as in
    /// browsers.
    private mutating func makeRoom() {
        guard open.count >= HTMLTreeBuilder.maximumDepth, let top = open.last else { return }
        output.defects.insert(.limitDepth)
        pop()
        guard top.space == .html else { return }
        switch top.element {
        case .td, .th, .caption:
            formatting.clearToMark()
            resetMode()
        case .template:
            formatting.clearToMark()
            if templateModes.count > 1 { templateModes.removeLast() }
            resetMode()
        case .applet, .marquee, .object: formatting.clearToMark()
        case .table, .tbody, .thead, .tfoot, .tr, .colgroup, .select: resetMode()
        default: break
        }
    }

    /// Ends the current node.
    mutating func pop() {
        guard open.count > 0 else { return }
        remove(at: open.count - 1)
    }

    /// Takes the element at an index off the stack.
    mutating func remove(at index: Int) {
        output.close(open.remove(at: index).node)
    }

    /// Ends all elements from an index on.
    mutating func pop(to index: Int) {
        while open.count > index { pop() }
    }

    /// Computes the style of an open element again, after those around it have changed.
    ///
    /// - Returns: True when that shows or hides its text.
    mutating func updateStyle(at index: Int) -> Bool {
        let identity = open.entries[index].identity
        var node = open[identity]
        let wasHidden = node.inner.hidesText
        if node.isMovedOut {
            node.outer = styleAroundTable(under: index)
        } else if index > 0 {
            node.outer = open[open.entries[index - 1].identity].inner
        }
        node.inner = node.declared.inner(in: node.outer)
        node.isBlock = node.declared.isBlock(node.inner)
        open[identity] = node
        return wasHidden != node.inner.hidesText
    }

    /// Lets another element be the one that was moved out of a table.
    mutating func handOverMove(
        from old: HTMLElementStack.Identity, to new: HTMLElementStack.Identity
    ) {
        guard open[old].isMovedOut else { return }
        open[old].isMovedOut = false
        open[new].isMovedOut = true
    }

    /// Adds declarations to those of an open element.
    mutating func merge(_ declared: HTMLElementStyle, at index: Int) {
        let identity = open.entries[index].identity
        var node = open[identity]
        node.declared.merge(declared)
        open[identity] = node
    }

    /// Moves an open element up the stack.
    mutating func move(from index: Int, to end: Int) { open.move(from: index, to: end) }
}
