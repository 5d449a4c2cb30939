/// Insertion and end of elements (WHATWG HTML section 13.2.6.1).
///
/// Functions that change nothing are inlined, here and in other parts of the builder: a call from
/// one that changes something would copy the whole builder.
extension HTMLTreeBuilder {
    /// The style around what is inserted next (WHATWG HTML section 13.2.6.1).
    @inline(__always)
    var insertionStyle: SharedStyle {
        guard let top = open.last else { return SharedStyle() }
        return movesNext ? open.styleAroundTable(under: open.count) : open[top.identity].look.inner
    }

    /// True when what is inserted next is moved out of a table.
    @inline(__always)
    private var movesNext: Bool {
        guard isMovingOut, let top = open.last else { return false }
        return top.space == .html && top.element.isTablePart
    }

    /// Inserts the element of a start tag as the current node.
    @discardableResult
    mutating func insert(
        _ tag: HTMLTag, space: HTMLElementStack.Space = .html, holdsHTML: Bool = false
    ) -> HTMLElementStack.Identity {
        makeRoom()
        let look = look(of: tag, isHTML: space == .html)
        return open.push(
            tag.element, space: space, holdsHTML: holdsHTML, nameHash: tag.nameHash, look,
            textBefore: output.amount, isMovedOut: movesNext, contentStart: tokenizer.position)
    }

    /// Inserts an element whose start tag is implied.
    mutating func insertImplied(_ element: HTMLElement) {
        insert(HTMLTag(element: element, nameHash: 0))
    }

    /// Inserts an element without content.
    mutating func insertVoid(_ tag: HTMLTag) { _ = look(of: tag, isHTML: true) }

    /// Inserts an element whose content is no markup; it is open only when its text is shown.
    mutating func insertRaw(_ tag: HTMLTag) {
        rawElement = tag.element
        if isCollecting, tag.element == .style { collector?.begin(tag) }
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
            reportDepth()
            return nil
        }
        let look = isCollecting ? blankLook : output.open(declared, in: insertionStyle)
        return open.push(
            element, nameHash: 0, look, textBefore: output.amount, isMovedOut: movesNext)
    }

    private mutating func look(of tag: HTMLTag, isHTML: Bool) -> HTMLElementLook {
        guard !isCollecting else {
            if tag.element == .style { collector?.begin(tag) }
            return blankLook
        }
        let outer = insertionStyle
        let isUndrawn = !isHTML && open.last?.space == .svg && tag.element.isUndrawn
        let declared = output.declared(
            by: tag, in: outer, isHTML: isHTML, isUndrawn: isUndrawn)
        let look = output.open(
            declared, in: outer, tag: isHTML || tag.element == .a ? tag : nil)
        if output.looks.movesLines, look.isBlock { endFirstLine() }
        return look
    }

    /// Ends the effect of `text-indent` in the block that a new block begins in: it moves the first
    /// line only.
    private mutating func endFirstLine() {
        for entry in open.entries.reversed() {
            guard open[entry.identity].inner.lineX != 0 else { return }
            open[entry.identity].look = open[entry.identity].look.withoutLineShift
            if open[entry.identity].isBlock { return }
        }
    }

    /// At the depth limit, closes the innermost element, so that the next becomes its sibling as in
    /// browsers.
    private mutating func makeRoom() {
        guard open.count >= HTMLTreeBuilder.maximumDepth, let top = open.last else { return }
        reportDepth()
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
        output.close(open[open.entries[index].identity])
        open.remove(at: index)
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
        let wasHidden = open[identity].inner.hidesText
        var outer = open[identity].outer
        if open[identity].isMovedOut {
            outer = open.styleAroundTable(under: index)
        } else if index > 0 {
            outer = open[open.entries[index - 1].identity].inner
        }
        let look = output.looks.look(of: open[identity].declared, in: outer)
        open[identity].look = look
        return wasHidden != look.inner.hidesText
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
        let look = open[identity].look
        let merged = look.declared.merged(with: declared)
        open[identity].look = HTMLElementLook(merged, in: look.outer, look.inner)
    }

    /// Moves an open element up the stack.
    mutating func move(from index: Int, to end: Int) { open.move(from: index, to: end) }
}
