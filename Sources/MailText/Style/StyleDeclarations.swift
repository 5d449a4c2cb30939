import ASCIIText

/// The properties that decide whether and where text can be seen; nil where nothing is said.
struct StyleDeclarations {
    enum Display {
        case none, block, inline, cell, inlineBlock
    }
    enum Background {
        case color(CSSColor)
        /// A picture, or a colour that can't be read.
        case unknown
    }
    enum FontSize {
        case pixels(Double)
        /// Of the parent's.
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
    /// Whether its letters run in its direction whatever their script.
    private(set) var isOverridden: Bool?
    private(set) var isRightToLeft: Bool?
    private(set) var box = BoxDeclarations()

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

    /// The length of the name sorts out most properties before any is compared.
    mutating func read(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch name.count {
        case 4 where name.equalsIgnoringCase("font"): readFont(value)
        case 5 where name.equalsIgnoringCase("color"): foreground = CSSColor(value) ?? foreground
        case 5 where name.equalsIgnoringCase("float"):
            isFloating = value.equalsIgnoringCase("left") || value.equalsIgnoringCase("right")
        case 7 where name.equalsIgnoringCase("display"):
            display = StyleDeclarations.display(value) ?? display
        case 7 where name.equalsIgnoringCase("opacity"):
            if let number = CSSValue.number(value) {
                isOpaque = number.value > (number.unit == "%" ? 2 : 0.02)
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
            // A word, such as `small`: readable.
            if value.first.map(ASCII.isLetter) ?? false { fontSize = .pixels(16) }
            return
        }
        switch number.unit {
        case "%": fontSize = .factor(number.value / 100)
        case "em": fontSize = .factor(number.value)
        default: fontSize = CSSValue.pixels(value).map(FontSize.pixels) ?? fontSize
        }
    }

    /// The shorthand: the size is the first word with a number, up to a `/`. Weights have no unit.
    private mutating func readFont(_ value: ArraySlice<UInt8>) {
        for word in value.split(separator: ASCII.space).prefix(6) {
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
            // A function that we don't know may give any colour.
            background = .unknown
        }
    }

    /// The first word of a shorthand that is a colour.
    private static func firstColor(_ value: ArraySlice<UInt8>) -> CSSColor? {
        value.split(separator: ASCII.space).prefix(6).lazy.compactMap { CSSColor($0) }.first
    }
}

/// The properties of a box that hide text only in combination.
struct BoxDeclarations {
    private var isClipped: Bool?
    private var isFlat: Bool?
    private var isLow: Bool?
    private var isNarrow: Bool?
    private var isIndentedAway: Bool?
    private var isPositioned: Bool?
    private var isFarOut: Bool?

    /// True when nothing of an element's text is on the page.
    ///
    /// - Parameter isBox: whether the element is one that sizes and indents apply to.
    func hidesText(isBox: Bool) -> Bool {
        if isPositioned == true, isFarOut == true { return true }
        let isFlatBox = isBox || isPositioned == true
        guard isFlatBox else { return false }
        // A column of one pixel shows its words above each other, for nobody to read.
        return isIndentedAway == true || isNarrow == true
            || isClipped == true && (isFlat == true || isLow == true)
    }

    mutating func read(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch name.count {
        case 3 where name.equalsIgnoringCase("top"), 4 where name.equalsIgnoringCase("left"):
            if let length = CSSValue.pixels(value) { isFarOut = length <= -500 }
        case 5 where name.equalsIgnoringCase("width"):
            isNarrow = CSSValue.pixels(value).map { $0 <= 1 } ?? false
        case 6 where name.equalsIgnoringCase("height"):
            isLow = CSSValue.pixels(value).map { $0 <= 1 } ?? false
        case 8 where name.equalsIgnoringCase("overflow"):
            isClipped = value.startsIgnoringCase("hidden") || value.startsIgnoringCase("clip")
        case 8 where name.equalsIgnoringCase("position"):
            isPositioned =
                value.equalsIgnoringCase("absolute") || value.equalsIgnoringCase("fixed")
        case 9 where name.equalsIgnoringCase("max-width"),
            10 where name.equalsIgnoringCase("max-height"):
            isFlat = CSSValue.pixels(value).map { $0 <= 1 } ?? false
        case 11 where name.equalsIgnoringCase("text-indent"):
            if let length = CSSValue.pixels(value) { isIndentedAway = length <= -100 }
        default: break
        }
    }

    mutating func merge(_ later: BoxDeclarations) {
        isClipped = later.isClipped ?? isClipped
        isFlat = later.isFlat ?? isFlat
        isLow = later.isLow ?? isLow
        isNarrow = later.isNarrow ?? isNarrow
        isIndentedAway = later.isIndentedAway ?? isIndentedAway
        isPositioned = later.isPositioned ?? isPositioned
        isFarOut = later.isFarOut ?? isFarOut
    }
}
