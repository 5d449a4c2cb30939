/// One longhand property with its declared value.
struct StyleDeclaration {
    let property: StyleProperty
    let value: StyleValue
}

/// The properties that decide whether and where text can be seen.
enum StyleProperty: UInt8 {
    // Inherited.
    case color, fillColor, fontSize, visibility, isPreformatted, isRightToLeft, textIndent
    case textAlign, breaksWords, isOutlined
    // Not inherited.
    case display, isFloating, opacity, backgroundColor, backgroundImage, isClippedToText
    /// `unicode-bidi: bidi-override`: letters run in the direction of the element, whatever their
    /// script.
    case isOverridden
    case position, left, right, top, bottom, marginLeft, marginTop, paddingRight, paddingBottom
    case width, minWidth, maxWidth, height, minHeight, maxHeight
    case overflowX, overflowY
    /// True when the property leaves nothing of the element.
    case clip, clipPath, filter, transform, scale, contentVisibility
    case transformX, transformY, translateX, translateY

    var isInherited: Bool { rawValue <= StyleProperty.isOutlined.rawValue }

    /// What `all` sets.
    static let all: [StyleProperty] = (0...StyleProperty.translateY.rawValue)
        .compactMap(StyleProperty.init(rawValue:))
        .filter { $0 != .isRightToLeft && $0 != .isOverridden }
}

/// A declared value.
enum StyleValue {
    case initial, inherit
    /// The value that the element has without style sheets of the sender.
    case revert
    case display(Display)
    case length(CSSLength)
    case number(Double)
    case paint(Paint)
    case flag(Bool)
    case position(Position)
    case overflow(Overflow)

    /// A colour as it is declared.
    enum Paint: Equatable {
        case color(CSSColor)
        /// `currentcolor`.
        case current
        /// A colour that this module can't compute.
        case unknown
    }

    /// The kinds of `position` that matter here.
    enum Position: Equatable { case inFlow, relative, absolute, fixed }

    /// The kinds of `overflow` that matter here.
    enum Overflow: Equatable {
        case visible
        /// Clips in its direction only.
        case clip
        /// Clips, and makes the other direction clip.
        case hidden
    }

    /// The kinds of `display` that matter here.
    enum Display: Equatable {
        case none, block, inline, cell, inlineBlock, table, inlineTable, tablePart, flex, inlineFlex
        case contents

        /// True when the element begins and ends a line.
        var breaksLines: Bool {
            switch self {
            case .block, .table, .tablePart, .flex: return true
            default: return false
            }
        }

        /// True when sizes and indents apply, and less than the content is possible.
        var hasSize: Bool {
            switch self {
            case .block, .inlineBlock, .flex, .inlineFlex: return true
            default: return false
            }
        }

        /// The kind of box that a floating or positioned element, or one in a flexible box, has.
        var blockified: Display {
            switch self {
            case .inline, .inlineBlock, .cell, .tablePart: return .block
            case .inlineTable: return .table
            case .inlineFlex: return .flex
            default: return self
            }
        }
    }
}
