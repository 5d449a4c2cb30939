/// A colour without transparency.
struct RGB: Equatable {
    var red: Int
    var green: Int
    var blue: Int

    static let black = RGB(red: 0, green: 0, blue: 0)
    static let white = RGB(red: 255, green: 255, blue: 255)
    static let link = RGB(red: 0, green: 0, blue: 238)

    init(red: Int, green: Int, blue: Int) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    init(packed: Int) {
        self.init(red: packed >> 16 & 255, green: packed >> 8 & 255, blue: packed & 255)
    }

    /// Sum of the differences of the three channels, 0 to 765.
    func distance(to other: RGB) -> Int {
        abs(red - other.red) + abs(green - other.green) + abs(blue - other.blue)
    }
}

/// The part of an element's computed style that decides whether its text can be seen.
struct TextStyle {
    /// Hidden in a way no child can undo: `display: none`, zero opacity, a container without size.
    var isRemoved = false
    /// `visibility: hidden`, which a child may undo.
    var isInvisible = false
    /// Pixels.
    var fontSize = 16.0
    var isPreformatted = false
    var isRightToLeft = false
    var foreground = RGB.black
    /// True for a colour that lets the background through.
    var isTransparent = false
    /// Nil when it can't be known, behind an image.
    var background: RGB? = .white

    /// Text within this distance of its background can't be read.
    private static let readableDistance = 24

    var hidesText: Bool {
        if isRemoved || isInvisible || isTransparent || fontSize <= 1 { return true }
        guard let background else { return false }
        return foreground.distance(to: background) <= TextStyle.readableDistance
    }

    /// Takes over what declarations say.
    ///
    /// - Parameter isBox: whether the element is one that sizes and indents apply to.
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
