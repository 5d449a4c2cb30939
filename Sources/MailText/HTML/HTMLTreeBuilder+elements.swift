/// Insertion and end of elements (WHATWG HTML section 13.2.6.1).
extension HTMLTreeBuilder {
    /// The style around what is inserted next (WHATWG HTML section 13.2.6.1).
    var insertionStyle: SharedStyle {
        guard let top = open.last else { return SharedStyle() }
        return movesNext ? styleAroundTable(under: open.count) : open[top.identity].inner
    }

    /// True when what is inserted next is moved out of a table.
    private var movesNext: Bool {
        guard isMovingOut, let top = open.last else { return false }
        return top.space == .html && top.element.isTablePart
    }

    /// The style around the innermost table below an index, into which its misplaced content is
    /// moved.
    private func styleAroundTable(under index: Int) -> SharedStyle {
        for entry in open.entries[..<index].reversed() where entry.space == .html {
            if entry.element == .table { return open[entry.identity].outer }
            if entry.element == .template { return open[entry.identity].inner }
        }
        return open.entries.first.map { open[$0.identity].inner } ?? SharedStyle()
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
            return output.open(HTMLElementStyle(tag.element), in: SharedStyle())
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
            open[entry.identity].inner = open[entry.identity].inner.withoutLineShift
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
