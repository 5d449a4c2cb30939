/// The part of an element's computed style that decides whether its text can be seen.
struct TextStyle {
    /// Hidden so that no child can undo it: `display: none`, zero opacity, a container without
    /// size.
    var isRemoved = false
    /// `visibility: hidden`, which a child may undo.
    var isInvisible = false
    /// In pixels.
    var fontSize = CSSValue.defaultFontSize
    var isPreformatted = false
    var isRightToLeft = false
    var foreground = RGB.black
    /// True when the text has a colour that lets the background through.
    var isTransparent = false
    /// Nil when it is unknown, as with an image.
    var background: RGB? = .white

    /// True when text of this style can't be seen.
    var hidesText: Bool {
        if isRemoved || isInvisible || isTransparent || fontSize <= Visibility.hiddenFontSize {
            return true
        }
        guard let background else { return false }
        return foreground.distance(to: background) <= Visibility.hiddenContrast
    }

    /// Applies the declarations that hold for an element.
    ///
    /// - Parameters:
    ///   - change: The declarations that win.
    ///   - isBox: Whether the element is one that sizes and indents apply to.
    mutating func apply(_ change: StyleDeclarations, isBox: Bool) {
        if change.display == StyleDeclarations.Display.none || change.isOpaque == false
            || change.box.hidesText(isBox: isBox)
        {
            isRemoved = true
        }
        isInvisible = change.isInvisible ?? isInvisible
        isPreformatted = change.isPreformatted ?? isPreformatted
        isRightToLeft = change.isRightToLeft ?? isRightToLeft
        switch change.fontSize {
        case .pixels(let size): fontSize = size
        case .factor(let factor): fontSize *= factor
        case nil: break
        }
        switch change.background {
        case .color(let color):
            if color.alpha >= 1 {
                background = color.rgb
            } else {
                background = background.map { color.over($0) }
            }
        case .unknown: background = nil
        case nil: break
        }
        guard let color = change.foreground else { return }
        isTransparent = color.isInvisible
        foreground = background.map { color.over($0) } ?? color.rgb
    }
}
