import ASCIIText

/// Reads declarations as Chromium does: what is invalid is dropped.
extension StyleDeclaration {
    /// Bound on the words of a shorthand that are read.
    private static let maximumWords = 8

    /// The values that every property has (CSS Cascade Level 5, section 7.3).
    private enum Keyword {
        case initial, inherit, unset, revert

        init?(_ value: ArraySlice<UInt8>) {
            guard (5...12).contains(value.count) else { return nil }
            if value.equalsIgnoringCase("initial") {
                self = .initial
            } else if value.equalsIgnoringCase("inherit") {
                self = .inherit
            } else if value.equalsIgnoringCase("unset") {
                self = .unset
            } else if value.equalsIgnoringCase("revert") || value.equalsIgnoringCase("revert-layer")
            {
                self = .revert
            } else {
                return nil
            }
        }

        func value(of property: StyleProperty) -> StyleValue {
            switch self {
            case .initial: return .initial
            case .inherit: return .inherit
            case .unset: return property.isInherited ? .inherit : .initial
            case .revert: return .revert
            }
        }
    }

    /// Appends the longhands of one declaration.
    ///
    /// - Parameters:
    ///   - name: The property, without comments and escapes.
    ///   - value: Its value without `!important`, comments and escapes.
    ///   - isQuirks: Whether numbers without unit are lengths (Quirks Mode Standard, section 3).
    ///   - list: The declarations so far.
    /// - Returns: False when the property doesn't matter or its value is invalid.
    @discardableResult
    static func read(
        _ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>, isQuirks: Bool,
        into list: inout [StyleDeclaration]
    ) -> Bool {
        guard let name = PropertyName(name) else { return false }
        if let keyword = Keyword(value) {
            for property in name.longhands {
                list.append(
                    StyleDeclaration(property: property, value: keyword.value(of: property)))
            }
            return true
        }
        let count = list.count
        func add(_ property: StyleProperty, _ value: StyleValue?) {
            guard let value else { return }
            list.append(StyleDeclaration(property: property, value: value))
        }
        switch name {
        case .all: break
        case .display: add(.display, display(value).map(StyleValue.display))
        case .visibility:
            add(.visibility, flag(value, ["hidden", "collapse"], ["visible"]))
        case .opacity: add(.opacity, CSSLength(value)?.fraction.map(StyleValue.number))
        case .color: add(.color, paint(value, isQuirks: isQuirks).map(StyleValue.paint))
        case .fillColor: add(.fillColor, paint(value, isQuirks: false).map(StyleValue.paint))
        case .fontSize: add(.fontSize, fontSize(value, isQuirks: isQuirks))
        case .font: add(.fontSize, sizeOfFont(value))
        case .whiteSpace:
            add(
                .isPreformatted,
                flag(
                    value, ["pre", "pre-wrap", "pre-line", "break-spaces"], ["normal", "nowrap"]))
        case .direction: add(.isRightToLeft, flag(value, ["rtl"], ["ltr"]))
        case .bidi:
            add(
                .isOverridden,
                flag(
                    value, ["bidi-override", "isolate-override"],
                    ["normal", "embed", "isolate", "plaintext"]))
        case .float:
            add(
                .isFloating,
                flag(value, ["left", "right", "inline-start", "inline-end"], ["none"]))
        case .textAlign: add(.textAlign, alignment(value).map(StyleValue.number))
        case .breaking:
            add(
                .breaksWords,
                flag(
                    value, ["break-all", "anywhere", "break-word"],
                    ["normal", "keep-all", "auto-phrase"]))
        case .shadow: add(.isOutlined, .flag(!value.equalsIgnoringCase("none")))
        case .stroke: add(.isOutlined, .flag(value.first != UInt8(ascii: "0")))
        case .position: add(.position, position(value).map(StyleValue.position))
        case .length(let property):
            add(property, length(value, of: property, isQuirks: isQuirks))
        case .margin: addSides(value, isQuirks, [.marginTop, nil, nil, .marginLeft], &list)
        case .padding: addSides(value, isQuirks, [nil, .paddingRight, .paddingBottom, nil], &list)
        case .inset: addSides(value, false, [.top, .right, .bottom, .left], &list)
        case .overflow:
            let words = words(value)
            guard let first = words.first.flatMap(overflow), words.count <= 2,
                let last = words.last.flatMap(overflow)
            else { return false }
            add(.overflowX, .overflow(first))
            add(.overflowY, .overflow(last))
        case .overflowX: add(.overflowX, overflow(value).map(StyleValue.overflow))
        case .overflowY: add(.overflowY, overflow(value).map(StyleValue.overflow))
        case .background: addBackground(value, &list)
        case .backgroundColor:
            add(.backgroundColor, paint(value, isQuirks: isQuirks).map(StyleValue.paint))
        case .backgroundImage:
            if CSSValue.mentionsImage(value) || value.equalsIgnoringCase("none") {
                add(.backgroundImage, .flag(!value.equalsIgnoringCase("none")))
            }
        case .backgroundClip:
            add(
                .isClippedToText,
                flag(value, ["text"], ["border-box", "padding-box", "content-box"]))
        case .clip: add(.clip, CSSShape.isClipEmpty(value).map(StyleValue.flag))
        case .clipPath: add(.clipPath, CSSShape.isPathEmpty(value).map(StyleValue.flag))
        case .filter: add(.filter, CSSShape.filterHides(value).map(StyleValue.flag))
        case .contentVisibility:
            add(.contentVisibility, flag(value, ["hidden"], ["visible", "auto"]))
        case .transform:
            guard let transform = CSSTransform(value) else { return false }
            add(.transform, .flag(transform.isFlat))
            add(.transformX, .length(transform.x))
            add(.transformY, .length(transform.y))
        case .scale:
            guard let scale = CSSTransform.scale(value) else { return false }
            add(.scale, .flag(scale))
        case .translate:
            let words = words(value).map { CSSLength($0) }
            guard let x = words.first ?? nil else { return false }
            add(.translateX, .length(x))
            add(.translateY, .length((words.count > 1 ? words[1] : nil) ?? .auto))
        }
        return list.count > count
    }

