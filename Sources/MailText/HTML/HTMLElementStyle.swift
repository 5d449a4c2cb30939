/// What an element declares about the look of its content, whatever is around it.
///
/// It is shared by all elements alike, and does not change once it is in use.
final class HTMLElementStyle {
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
    /// The custom properties around the element, which ``change`` may depend on.
    var variables: StyleVariables?

    /// Distinguishes it from most others of its document; 0 for one that is not in its cache.
    var number = 0
    /// What it was read from, see ``HTMLElementStyleCache``.
    var key = HTMLElementStyleCache.Key(
        element: .other, isHTML: true, isUndrawn: false, attributes: 0)
    var values: [Range<Int>] = []
    var source = 0..<0

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

    /// The declarations together with those of another start tag of the same element; the first
    /// ones win.
    func merged(with later: HTMLElementStyle) -> HTMLElementStyle {
        let result = HTMLElementStyle(element)
        result.traits = traits
        result.change = isStyled ? change : later.change
        result.isStyled = isStyled || later.isStyled
        result.foreground = foreground ?? later.foreground
        result.linkColor = linkColor ?? later.linkColor
        result.background = background ?? later.background
        result.hasBackgroundImage = hasBackgroundImage || later.hasBackgroundImage
        result.isRightToLeft = isRightToLeft ?? later.isRightToLeft
        result.alignment = alignment ?? later.alignment
        result.isRemoved = isRemoved || later.isRemoved
        result.isHTML = isHTML
        if !traits.isHidden {
            result.traits.isHidden = later.traits.isHidden
            result.traits.isUntilFound = later.traits.isUntilFound
        }
        return result
    }

    /// The style of the text in the element.
    func inner(in outer: TextStyle) -> TextStyle {
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
        return inner
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
