import ASCIIText

/// Begin and end of the elements that the tree builder inserts.
extension HTMLText {
    /// U+202E and U+202C, the characters for what `unicode-bidi: bidi-override` does.
    private static let override: [UInt8] = [0xE2, 0x80, 0xAE]
    private static let popOverride: [UInt8] = [0xE2, 0x80, 0xAC]
    /// U+2067 and U+2069, the characters around those for what `bdo` does.
    private static let isolate: [UInt8] = [0xE2, 0x81, 0xA7]
    private static let popIsolate: [UInt8] = [0xE2, 0x81, 0xA9]

    /// What a start tag declares about the look of the element.
    ///
    /// - Parameters:
    ///   - tag: The start tag.
    ///   - outer: The style of the element it is inserted in.
    ///   - isHTML: False in drawings and formulas.
    ///   - isUndrawn: True when nothing that the element holds is shown, because of where it is.
    /// - Returns: What is declared, whatever is around the element.
    mutating func declared(
        by tag: HTMLTag, in outer: SharedStyle, isHTML: Bool = true, isUndrawn: Bool = false
    ) -> HTMLElementStyle {
        // Most tags of mail that means to cost much have nothing but a name.
        let isPlain =
            isHTML && !isUndrawn && tag.present & HTMLTag.Attribute.styling == 0
            && !sheet.testsOtherAttributes(of: tag)
        if isPlain {
            let nameHash = sheet.isEmpty ? 0 : tag.nameHash
            if let known = elementStyles.plain(tag.element, nameHash, in: outer) { return known }
            let declared = read(tag, in: outer.value, isHTML: true)
            declared.variables = outer.value.variables
            elementStyles.keep(plain: declared, nameHash, in: outer)
            return declared
        }
        var key = HTMLElementStyleCache.Key(
            element: tag.element, isHTML: isHTML, isUndrawn: isUndrawn,
            attributes: tag.present & HTMLTag.Attribute.styling)
        key.variables = outer.value.variables.map(ObjectIdentifier.init)
        if sheet.isEmpty {
            key.attributes &= ~(HTMLTag.Attribute.classes.bit | HTMLTag.Attribute.identifier.bit)
        } else {
            key.nameHash = tag.nameHash
            key.scopes = outer.value.scopes
            key.openedScopes = outer.value.openedScopes
            if sheet.testsOtherAttributes(of: tag) { key.sourceLength = tag.attributes.count }
        }
        if let known = elementStyles.find(tag, &key, in: bytes) { return known }
        declarationsRead += 1
        let declared = read(tag, in: outer.value, isHTML: isHTML)
        if isUndrawn { declared.isRemoved = true }
        declared.variables = outer.value.variables
        elementStyles.keep(declared, of: tag, key)
        return declared
    }

    private mutating func read(
        _ tag: HTMLTag, in outer: TextStyle, isHTML: Bool
    ) -> HTMLElementStyle {
        let declared = HTMLElementStyle(tag.element, isQuirks: isQuirks)
        declared.isHTML = isHTML
        // Most tags have no style.
        if let declarations = tag.style {
            if let known = styleAttributes.find(declarations, in: bytes) {
                declared.change = known
            } else {
                declared.change = StyleChange(decoded(declarations), isQuirks: isQuirks)
                styleAttributes.keep(declared.change, of: declarations, in: bytes)
            }
            declared.isStyled = true
        }
        if !sheet.isEmpty || declared.change.isDeferred {
            declared.change = sheet.change(
                for: tag, bytes: bytes, in: outer, attribute: declared.change)
            declared.isStyled = true
        }
        declared.change.compact()
        if isHTML { readAttributes(of: tag, into: declared) }
        return declared
    }

    /// Reads the attributes that had looks before there were styles.
    private func readAttributes(of tag: HTMLTag, into declared: HTMLElementStyle) {
        let element = tag.element
        func color(_ attribute: HTMLTag.Attribute) -> RGB? {
            tag[attribute].flatMap { CSSColor.legacy(decoded($0)) }
        }
        declared.foreground = color(.color)
        declared.linkColor = color(.linkColor)
        declared.background = color(.backgroundColor)
        declared.hasBackgroundImage = tag[.backgroundImage].map { !$0.isEmpty } ?? false
        declared.traits.isLink = element == .a && tag.href != nil
        declared.traits.isOpen = tag[.open] != nil
        if let hidden = tag[.hidden] {
            declared.traits.isHidden = true
            declared.traits.isUntilFound = bytes[hidden].equalsIgnoringCase("until-found")
        }
        if let direction = tag[.direction].map({ bytes[$0] }) {
            if direction.equalsIgnoringCase("rtl") { declared.isRightToLeft = true }
            if direction.equalsIgnoringCase("ltr") { declared.isRightToLeft = false }
        }
        if let align = tag[.align].map({ bytes[$0] }), element.isBlock, element != .table {
            if align.equalsIgnoringCase("left") { declared.alignment = 1 }
            if align.equalsIgnoringCase("right") { declared.alignment = 0 }
            if align.equalsIgnoringCase("center") { declared.alignment = 0.5 }
        }
    }

    /// Begins an element, or shows one without content.
    ///
    /// - Parameters:
    ///   - declared: What the element declares.
    ///   - outer: The style of the element it is inserted in.
    ///   - tag: Its start tag; nil for an element that is implied or goes on.
    /// - Returns: How the element looks.
    mutating func open(
        _ declared: HTMLElementStyle, in outer: SharedStyle, tag: HTMLTag? = nil
    ) -> HTMLElementLook {
        let look = looks.look(of: declared, in: outer)
        if look.isBlock { pendingBreak = true }
        if look.isCell { pendingSpace = true }
        if look.endsHiddenWord { result.hiddenText.endWord() }
        if let tag { mark(tag, outer: outer, inner: look.inner) }
        if look.isReversed {
            let isIsolated = declared.element == .bdo
            appendText((isIsolated ? HTMLText.isolate + HTMLText.override : HTMLText.override)[...])
        }
        return look
    }

    /// Ends an element.
    mutating func close(_ node: borrowing HTMLNode) {
        if node.isReversed {
            result.bytes += HTMLText.popOverride
            if node.look.declared.element == .bdo { result.bytes += HTMLText.popIsolate }
        }
        if node.look.isBlock { pendingBreak = true }
        if node.look.endsHiddenWord { result.hiddenText.endWord() }
        if node.look.declared.element.isCell { pendingSpace = true }
    }

    /// An attribute's value with its references decoded, if it has any.
    @inline(__always)
    private func decoded(_ range: Range<Int>) -> ArraySlice<UInt8> {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return bytes[range] }
        return value(range, limit: range.count)[...]
    }
}
