/// Drawings and formulas in HTML, and HTML in them (WHATWG HTML section 13.2.6.5).
extension HTMLTreeBuilder {
    /// True when the current node is one of a drawing or formula.
    @inline(__always)
    var isInForeignContent: Bool {
        guard let top = open.last else { return false }
        return top.space != .html
    }

    /// True when a start tag is read by the rules of drawings and formulas.
    @inline(__always)
    func isForeign(_ tag: HTMLTag) -> Bool {
        guard let top = open.last, top.space != .html, !top.holdsHTML else { return false }
        if top.isMathText { return tag.element == .mglyph || tag.element == .malignmark }
        return !(top.element == .`annotation-xml` && top.space == .math && tag.element == .svg)
    }

    /// Reads a start tag inside a drawing or formula.
    ///
    /// - Returns: False when the tag ends it, and is to be read as HTML.
    mutating func startForeign(_ tag: HTMLTag) -> Bool {
        if tag.element.endsForeignContent || tag.isFontWithLook {
            leaveForeignContent()
            return false
        }
        insertForeign(tag, space: open.last?.space ?? .html)
        return true
    }

    /// Inserts an element of a drawing or formula.
    mutating func insertForeign(_ tag: HTMLTag, space: HTMLElementStack.Space) {
        let holdsHTML: Bool
        switch tag.element {
        case .foreignobject, .desc, .title: holdsHTML = space == .svg
        case .`annotation-xml`: holdsHTML = space == .math && tag.holdsHTML
        default: holdsHTML = false
        }
        insert(tag, space: space, holdsHTML: holdsHTML)
        if tag.isSelfClosing { pop() }
    }

    /// Ends what is open up to HTML, or to an element of a drawing or formula that holds HTML.
    private mutating func leaveForeignContent() {
        while let top = open.last, top.space != .html, !top.holdsHTML, !top.isMathText { pop() }
    }

    /// Reads an end tag inside a drawing or formula.
    ///
    /// - Returns: False when it is to be read as HTML.
    mutating func endForeign(_ element: HTMLElement, _ nameHash: UInt64) -> Bool {
        if element == .br || element == .p {
            leaveForeignContent()
            return false
        }
        var index = open.count - 1
        while index > 0, open.entries[index].space != .html {
            let entry = open.entries[index]
            if entry.element == element, entry.nameHash == nameHash {
                pop(to: index)
                return true
            }
            index -= 1
        }
        return false
    }
}