    // MARK: Values

    static func words(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var start = value.startIndex
        while start < value.endIndex, result.count < maximumWords {
            let end = CSSSyntax.find(" \t\n\r\u{c}", in: value, from: start)
            if end > start { result.append(value[start..<end]) }
            start = end + 1
        }
        return result
    }

    private static func flag(
        _ value: ArraySlice<UInt8>, _ yes: [StaticString], _ no: [StaticString]
    ) -> StyleValue? {
        if yes.contains(where: value.equalsIgnoringCase) { return .flag(true) }
        return no.contains(where: value.equalsIgnoringCase) ? .flag(false) : nil
    }

    private static func display(_ value: ArraySlice<UInt8>) -> StyleValue.Display? {
        switch String(decoding: value.lowercasedASCII(), as: UTF8.self) {
        case "none": return StyleValue.Display.none
        case "inline", "ruby", "inline flow", "flow inline", "run-in", "ruby-text", "math", "flow",
            "inline ruby", "inline math":
            return value.equalsIgnoringCase("flow") ? .block : .inline
        case "contents": return .contents
        case "table-cell": return .cell
        case "table", "block table": return .table
        case "inline-table", "inline table": return .inlineTable
        case "table-row", "table-row-group", "table-header-group", "table-footer-group",
            "table-column", "table-column-group":
            return .tablePart
        case "inline-block", "inline flow-root": return .inlineBlock
        case "inline-flex", "inline-grid", "-webkit-inline-flex", "inline flex", "inline grid",
            "-webkit-inline-box", "inline-grid-lanes":
            return .inlineFlex
        case "flex", "grid", "-webkit-flex", "-webkit-box", "block flex", "block grid":
            return .flex
        case "block", "list-item", "flow-root", "table-caption", "block flow", "flow block",
            "block flow-root", "block math", "block ruby", "block flow list-item",
            "flow list-item", "block list-item", "list-item block", "list-item flow":
            return .block
        default: return nil
        }
    }

    static func paint(_ value: ArraySlice<UInt8>, isQuirks: Bool) -> StyleValue.Paint? {
        if let color = CSSColor(value, allowsBareDigits: isQuirks) { return .color(color) }
        if value.equalsIgnoringCase("currentcolor") { return .current }
        return CSSColor.isOpaqueFunction(value) ? .unknown : nil
    }

    private static func fontSize(_ value: ArraySlice<UInt8>, isQuirks: Bool) -> StyleValue? {
        if let length = CSSLength(value) {
            return size(length, isQuirks: isQuirks, isResult: value.last == UInt8(ascii: ")"))
        }
        let absolute: [StaticString] = [
            "xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large",
            "-webkit-xxx-large", "math",
        ]
        // All these words are readable sizes.
        if absolute.contains(where: value.equalsIgnoringCase) {
            return value.equalsIgnoringCase("math") ? .inherit : .initial
        }
        if value.equalsIgnoringCase("larger") { return .number(1.2) }
        return value.equalsIgnoringCase("smaller") ? .number(1 / 1.2) : nil
    }

    private static func size(
        _ length: CSSLength, isQuirks: Bool, isResult: Bool
    ) -> StyleValue? {
        var length = length
        if length.kind == .unknown { return .initial }
        if length.kind == .number {
            guard isQuirks || length.pixels == 0 else { return nil }
            length.kind = .length
        }
        // A negative size is invalid as such, and 0 as a result of calc().
        let isNegative = length.pixels < 0 || length.ems < 0 || length.percent < 0
        return isNegative && !isResult ? nil : .length(length)
    }

    /// The size in the shorthand `font`: the words before it are neither size nor family.
    private static func sizeOfFont(_ value: ArraySlice<UInt8>) -> StyleValue? {
        let words = words(value)
        let system: [StaticString] = [
            "caption", "icon", "menu", "message-box", "small-caption", "status-bar",
        ]
        if words.count == 1, system.contains(where: words[0].equalsIgnoringCase) { return .initial }
        for (index, word) in words.enumerated() {
            let end = CSSSyntax.find("/", in: word, from: word.startIndex)
            let text = word[..<end]
            if let length = CSSLength(text), length.kind == .number, length.pixels != 0 {
                // A weight.
                continue
            }
            guard let size = fontSize(text, isQuirks: false) else { continue }
            // Without a family the shorthand is invalid.
            return index + 1 < words.count ? size : nil
        }
        return nil
    }

