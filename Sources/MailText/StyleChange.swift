/// What CSS declarations, `name: value; …` (CSS 2.1 section 4.1.8), change of a ``TextStyle``. Read
/// once per rule, so that using a rule costs the same however long it is.
struct StyleChange {
    enum Background {
        case color(RGB)
        case image
    }

    private(set) var isRemoved = false
    /// Whether the element begins and ends a line.
    private(set) var isBlock: Bool?
    /// Whether its letters run from right to left whatever their script.
    private(set) var isOverridden: Bool?
    private(set) var isRightToLeft: Bool?
    private(set) var isInvisible: Bool?
    private(set) var isTiny: Bool?
    private(set) var isPreformatted: Bool?
    private(set) var foreground: RGB?
    private(set) var background: Background?
    private(set) var box = BoxFacts()

    init() {}

    init(_ declarations: ArraySlice<UInt8>) {
        var start = declarations.startIndex
        while start < declarations.endIndex {
            var end = start
            var colon: Int?
            while end < declarations.endIndex, declarations[end] != UInt8(ascii: ";") {
                if colon == nil, declarations[end] == UInt8(ascii: ":") { colon = end }
                end += 1
            }
            if let colon {
                read(
                    declarations[start..<colon].trimmingSpace(),
                    declarations[(colon + 1)..<end].trimmingSpace().prefix(200))
            }
            start = end + 1
        }
    }

    /// Lets later declarations override these.
    mutating func merge(_ later: StyleChange) {
        isRemoved = isRemoved || later.isRemoved
        isBlock = later.isBlock ?? isBlock
        isOverridden = later.isOverridden ?? isOverridden
        isRightToLeft = later.isRightToLeft ?? isRightToLeft
        isInvisible = later.isInvisible ?? isInvisible
        isTiny = later.isTiny ?? isTiny
        isPreformatted = later.isPreformatted ?? isPreformatted
        foreground = later.foreground ?? foreground
        background = later.background ?? background
        box.merge(later.box)
    }

    /// The length of the name sorts out most properties before any is compared.
    private mutating func read(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch name.count {
        case 5 where name.equalsIgnoringCase("color"): readColor(value)
        case 7 where name.equalsIgnoringCase("display"): readDisplay(value)
        case 7 where name.equalsIgnoringCase("opacity"):
            if let number = CSSValue.number(value), number.value <= 0.02 { isRemoved = true }
        case 8 where name.equalsIgnoringCase("mso-hide"):
            if value.startsIgnoringCase("all") { isRemoved = true }
        case 9 where name.equalsIgnoringCase("direction"):
            isRightToLeft = value.startsIgnoringCase("rtl")
        case 9 where name.equalsIgnoringCase("font-size"):
            if let size = CSSValue.fontSize(value) { isTiny = size <= 1 }
        case 10 where name.equalsIgnoringCase("visibility"):
            isInvisible =
                value.startsIgnoringCase("hidden") || value.startsIgnoringCase("collapse")
        case 10 where name.equalsIgnoringCase("background"): readBackground(value)
        case 11 where name.equalsIgnoringCase("white-space"):
            isPreformatted = value.startsIgnoringCase("pre")
        case 12 where name.equalsIgnoringCase("unicode-bidi"):
            isOverridden =
                value.startsIgnoringCase("bidi-override")
                || value.startsIgnoringCase("isolate-override")
        case 16 where name.equalsIgnoringCase("background-color"): readBackground(value)
        case 16 where name.equalsIgnoringCase("background-image"):
            if CSSValue.mentionsImage(value) { background = .image }
        default: box.read(name, value)
        }
    }

    private mutating func readDisplay(_ value: ArraySlice<UInt8>) {
        if value.startsIgnoringCase("none") {
            isRemoved = true
        } else if value.startsIgnoringCase("inline") || value.startsIgnoringCase("contents") {
            isBlock = false
        } else if value.startsIgnoringCase("block") || value.startsIgnoringCase("flex")
            || value.startsIgnoringCase("grid") || value.startsIgnoringCase("list-item")
            || value.equalsIgnoringCase("table")
        {
            isBlock = true
        }
    }

    private mutating func readColor(_ value: ArraySlice<UInt8>) {
        if CSSValue.isTransparent(value) {
            isInvisible = true
        } else if let color = CSSValue.color(value) {
            foreground = color
        }
    }

    private mutating func readBackground(_ value: ArraySlice<UInt8>) {
        if CSSValue.mentionsImage(value) {
            background = .image
        } else if !CSSValue.isTransparent(value), let color = CSSValue.firstColor(value) {
            background = .color(color)
        }
    }
}

/// The properties that hide text only in combination.
struct BoxFacts {
    private var isClipped: Bool?
    private var isEmpty: Bool?
    private var isFlat: Bool?
    private var isIndentedAway: Bool?
    private var isPositioned: Bool?
    private var isFarOut: Bool?

    var hasNoExtent: Bool {
        isFlat == true || isIndentedAway == true || isEmpty == true && isClipped == true
            || isPositioned == true && isFarOut == true
    }

    mutating func read(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch name.count {
        case 3 where name.equalsIgnoringCase("top"), 4 where name.equalsIgnoringCase("left"):
            if isBelow(-500, value) { isFarOut = true }
        case 5 where name.equalsIgnoringCase("width"), 6 where name.equalsIgnoringCase("height"):
            if isZero(value) { isEmpty = true }
        case 8 where name.equalsIgnoringCase("overflow"):
            isClipped = value.startsIgnoringCase("hidden")
        case 8 where name.equalsIgnoringCase("position"):
            isPositioned =
                value.startsIgnoringCase("absolute") || value.startsIgnoringCase("fixed")
        case 9 where name.equalsIgnoringCase("max-width"),
            10 where name.equalsIgnoringCase("max-height"):
            isFlat = isZero(value)
        case 11 where name.equalsIgnoringCase("text-indent"):
            isIndentedAway = isBelow(-100, value)
        default: break
        }
    }

    mutating func merge(_ later: BoxFacts) {
        isClipped = later.isClipped ?? isClipped
        isEmpty = later.isEmpty ?? isEmpty
        isFlat = later.isFlat ?? isFlat
        isIndentedAway = later.isIndentedAway ?? isIndentedAway
        isPositioned = later.isPositioned ?? isPositioned
        isFarOut = later.isFarOut ?? isFarOut
    }

    private func isZero(_ value: ArraySlice<UInt8>) -> Bool {
        CSSValue.number(value).map { $0.value == 0 } ?? false
    }

    private func isBelow(_ limit: Double, _ value: ArraySlice<UInt8>) -> Bool {
        CSSValue.number(value).map { $0.value <= limit } ?? false
    }
}
