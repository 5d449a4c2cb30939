import ASCIIText

/// Begin and end of the elements that the tree builder inserts.
extension HTMLText {
    /// U+202E and U+202C, the characters for what `bdo` does in HTML.
    private static let override: [UInt8] = [0xE2, 0x80, 0xAE]
    private static let popOverride: [UInt8] = [0xE2, 0x80, 0xAC]

    /// What a start tag declares about the look of the element.
    ///
    /// - Parameters:
    ///   - tag: The start tag.
    ///   - outer: The style of the element it is inserted in.
    ///   - isHTML: False in drawings and formulas.
    /// - Returns: What is declared, whatever is around the element.
    mutating func declared(
        by tag: HTMLTag, in outer: SharedStyle, isHTML: Bool = true
    ) -> HTMLElementStyle {
        let element = tag.element
        var declared = HTMLElementStyle(element, isQuirks: isQuirks)
        declared.isHTML = isHTML
        // Most tags have no style.
        if let declarations = tag.style {
            declared.change = StyleChange(decoded(declarations), isQuirks: isQuirks)
            declared.isStyled = true
        }
        if !sheet.isEmpty || declared.change.isDeferred {
            declared.change = sheet.change(
                for: tag, bytes: bytes, in: outer.value, attribute: declared.change)
            declared.isStyled = true
        }
        guard isHTML else { return declared }
        declared.foreground = tag.color.flatMap { CSSColor.legacy(decoded($0)) }
        declared.linkColor = tag.linkColor.flatMap { CSSColor.legacy(decoded($0)) }
        declared.background = tag.backgroundColor.flatMap { CSSColor.legacy(decoded($0)) }
        declared.hasBackgroundImage = tag.backgroundImage.map { !$0.isEmpty } ?? false
        declared.traits.isLink = element == .a && tag.href != nil
        declared.traits.isOpen = tag.open != nil
        if let hidden = tag.hidden {
            declared.traits.isHidden = true
            declared.traits.isUntilFound = bytes[hidden].equalsIgnoringCase("until-found")
        }
        if let direction = tag.direction.map({ bytes[$0] }) {
            if direction.equalsIgnoringCase("rtl") { declared.isRightToLeft = true }
            if direction.equalsIgnoringCase("ltr") { declared.isRightToLeft = false }
        }
        if let align = tag.align.map({ bytes[$0] }), element.isBlock, element != .table {
            if align.equalsIgnoringCase("left") { declared.alignment = 1 }
            if align.equalsIgnoringCase("right") { declared.alignment = 0 }
            if align.equalsIgnoringCase("center") { declared.alignment = 0.5 }
        }
        return declared
    }

    /// Begins an element, or shows one without content.
    ///
    /// - Parameters:
    ///   - declared: What the element declares.
    ///   - outer: The style of the element it is inserted in.
    ///   - tag: Its start tag; nil for an element that is implied or goes on.
    /// - Returns: What to keep while the element is open.
    mutating func open(
        _ declared: HTMLElementStyle, in outer: SharedStyle, tag: HTMLTag? = nil
    ) -> HTMLNode {
        let inner = declared.inner(in: outer)
        let isBlock = declared.isBlock(inner)
        if isBlock { pendingBreak = true }
        if declared.isCell(inner) { pendingSpace = true }
        if inner.hidesText, declared.breaksWords { result.hiddenText.endWord() }
        style = outer
        if let tag { mark(tag, style: inner) }
        let isReversed =
            inner.isRightToLeft && !inner.hidesText
            && (declared.element == .bdo || inner.isOverridden) && !declared.element.isVoid
        if isReversed { appendText(HTMLText.override[...]) }
        return HTMLNode(
            outer: outer, inner: inner, declared: declared, isBlock: isBlock,
            isReversed: isReversed, textBefore: amount)
    }

    /// Ends an element.
    mutating func close(_ node: HTMLNode) {
        if node.isReversed { result.bytes += HTMLText.popOverride }
        if node.isBlock { pendingBreak = true }
        if node.inner.hidesText, node.declared.breaksWords { result.hiddenText.endWord() }
        if node.declared.element.isCell { pendingSpace = true }
    }

    /// An attribute's value with its references decoded, if it has any.
    private func decoded(_ range: Range<Int>) -> ArraySlice<UInt8> {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return bytes[range] }
        return value(range, limit: range.count)[...]
    }
}
