import ASCIIText

/// A property as declared, before shorthands are taken apart.
enum PropertyName {
    case all, display, visibility, opacity, color, fillColor, fontSize, font, whiteSpace, direction
    case bidi, float, textAlign, breaking, shadow, stroke, position, margin, padding, inset
    case overflow, overflowX, overflowY, background, backgroundColor, backgroundImage
    case backgroundClip, clip, clipPath, filter, contentVisibility, transform, scale, translate
    /// A property whose value is a single length.
    case length(StyleProperty)

    /// The property of a name; nil for those that don't matter here.
    init?(_ name: ArraySlice<UInt8>) {
        // The length rules out most properties before any name is compared.
        guard PropertyName.longestName >= name.count else { return nil }
        for (candidate, property) in PropertyName.byLength[name.count]
        where name.equalsIgnoringCase(candidate) {
            self = property
            return
        }
        return nil
    }

    private static let longestName = 23
    private static let byLength: [[(StaticString, PropertyName)]] = {
        var table = [[(StaticString, PropertyName)]](repeating: [], count: longestName + 1)
        for entry in names { table[entry.0.utf8CodeUnitCount].append(entry) }
        return table
    }()

    private static let names: [(StaticString, PropertyName)] = [
        ("all", .all), ("display", .display), ("visibility", .visibility), ("opacity", .opacity),
        ("color", .color), ("-webkit-text-fill-color", .fillColor), ("font-size", .fontSize),
        ("font", .font), ("white-space", .whiteSpace), ("direction", .direction),
        ("unicode-bidi", .bidi), ("float", .float), ("text-align", .textAlign),
        ("word-break", .breaking), ("overflow-wrap", .breaking), ("word-wrap", .breaking),
        ("text-shadow", .shadow), ("-webkit-text-stroke", .stroke), ("position", .position),
        ("margin", .margin), ("padding", .padding), ("inset", .inset), ("overflow", .overflow),
        ("overflow-x", .overflowX), ("overflow-y", .overflowY), ("background", .background),
        ("background-color", .backgroundColor), ("background-image", .backgroundImage),
        ("background-clip", .backgroundClip), ("-webkit-background-clip", .backgroundClip),
        ("clip", .clip), ("clip-path", .clipPath), ("-webkit-clip-path", .clipPath),
        ("filter", .filter), ("-webkit-filter", .filter),
        ("content-visibility", .contentVisibility), ("transform", .transform),
        ("-webkit-transform", .transform), ("scale", .scale), ("translate", .translate),
        ("left", .length(.left)), ("right", .length(.right)), ("top", .length(.top)),
        ("bottom", .length(.bottom)), ("margin-left", .length(.marginLeft)),
        ("margin-top", .length(.marginTop)), ("padding-right", .length(.paddingRight)),
        ("padding-bottom", .length(.paddingBottom)), ("width", .length(.width)),
        ("min-width", .length(.minWidth)), ("max-width", .length(.maxWidth)),
        ("height", .length(.height)), ("min-height", .length(.minHeight)),
        ("max-height", .length(.maxHeight)), ("text-indent", .length(.textIndent)),
    ]

    /// The longhands that a keyword for the whole property sets.
    var longhands: [StyleProperty] {
        switch self {
        case .all: return StyleProperty.all
        case .display: return [.display]
        case .visibility: return [.visibility]
        case .opacity: return [.opacity]
        case .color: return [.color]
        case .fillColor: return [.fillColor]
        case .fontSize, .font: return [.fontSize]
        case .whiteSpace: return [.isPreformatted]
        case .direction: return [.isRightToLeft]
        case .bidi: return [.isOverridden]
        case .float: return [.isFloating]
        case .textAlign: return [.textAlign]
        case .breaking: return [.breaksWords]
        case .shadow, .stroke: return [.isOutlined]
        case .position: return [.position]
        case .margin: return [.marginLeft, .marginTop]
        case .padding: return [.paddingRight, .paddingBottom]
        case .inset: return [.top, .right, .bottom, .left]
        case .overflow: return [.overflowX, .overflowY]
        case .overflowX: return [.overflowX]
        case .overflowY: return [.overflowY]
        case .background: return [.backgroundColor, .backgroundImage, .isClippedToText]
        case .backgroundColor: return [.backgroundColor]
        case .backgroundImage: return [.backgroundImage]
        case .backgroundClip: return [.isClippedToText]
        case .clip: return [.clip]
        case .clipPath: return [.clipPath]
        case .filter: return [.filter]
        case .contentVisibility: return [.contentVisibility]
        case .transform: return [.transform, .transformX, .transformY]
        case .scale: return [.scale]
        case .translate: return [.translateX, .translateY]
        case .length(let property): return [property]
        }
    }
}
