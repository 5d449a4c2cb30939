import ASCIIText

/// Begin and end of the elements that the tree builder inserts.
extension HTMLText {
    /// U+202E and U+202C, the characters for what `bdo` does in HTML.
    private static let override: [UInt8] = [0xE2, 0x80, 0xAE]
    private static let popOverride: [UInt8] = [0xE2, 0x80, 0xAC]

    /// What a start tag declares about the look of the element.
    func declared(by tag: HTMLTag, isHTML: Bool = true) -> HTMLElementStyle {
        let element = tag.element
        var declared = HTMLElementStyle(element)
        declared.isHTML = isHTML
        // Most tags have no style.
        if !sheet.isEmpty || tag.style != nil {
            declared.change = change(of: tag)
            declared.isStyled = true
        }
        guard isHTML else { return declared }
        declared.foreground = tag.color.flatMap { CSSColor.legacy(decoded($0)) }
        declared.background = tag.backgroundColor.flatMap { CSSColor.legacy(decoded($0)) }
        declared.hasBackgroundImage = tag.backgroundImage.map { !$0.isEmpty } ?? false
        declared.isLink = element == .a && tag.href != nil
        declared.isRightToLeft = tag.isRightToLeft
        declared.isRemoved =
            element.isInvisible || tag.isHidden && declared.change.display == nil
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
        _ declared: HTMLElementStyle, in outer: TextStyle, tag: HTMLTag? = nil
    ) -> HTMLNode {
        let inner = declared.inner(in: outer)
        let isBlock = declared.isBlock && !inner.isRemoved
        if isBlock { pendingBreak = true }
        if declared.isCell { pendingSpace = true }
        style = outer
        if let tag { mark(tag, style: inner) }
        let isReversed =
            inner.isRightToLeft && !inner.hidesText
            && (declared.element == .bdo || declared.change.isOverridden == true)
            && !declared.element.isVoid
        if isReversed { appendText(HTMLText.override[...]) }
        return HTMLNode(
            outer: outer, inner: inner, declared: declared, isBlock: isBlock,
            isReversed: isReversed, textBefore: amount)
    }

    /// Ends an element.
    mutating func close(_ node: HTMLNode) {
        if node.isReversed { result.bytes += HTMLText.popOverride }
        if node.isBlock { pendingBreak = true }
        if node.declared.element.isCell { pendingSpace = true }
    }

    /// The declarations that hold for an element, from the style sheets and its `style`.
    private func change(of tag: HTMLTag) -> StyleDeclarations {
        var change = sheet.change(for: tag, bytes: bytes)
        if let declarations = tag.style { change.merge(StyleChange(decoded(declarations))) }
        return change.effective
    }

    /// An attribute's value with its references decoded, if it has any.
    private func decoded(_ range: Range<Int>) -> ArraySlice<UInt8> {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return bytes[range] }
        return value(range, limit: range.count)[...]
    }
}
