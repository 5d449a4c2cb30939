/// What an element declares about the look of its content, whatever is around it.
struct HTMLElementStyle {
    let element: HTMLElement
    /// The declarations of the style sheets and of the attribute `style`.
    var change = StyleDeclarations()
    /// True when ``change`` may hold declarations.
    var isStyled = false
    /// The colour by attribute.
    var foreground: RGB?
    /// The background by attribute.
    var background: RGB?
    var hasBackgroundImage = false
    var isLink = false
    var isRightToLeft = false
    /// True when nothing that the element holds is shown.
    var isRemoved = false
    /// True for an element of HTML, not of a drawing or formula.
    var isHTML = true

    init(_ element: HTMLElement) { self.element = element }

    /// True when nothing is declared.
    var isEmpty: Bool {
        !isStyled && foreground == nil && background == nil && !hasBackgroundImage
            && !isRightToLeft && !isRemoved
    }

    /// Adds declarations that another start tag of the same element makes; the first ones win.
    mutating func merge(_ later: HTMLElementStyle) {
        if !isStyled { change = later.change }
        isStyled = isStyled || later.isStyled
        foreground = foreground ?? later.foreground
        background = background ?? later.background
        hasBackgroundImage = hasBackgroundImage || later.hasBackgroundImage
        isRightToLeft = isRightToLeft || later.isRightToLeft
        isRemoved = isRemoved || later.isRemoved
    }

    /// The style of the text in the element.
    func inner(in outer: TextStyle) -> TextStyle {
        var inner = outer
        if let foreground {
            inner.foreground = foreground
            inner.isTransparent = false
        }
        if isLink {
            inner.foreground = .link
            inner.isTransparent = false
        }
        if let background { inner.background = background }
        if hasBackgroundImage { inner.background = nil }
        if isRemoved { inner.isRemoved = true }
        if isHTML {
            switch element {
            case .pre, .xmp, .listing, .plaintext: inner.isPreformatted = true
            default: break
            }
        }
        if isRightToLeft { inner.isRightToLeft = true }
        if isStyled { inner.apply(change, isBox: isBox) }
        return inner
    }

    /// True for cells of tables and what is laid out like them: side by side.
    var isCell: Bool {
        element.isCell && isHTML || change.display == .cell || change.isFloating == true
    }

    /// True when the element begins and ends a line, unless it is hidden.
    var isBlock: Bool {
        !isCell && (change.display.map { $0 == .block } ?? (element.isBlock && isHTML))
    }

    /// True when sizes and indents apply to the element.
    private var isBox: Bool {
        change.isFloating == true
            || (change.display.map { $0 == .block || $0 == .inlineBlock }
                ?? (element.isBox && isHTML))
    }
}
