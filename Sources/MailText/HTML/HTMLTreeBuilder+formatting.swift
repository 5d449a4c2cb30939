/// Formatting elements that go on where they were not ended (WHATWG HTML sections 13.2.4.3 and
/// 13.2.6.4.7, the adoption agency).
extension HTMLTreeBuilder {
    /// Rounds of the adoption agency for one end tag.
    private static let maximumRounds = 8
    /// Formatting elements between the two that change places, of which more are ended.
    private static let maximumBetween = 3
    /// Formatting elements that a document of any length may open, again or for the first time, and
    /// the bytes that allow one more: hostile tags would open dozens for each block.
    ///
    /// Of 32,727 real messages none opens a fifth of what it may.
    static let leastFormatting = 2_048
    static let bytesForEachFormatting = 24

    /// Inserts a formatting element, which goes on until it is ended.
    ///
    /// Where too many were opened, one without attributes that matter is left out.
    mutating func insertFormatting(_ tag: HTMLTag) {
        if tag.present & HTMLTag.Attribute.styling == 0, !mayOpenFormatting() { return }
        reconstructFormatting()
        let identity = insert(tag)
        let isComplete = formatting.add(
            .init(
                element: tag.element, identity: identity, source: tag.source,
                declared: open[identity].declared),
            of: output.bytes)
        if !isComplete { reportDepth() }
    }

    /// Opens the formatting elements again that another end tag closed.
    mutating func reconstructFormatting() {
        var index = formatting.entries.count - 1
        guard index >= 0, !formatting.entries[index].isMark,
            !open.isOpen(formatting.entries[index].identity)
        else { return }
        while index > 0, !formatting.entries[index - 1].isMark,
            !open.isOpen(formatting.entries[index - 1].identity)
        {
            index -= 1
        }
        while index < formatting.entries.count {
            let entry = formatting.entries[index]
            guard let declared = entry.declared, mayOpenFormatting(),
                let identity = insertAgain(entry.element, declared)
            else { return }
            formatting.reopen(at: index, as: identity)
            index += 1
        }
    }

    /// Counts a formatting element that is opened; false when there were too many, and text looks
    /// as if they were ended.
    private mutating func mayOpenFormatting() -> Bool {
        guard remainingFormatting > 0 else {
            reportDepth()
            return false
        }
        remainingFormatting -= 1
        return true
    }

    /// Reads the end tag of a formatting element: blocks that are open in it stay open, and it goes
    /// on in them only for what they held before.
    ///
    /// - Returns: True when the element changed places with a block.
    @discardableResult
    mutating func adopt(_ subject: HTMLElement) -> Bool {
        if let top = open.last, top.isHTML(subject), formatting.index(of: top.identity) == nil {
            pop()
            return false
        }
        for round in 0..<HTMLTreeBuilder.maximumRounds {
            guard let listed = formatting.index(of: subject) else {
                if round == 0 { endOther(subject, 0) }
                return round > 0
            }
            let identity = formatting.entries[listed].identity
            guard open.isOpen(identity) else {
                formatting.remove(at: listed)
                return round > 0
            }
            guard let index = open.indexInScope(of: identity) else { return round > 0 }
            guard
                let block = open.entries.indices[(index + 1)...].first(where: {
                    open.entries[$0].isSpecial
                })
            else {
                pop(to: index)
                formatting.remove(at: listed)
                return round > 0
            }
            exchange(index, with: block, listed: identity)
        }
        return true
    }

    /// Moves a formatting element into a block that is open in it.
    private mutating func exchange(
        _ index: Int, with block: Int, listed identity: HTMLElementStack.Identity
    ) {
        var block = block
        // The element that follows in the list of formatting elements.
        var successor: HTMLElementStack.Identity?
        var between = 0
        var position = block - 1
        while position > index {
            between += 1
            let inner = open.entries[position].identity
            var listed = formatting.index(of: inner)
            if between > HTMLTreeBuilder.maximumBetween, let old = listed {
                formatting.remove(at: old)
                listed = nil
            }
            if listed == nil {
                remove(at: position)
                block -= 1
            } else if successor == nil {
                successor = inner
            }
            position -= 1
        }
        if let old = formatting.index(of: identity), let next = successor,
            let end = formatting.index(of: next)
        {
            formatting.move(from: old, before: end + 1)
        }
        exchangeNodes(index, block)
    }

    /// Moves an element up the stack, to behind the block that it changes places with.
    private mutating func exchangeNodes(_ index: Int, _ block: Int) {
        // What is moved out of a table is now the first of the elements that moved.
        let first = open.entries[index + 1].identity
        move(from: index, to: block)
        guard index > 0, !isCollecting else { return }
        handOverMove(from: open.entries[block].identity, to: first)
        var isShown = false
        for position in index..<open.count {
            let hasChanged = updateStyle(at: position)
            if position == block - 1 {
                isShown = hasChanged && !open[open.entries[position].identity].inner.hidesText
            }
            if position > block, !hasChanged { break }
        }
        if isShown {
            readAgain(
                open[open.entries[block - 1].identity], in: open[open.entries[block].identity].inner
            )
        }
    }
}
