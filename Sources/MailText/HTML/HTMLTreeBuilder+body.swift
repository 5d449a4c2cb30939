/// The body (WHATWG HTML section 13.2.6.4.7).
extension HTMLTreeBuilder {
    mutating func textInBody(_ range: Range<Int>, isBlank: Bool) {
        reconstructFormatting()
        show(range)
        if !isBlank { allowsFrames = false }
    }

    mutating func startInBody(_ tag: HTMLTag) {
        let element = tag.element
        switch element {
        case _ where element.isPlainBlock: insertBlock(tag)
        case _ where element.isHeading:
            closeParagraph()
            if let top = open.last, top.space == .html, top.element.isHeading { pop() }
            insert(tag)
        case .p: insertBlock(tag)
        case .pre, .listing:
            insertBlock(tag)
            allowsFrames = false
        case .form:
            guard form == nil || open.isOpen(.template) else { return }
            insertBlock(tag)
            if !open.isOpen(.template) { form = open.last?.identity }
        case .li: startItem(tag) { $0 == .li }
        case .dd, .dt: startItem(tag) { $0 == .dd || $0 == .dt }
        case .plaintext:
            closeParagraph()
            insertRaw(tag)
        case .button:
            if let index = open.index(of: .button) {
                closeImplied()
                pop(to: index)
            }
            insertInline(tag)
            allowsFrames = false
        case .applet, .marquee, .object:
            insertInline(tag)
            formatting.mark()
            allowsFrames = false
        case .table:
            if !isQuirky { closeParagraph() }
            insert(tag)
            allowsFrames = false
            mode = .inTable
        case .hr:
            closeParagraph()
            insertVoid(tag)
            allowsFrames = false
        case .xmp:
            closeParagraph()
            reconstructFormatting()
            insertRaw(tag)
            allowsFrames = false
        case .body:
            guard !open.isOpen(.template) else { return }
            allowsFrames = false
            merge(tag)
        case .frameset: replaceBody(tag)
        case .caption, .col, .colgroup, .frame, .head, .tbody, .td, .tfoot, .th, .thead, .tr: break
        default: startInline(tag)
        }
    }

    /// Reads the start tag of an element inside a line.
    private mutating func startInline(_ tag: HTMLTag) {
        switch tag.element {
        case .a:
            if let index = formatting.index(of: .a) {
                let old = formatting.entries[index].identity
                if !adopt(.a) {
                    if let index = formatting.index(of: old) { formatting.remove(at: index) }
                    if open.isOpen(old), let index = open.index(of: old) { remove(at: index) }
                }
            }
            insertFormatting(tag)
        case .nobr:
            reconstructFormatting()
            if open.index(of: .nobr) != nil { adopt(.nobr) }
            insertFormatting(tag)
        case _ where tag.element.isFormatting: insertFormatting(tag)
        case .area, .br, .embed, .img, .keygen, .wbr, .input:
            reconstructFormatting()
            insertVoid(tag)
            allowsFrames = false
        case .param, .source, .track: insertVoid(tag)
        case .textarea, .iframe:
            insertRaw(tag)
            allowsFrames = false
        case .noembed: insertRaw(tag)
        case .select:
            insertInline(tag)
            allowsFrames = false
            mode = mode.isInTable ? .inSelectInTable : .inSelect
        case .optgroup, .option:
            if open.last?.isHTML(.option) == true { pop() }
            insertInline(tag)
        case .rb, .rtc:
            if open.index(of: .ruby) != nil { closeImplied() }
            insert(tag)
        case .rp, .rt:
            if open.index(of: .ruby) != nil { closeImplied { $0 == .rtc } }
            insert(tag)
        case .math, .svg:
            reconstructFormatting()
            insertForeign(tag, space: tag.element == .math ? .math : .svg)
        case .noscript: insertInline(tag)
        default: if !startInHead(tag) { insertInline(tag) }
        }
    }

    private mutating func insertBlock(_ tag: HTMLTag) {
        closeParagraph()
        insert(tag)
    }

    private mutating func insertInline(_ tag: HTMLTag) {
        reconstructFormatting()
        insert(tag)
    }

    /// Reads the start tag of an item of a list, which ends the one before it.
    private mutating func startItem(_ tag: HTMLTag, ends: (HTMLElement) -> Bool) {
        allowsFrames = false
        var index = open.count - 1
        while index >= 0 {
            let entry = open.entries[index]
            if entry.space == .html {
                if ends(entry.element) {
                    pop(to: index)
                    break
                }
                if entry.element == .address || entry.element == .div || entry.element == .p {
                    index -= 1
                    continue
                }
            }
            if entry.isSpecial { break }
            index -= 1
        }
        insertBlock(tag)
    }

    /// Ends an open paragraph.
    mutating func closeParagraph() {
        if let index = open.index(of: .p, in: .button) { pop(to: index) }
    }

    /// Ends the current node as long as its end tag is implied (WHATWG HTML section 13.2.6.3).
    mutating func closeImplied(except isKept: (HTMLElement) -> Bool = { _ in false }) {
        while let top = open.last, top.space == .html, top.element.hasImpliedEnd,
            !isKept(top.element)
        {
            pop()
        }
    }

    /// Frames take the body's part, unless something was shown.
    private mutating func replaceBody(_ tag: HTMLTag) {
        guard allowsFrames, open.count > 1, open.entries[1].isHTML(.body) else { return }
        pop(to: 1)
        insert(tag)
        mode = .inFrameset
    }

    // MARK: End tags

    /// Reads an end tag; false when it is to be read again.
    mutating func endInBody(_ element: HTMLElement, _ nameHash: UInt64) -> Bool {
        switch element {
        case .body, .html:
            guard open.index(of: .body) != nil else { return true }
            mode = .afterBody
        case .p:
            if open.index(of: .p, in: .button) == nil { insertImplied(.p) }
            closeParagraph()
        case .br:
            reconstructFormatting()
            insertVoid(HTMLTag(element: .br, nameHash: 0))
            allowsFrames = false
        case .li:
            guard let index = open.index(of: .li, in: .list) else { return true }
            pop(to: index)
        case .form: endForm()
        case .applet, .marquee, .object:
            guard let index = open.index(of: element) else { return true }
            pop(to: index)
            formatting.clearToMark()
        case .dd, .dt, .pre, .listing, .button:
            if let index = open.index(of: element) { pop(to: index) }
        case .template: endTemplate()
        case _ where element.isHeading:
            if let index = open.indexOfHeading() { pop(to: index) }
        case _ where element.isPlainBlock:
            if let index = open.index(of: element) { pop(to: index) }
        case _ where element.isFormatting: adopt(element)
        default: endOther(element, nameHash)
        }
        return true
    }

    /// Ends a form; what is open in it stays in it.
    private mutating func endForm() {
        if open.isOpen(.template) {
            if let index = open.index(of: .form) { pop(to: index) }
            return
        }
        guard let ended = form else { return }
        form = nil
        guard open.isOpen(ended), let index = open.index(of: ended),
            open.index(of: .form) == index
        else { return }
        closeImplied()
        remove(at: index)
    }

    /// Ends the innermost element of the name, unless a special element is found first.
    mutating func endOther(_ element: HTMLElement, _ nameHash: UInt64) {
        if let index = open.index(before: element, nameHash: nameHash) { pop(to: index) }
    }
}
