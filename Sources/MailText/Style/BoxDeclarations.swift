import ASCIIText

/// The properties of a box that hide text only in combination; nil where none was declared.
struct BoxDeclarations {
    /// `overflow: hidden`.
    private var isClipped: Bool?
    /// A `max-width` or `max-height` of next to nothing.
    private var isFlat: Bool?
    /// A `height` of next to nothing.
    private var isLow: Bool?
    /// A `width` of next to nothing.
    private var isNarrow: Bool?
    /// A `text-indent` that moves the text off the page.
    private var isIndentedAway: Bool?
    /// `position: absolute` or `fixed`.
    private var isPositioned: Bool?
    /// A `left` or `top` that moves the box off the page, if it is positioned.
    private var isOffPage: Bool?

    /// True when the text is off the page or has no room; `isBox` is true for elements that sizes
    /// and indents apply to.
    func hidesText(isBox: Bool) -> Bool {
        if isPositioned == true, isOffPage == true { return true }
        let hasSize = isBox || isPositioned == true
        guard hasSize else { return false }
        // A column of one pixel breaks after every letter: nobody can read it.
        return isIndentedAway == true || isNarrow == true
            || isClipped == true && (isFlat == true || isLow == true)
    }

    /// Reads one declaration; other properties are ignored.
    mutating func read(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch name.count {
        case 3 where name.equalsIgnoringCase("top"), 4 where name.equalsIgnoringCase("left"):
            if let length = CSSValue.pixels(value) { isOffPage = length <= Visibility.hiddenOffset }
        case 5 where name.equalsIgnoringCase("width"):
            isNarrow = CSSValue.pixels(value).map { $0 <= Visibility.hiddenSide } ?? false
        case 6 where name.equalsIgnoringCase("height"):
            isLow = CSSValue.pixels(value).map { $0 <= Visibility.hiddenSide } ?? false
        case 8 where name.equalsIgnoringCase("overflow"):
            isClipped = value.startsIgnoringCase("hidden") || value.startsIgnoringCase("clip")
        case 8 where name.equalsIgnoringCase("position"):
            isPositioned =
                value.equalsIgnoringCase("absolute") || value.equalsIgnoringCase("fixed")
        case 9 where name.equalsIgnoringCase("max-width"),
            10 where name.equalsIgnoringCase("max-height"):
            isFlat = CSSValue.pixels(value).map { $0 <= Visibility.hiddenSide } ?? false
        case 11 where name.equalsIgnoringCase("text-indent"):
            if let length = CSSValue.pixels(value) {
                isIndentedAway = length <= Visibility.hiddenIndent
            }
        default: break
        }
    }

    /// Lets later declarations override these.
    mutating func merge(_ later: BoxDeclarations) {
        isClipped = later.isClipped ?? isClipped
        isFlat = later.isFlat ?? isFlat
        isLow = later.isLow ?? isLow
        isNarrow = later.isNarrow ?? isNarrow
        isIndentedAway = later.isIndentedAway ?? isIndentedAway
        isPositioned = later.isPositioned ?? isPositioned
        isOffPage = later.isOffPage ?? isOffPage
    }
}