    /// The share of a shift to the left that moves the first line.
    private static func alignment(_ value: ArraySlice<UInt8>) -> Double? {
        switch String(decoding: value.lowercasedASCII(), as: UTF8.self) {
        case "left", "start", "justify", "-webkit-left", "-webkit-auto", "match-parent": return 1
        case "center", "-webkit-center": return 0.5
        case "right", "end", "-webkit-right": return 0
        default: return nil
        }
    }

    private static func position(_ value: ArraySlice<UInt8>) -> StyleValue.Position? {
        if value.equalsIgnoringCase("absolute") { return .absolute }
        if value.equalsIgnoringCase("fixed") { return .fixed }
        if value.equalsIgnoringCase("relative") { return .relative }
        let others: [StaticString] = ["static", "sticky", "-webkit-sticky"]
        return others.contains(where: value.equalsIgnoringCase) ? .inFlow : nil
    }

    private static func overflow(_ value: ArraySlice<UInt8>) -> StyleValue.Overflow? {
        if value.equalsIgnoringCase("visible") { return .visible }
        if value.equalsIgnoringCase("clip") { return .clip }
        let clipping: [StaticString] = ["hidden", "auto", "scroll", "overlay"]
        return clipping.contains(where: value.equalsIgnoringCase) ? .hidden : nil
    }

    private static func length(
        _ value: ArraySlice<UInt8>, of property: StyleProperty, isQuirks: Bool
    ) -> StyleValue? {
        guard var length = CSSLength(value) else {
            let words: [StaticString] = [
                "auto", "none", "min-content", "max-content", "fit-content", "-webkit-fit-content",
                "-webkit-fill-available", "-webkit-min-content", "-webkit-max-content", "stretch",
            ]
            let isWord =
                words.contains(where: value.equalsIgnoringCase)
                || value.startsIgnoringCase("fit-content(")
            return isWord ? .length(.auto) : nil
        }
        if length.kind == .number {
            guard isQuirks || length.pixels == 0 else { return nil }
            length.kind = .length
        }
        switch property {
        case .width, .minWidth, .maxWidth, .height, .minHeight, .maxHeight, .paddingRight,
            .paddingBottom:
            // A negative size is invalid as such, and 0 as a result of calc().
            if length.pixels < 0 || length.ems < 0 || length.percent < 0 {
                return value.last == UInt8(ascii: ")") ? .length(length) : nil
            }
        default: break
        }
        return .length(length)
    }

    /// The sides of a shorthand in the order of CSS: top, right, bottom, left.
    private static func addSides(
        _ value: ArraySlice<UInt8>, _ isQuirks: Bool, _ sides: [StyleProperty?],
        _ list: inout [StyleDeclaration]
    ) {
        let words = words(value)
        guard (1...4).contains(words.count) else { return }
        let order = [[0, 0, 0, 0], [0, 1, 0, 1], [0, 1, 2, 1], [0, 1, 2, 3]][words.count - 1]
        let values = words.map { length($0, of: .left, isQuirks: isQuirks) }
        guard values.allSatisfy({ $0 != nil }) else { return }
        for (side, property) in sides.enumerated() {
            guard let property, let value = values[order[side]] else { continue }
            list.append(StyleDeclaration(property: property, value: value))
        }
    }

    /// The shorthand `background`, of which one layer is read.
    private static func addBackground(
        _ value: ArraySlice<UInt8>, _ list: inout [StyleDeclaration]
    ) {
        let hasImage = CSSValue.mentionsImage(value)
        var color: StyleValue.Paint?
        var isText = false
        for word in words(value) {
            if let paint = paint(word, isQuirks: false) {
                if color != nil { return }
                color = paint
            } else if word.equalsIgnoringCase("text") {
                isText = true
            } else if !hasImage, !isBackgroundWord(word) {
                return
            }
        }
        list.append(StyleDeclaration(property: .backgroundImage, value: .flag(hasImage)))
        list.append(StyleDeclaration(property: .isClippedToText, value: .flag(isText)))
        list.append(
            StyleDeclaration(
                property: .backgroundColor, value: color.map(StyleValue.paint) ?? .initial))
    }

    private static func isBackgroundWord(_ word: ArraySlice<UInt8>) -> Bool {
        let known: [StaticString] = [
            "none", "repeat", "no-repeat", "repeat-x", "repeat-y", "space", "round", "scroll",
            "fixed", "local", "left", "right", "top", "bottom", "center", "/", "cover", "contain",
            "auto", "border-box", "padding-box", "content-box",
        ]
        return known.contains(where: word.equalsIgnoringCase)
            || CSSLength(word[..<CSSSyntax.find("/", in: word, from: word.startIndex)]) != nil
    }
}
