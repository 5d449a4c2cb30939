/// The part of an element's computed style that decides whether its text can be seen.
struct TextStyle {
    /// Hidden so that no child can undo it: `display: none`, an empty clip.
    var isRemoved = false
    /// `visibility: hidden`, which a child may undo.
    var isInvisible = false
    /// In the closed part of a `details`.
    var isFolded = false
    /// In pixels.
    var fontSize = CSSValue.defaultFontSize
    var isPreformatted = false
    var isRightToLeft = false
    /// True when the letters run in the direction of the element, whatever their script.
    var isOverridden = false
    /// Nil when it is unknown.
    var foreground: CSSColor? = .black
    /// `-webkit-text-fill-color`, where it is not the colour of the text.
    var fill: StyleValue.Paint = .current
    /// Nil when it is unknown, as with an image.
    var background: RGB? = .white
    var opacity = 1.0
    /// True when letters have a shadow or an outline, whose colour is unknown.
    var isOutlined = false
    var breaksWords = false
    var textIndent = CSSLength(fixed: 0)
    /// The share of a shift to the left that moves the first line: 0 with text at the right side.
    var alignment = 1.0
    /// The display as declared, and as the surroundings change it.
    var display = StyleValue.Display.block
    var box = StyleValue.Display.block
    var isFloating = false
    /// The colour of the element's own background.
    var backgroundColor: CSSColor? = .transparent
    /// True when a box around the text clips all of it, and when one does that also clips
    /// positioned elements.
    var isClipped = false
    var isPositionedClipped = false
    /// How far the element is from its place in the flow, in pixels, and so the box that positions
    /// of absolute elements refer to.
    var x = 0.0
    var y = 0.0
    var containerX = 0.0
    var containerY = 0.0
    /// How far the first line is moved.
    var lineX = 0.0
    /// The colours that `body` sets for links, and for tables in quirks mode.
    var linkColor: CSSColor = .link
    var bodyColor: CSSColor? = .black
    /// The custom properties; nil without any.
    var variables: StyleVariables?
    /// The scopes of the style sheet that the element is in, and those that it opens.
    var scopes: UInt64 = 0
    var openedScopes: UInt64 = 0
    var element = HTMLElement.other

    static let initial = TextStyle()

    /// True when text of this style can't be seen.
    var hidesText: Bool {
        if isRemoved || isInvisible || isFolded || isClipped
            || fontSize <= Visibility.hiddenFontSize || opacity <= Visibility.hiddenOpacity
            || x + lineX <= Visibility.hiddenOffset || y <= Visibility.hiddenOffset
        {
            return true
        }
        if isOutlined { return false }
        let color: CSSColor?
        switch fill {
        case .current: color = foreground
        case .color(let fill): color = fill
        case .unknown: color = nil
        }
        guard let color else { return false }
        if color.isInvisible { return true }
        guard let background else { return false }
        return color.over(background).distance(to: background) <= Visibility.hiddenContrast
    }

    /// What the start tag and the document say of an element, apart from styles.
    struct Traits {
        var element = HTMLElement.div
        var isLink = false
        /// The attribute `hidden`.
        var isHidden = false
        /// `hidden=until-found`.
        var isUntilFound = false
        /// The attribute `open`.
        var isOpen = false
        var isQuirks = false

        /// The display of the element in the style sheet of browsers (WHATWG HTML section 15.3).
        var display: StyleValue.Display {
            isHidden && !isUntilFound ? StyleValue.Display.none : displayWithoutAttribute
        }

        /// The display when the attribute `hidden` is left out, as `revert` does in Chromium.
        var displayWithoutAttribute: StyleValue.Display {
            if element == .rp || element == .dialog && !isOpen { return StyleValue.Display.none }
            switch element {
            case .td, .th: return .cell
            case .table: return .table
            case .tbody, .thead, .tfoot, .tr: return .tablePart
            case .button, .select, .input, .textarea, .marquee: return .inlineBlock
            default: return element.isBlock ? .block : .inline
            }
        }
    }

    /// Begins an element: what is not inherited gets its value in the style sheet of browsers.
    mutating func enter(_ traits: Traits) {
        let parent = element
        element = traits.element
        display = traits.display
        isFloating = false
        isOverridden = false
        backgroundColor = .transparent
        openedScopes = 0
        if traits.isLink { foreground = linkColor }
        switch element {
        case .pre, .xmp, .listing, .plaintext: isPreformatted = true
        case .details: isFolded = isFolded || !traits.isOpen
        case .summary: if parent == .details { isFolded = false }
        case .center: alignment = 0.5
        case .table where traits.isQuirks:
            // Quirks Mode Standard section 3.6 and WHATWG HTML section 15.3.10.
            fontSize = CSSValue.defaultFontSize
            isPreformatted = false
            foreground = bodyColor
        default: break
        }
        if element == .table { alignment = 1 }
        if element.isInvisible { isRemoved = true }
    }
}
