/// What an element declares about the look of its content, whatever is around it.
struct HTMLElementStyle {
    /// What the start tag and the document say, apart from styles.
    var traits: TextStyle.Traits
    /// The declarations of the style sheets and of the attribute `style`.
    var change = StyleChange()
    /// True when ``change`` may hold declarations.
    var isStyled = false
    /// Colours by attribute.
    var foreground: RGB?
    var linkColor: RGB?
    var background: RGB?
    var hasBackgroundImage = false
    /// The attribute `dir`; nil without one.
    var isRightToLeft: Bool?
    /// The attribute `align`, as ``TextStyle/alignment`` has it; nil without one.
    var alignment: Double?
    /// True when nothing that the element holds is shown, because of where it is.
    var isRemoved = false
    /// True for an element of HTML, not of a drawing or formula.
    var isHTML = true

    init(_ element: HTMLElement, isQuirks: Bool = false) {
        traits = TextStyle.Traits(element: element, isQuirks: isQuirks)
    }

    var element: HTMLElement { traits.element }

    /// True when nothing is declared.
    var isEmpty: Bool {
        !isStyled && foreground == nil && linkColor == nil && background == nil
            && !hasBackgroundImage && isRightToLeft == nil && alignment == nil && !isRemoved
            && !traits.isHidden
    }

    /// Adds declarations that another start tag of the same element makes; the first ones win.
    mutating func merge(_ later: HTMLElementStyle) {
        if !isStyled { change = later.change }
        isStyled = isStyled || later.isStyled
        foreground = foreground ?? later.foreground
        linkColor = linkColor ?? later.linkColor
        background = background ?? later.background
        hasBackgroundImage = hasBackgroundImage || later.hasBackgroundImage
        isRightToLeft = isRightToLeft ?? later.isRightToLeft
        alignment = alignment ?? later.alignment
        isRemoved = isRemoved || later.isRemoved
        if !traits.isHidden {
            traits.isHidden = later.traits.isHidden
            traits.isUntilFound = later.traits.isUntilFound
        }
    }

    /// The style of the text in the element.
    func inner(in outer: SharedStyle) -> SharedStyle {
        let outer = outer.value
        var inner = outer
        let traits = shownTraits
        inner.enter(traits)
        if let foreground { inner.foreground = CSSColor(foreground) }
        if let linkColor { inner.linkColor = CSSColor(linkColor) }
        if let background {
            inner.background = background
            inner.backgroundColor = CSSColor(background)
        }
        if hasBackgroundImage { inner.background = nil }
        if let isRightToLeft { inner.isRightToLeft = isRightToLeft }
        if let alignment { inner.alignment = alignment }
        if isRemoved { inner.isRemoved = true }
        inner.apply(change, in: outer, traits)
        return SharedStyle(inner)
    }

    /// Elements of drawings and formulas have names of HTML now and then, but not their looks.
    private var shownTraits: TextStyle.Traits {
        guard !isHTML else { return traits }
        return TextStyle.Traits(element: .other, isQuirks: traits.isQuirks)
    }

    /// True when words end at the borders of the element, as long as no style says otherwise.
    var breaksWords: Bool { isHTML && (element.isBlock || element.isCell) }

    /// True for cells of tables and what is laid out like them: side by side.
    func isCell(_ inner: SharedStyle) -> Bool {
        element.isCell && isHTML || inner.display == .cell || inner.isFloating
    }

    /// True when the element begins and ends a line.
    func isBlock(_ inner: SharedStyle) -> Bool {
        !inner.isRemoved && !isCell(inner) && inner.display.breaksLines
    }
}
