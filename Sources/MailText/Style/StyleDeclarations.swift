import ASCIIText

/// The properties that decide whether and where text can be seen; nil where none was declared.
struct StyleDeclarations {
    /// The kinds of `display` that matter here.
    enum Display {
        case none, block, inline, cell, inlineBlock
    }
    /// The background of the text.
    enum Background {
        case color(CSSColor)
        /// An image, or a colour that this module can't compute.
        case unknown
    }
    /// A font size, absolute or relative.
    enum FontSize {
        case pixels(Double)
        /// A multiple of the parent's size.
        case factor(Double)
    }

    private(set) var display: Display?
    private(set) var isFloating: Bool?
    private(set) var isOpaque: Bool?
    private(set) var isInvisible: Bool?
    private(set) var fontSize: FontSize?
    private(set) var isPreformatted: Bool?
    private(set) var foreground: CSSColor?
    private(set) var background: Background?
    /// `unicode-bidi: bidi-override`: letters run in the direction of the element, whatever their
    /// script.
    private(set) var isOverridden: Bool?
    private(set) var isRightToLeft: Bool?
    private(set) var box = BoxDeclarations()

    /// Bound on the words of a shorthand that are read.
    private static let maximumWords = 6

    /// No declarations.
    init() {}

    /// Lets later declarations override these.
    mutating func merge(_ later: StyleDeclarations) {
        display = later.display ?? display
        isFloating = later.isFloating ?? isFloating
        isOpaque = later.isOpaque ?? isOpaque
        isInvisible = later.isInvisible ?? isInvisible
        fontSize = later.fontSize ?? fontSize
        isPreformatted = later.isPreformatted ?? isPreformatted
        foreground = later.foreground ?? foreground
        background = later.background ?? background
        isOverridden = later.isOverridden ?? isOverridden
        isRightToLeft = later.isRightToLeft ?? isRightToLeft
        box.merge(later.box)
    }

    /// Reads one declaration; properties that don't matter here are ignored.
    mutating func read(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        // The length rules out most properties before any name is compared.
        switch name.count {
        case 4 where name.equalsIgnoringCase("font"): readFont(value)
        case 5 where name.equalsIgnoringCase("color"): foreground = CSSColor(value) ?? foreground
        case 5 where name.equalsIgnoringCase("float"):
            isFloating = value.equalsIgnoringCase("left") || value.equalsIgnoringCase("right")
        case 7 where name.equalsIgnoringCase("display"):
            display = StyleDeclarations.display(value) ?? display
        case 7 where name.equalsIgnoringCase("opacity"):
            if let number = CSSValue.number(value) {
                isOpaque =
                    number.value
                    > (number.unit == "%"
                        ? 100 * Visibility.hiddenOpacity : Visibility.hiddenOpacity)
            }
        case 9 where name.equalsIgnoringCase("direction"):
            isRightToLeft = value.equalsIgnoringCase("rtl")
        case 9 where name.equalsIgnoringCase("font-size"): readFontSize(value)
        case 10 where name.equalsIgnoringCase("visibility"):
            isInvisible =
                value.equalsIgnoringCase("hidden") || value.equalsIgnoringCase("collapse")
        case 10 where name.equalsIgnoringCase("background"): readBackground(value)
        case 11 where name.equalsIgnoringCase("white-space"):
            isPreformatted = value.startsIgnoringCase("pre")
        case 12 where name.equalsIgnoringCase("unicode-bidi"):
            isOverridden =
                value.equalsIgnoringCase("bidi-override")
                || value.equalsIgnoringCase("isolate-override")
        case 16 where name.equalsIgnoringCase("background-color"): readBackground(value)
        case 16 where name.equalsIgnoringCase("background-image"):
            if CSSValue.mentionsImage(value) { background = .unknown }
        default: box.read(name, value)
        }
    }

    private static func display(_ value: ArraySlice<UInt8>) -> Display? {
        let blocks: [StaticString] = [
            "block", "flex", "grid", "list-item", "table", "table-row", "flow-root",
            "table-caption",
        ]
        if value.equalsIgnoringCase("none") { return Display.none }
        if value.equalsIgnoringCase("inline") || value.equalsIgnoringCase("contents") {
            return .inline
        }
        if value.equalsIgnoringCase("table-cell") { return .cell }
        if value.startsIgnoringCase("inline-") { return .inlineBlock }
        return blocks.contains(where: value.equalsIgnoringCase) ? .block : nil
    }

    private mutating func readFontSize(_ value: ArraySlice<UInt8>) {
        guard let number = CSSValue.number(value) else {
            // All words, such as `small`, are readable sizes.
            if value.first.map(ASCII.isLetter) ?? false {
                fontSize = .pixels(CSSValue.defaultFontSize)
            }
            return
        }
        switch number.unit {
        case "%": fontSize = .factor(number.value / 100)
        case "em": fontSize = .factor(number.value)
        default: fontSize = CSSValue.pixels(value).map(FontSize.pixels) ?? fontSize
        }
    }

    /// Reads the shorthand `font`: the size is the first word with a number and a unit, up to a
    /// `/`.
    private mutating func readFont(_ value: ArraySlice<UInt8>) {
        for word in value.split(separator: ASCII.space).prefix(StyleDeclarations.maximumWords) {
            let size = word.prefix { $0 != UInt8(ascii: "/") }
            guard let number = CSSValue.number(size), number.unit != "" || number.value == 0 else {
                continue
            }
            return readFontSize(size)
        }
    }

    private mutating func readBackground(_ value: ArraySlice<UInt8>) {
        if CSSValue.mentionsImage(value) {
            background = .unknown
        } else if let color = CSSColor(value) ?? StyleDeclarations.firstColor(value) {
            background = .color(color)
        } else if value.contains(UInt8(ascii: "(")) {
            // A function that this module doesn't know may give any colour.
            background = .unknown
        }
    }

    /// The first word of a shorthand that is a colour.
    private static func firstColor(_ value: ArraySlice<UInt8>) -> CSSColor? {
        value.split(separator: ASCII.space).prefix(maximumWords).lazy.compactMap { CSSColor($0) }
            .first
    }
}
