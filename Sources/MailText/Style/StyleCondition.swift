import ASCIIText

/// The conditions of `@media` and `@supports` (Media Queries Level 4, CSS Conditional Rules Level
/// 3), for a window of 800 by 800 pixels in light mode.
///
/// A condition is nil when it is not understood; its rules don't count then.
enum StyleCondition {
    private static let maximumDepth = 8

    /// True when a list of media queries holds; an empty one does.
    static func media(_ list: ArraySlice<UInt8>) -> Bool? {
        let list = CSSSyntax.plain(list)
        if list.isEmpty { return true }
        var result: Bool? = false
        var start = list.startIndex
        while start <= list.endIndex {
            let end = CSSSyntax.find(",", in: list, from: start)
            let value = query(list[start..<end].trimmingSpace())
            if value == true { return true }
            if value == nil { result = nil }
            start = end + 1
        }
        return result
    }

    private static func query(_ text: ArraySlice<UInt8>) -> Bool? {
        let words = pieces(text)
        guard let first = words.first else { return false }
        if first.first == UInt8(ascii: "(") { return condition(words[...], feature, depth: 0) }
        var rest = words[...]
        var isNegated = false
        if first.equalsIgnoringCase("not") {
            if rest.count > 1, rest[1].first == UInt8(ascii: "(") {
                return condition(rest, feature, depth: 0)
            }
            isNegated = true
            rest = rest.dropFirst()
        } else if first.equalsIgnoringCase("only") {
            rest = rest.dropFirst()
        }
        guard let type = rest.popFirst() else { return false }
        var value: Bool? = type.equalsIgnoringCase("all") || type.equalsIgnoringCase("screen")
        if let and = rest.popFirst() {
            guard and.equalsIgnoringCase("and"), !rest.isEmpty else { return false }
            if value == true { value = condition(rest, feature, depth: 0) }
        }
        return isNegated ? value.map { !$0 } : value
    }

    /// True when the condition of `@supports` holds.
    static func supports(_ text: ArraySlice<UInt8>) -> Bool? {
        condition(pieces(CSSSyntax.plain(text))[...], declaration, depth: 0)
    }

    /// Words and parentheses.
    private static func pieces(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        StyleDeclaration.words(text)
    }

    /// Terms joined by `and` or by `or`, each perhaps with a `not`.
    private static func condition(
        _ words: ArraySlice<ArraySlice<UInt8>>, _ term: (ArraySlice<UInt8>) -> Bool?, depth: Int
    ) -> Bool? {
        var words = words
        var isNegated = false
        if let first = words.first, first.equalsIgnoringCase("not") {
            isNegated = true
            words = words.dropFirst()
        }
        guard let first = words.popFirst() else { return nil }
        var result = value(of: first, term, depth: depth)
        if isNegated { return words.isEmpty ? result.map { !$0 } : nil }
        while let joiner = words.popFirst() {
            guard let next = words.popFirst() else { return nil }
            let value = value(of: next, term, depth: depth)
            if joiner.equalsIgnoringCase("and") {
                result =
                    result == false || value == false
                    ? false : result == true && value == true ? true : nil
            } else if joiner.equalsIgnoringCase("or") {
                result =
                    result == true || value == true
                    ? true : result == false && value == false ? false : nil
            } else {
                return nil
            }
        }
        return result
    }

    private static func value(
        of word: ArraySlice<UInt8>, _ term: (ArraySlice<UInt8>) -> Bool?, depth: Int
    ) -> Bool? {
        guard word.first == UInt8(ascii: "("), word.last == UInt8(ascii: ")"), depth < maximumDepth
        else { return nil }
        let inside = word.dropFirst().dropLast().trimmingSpace()
        let isNested =
            inside.first == UInt8(ascii: "(") || inside.startsIgnoringCase("not ")
            || inside.startsIgnoringCase("not(")
        return isNested
            ? condition(pieces(inside)[...], term, depth: depth + 1) : term(inside)
    }

    // MARK: Media features

    private static func feature(_ text: ArraySlice<UInt8>) -> Bool? {
        let colon = CSSSyntax.find(":", in: text, from: text.startIndex)
        if colon >= text.endIndex { return range(text) }
        let name = String(decoding: text[..<colon].trimmingSpace().lowercasedASCII(), as: UTF8.self)
        let value = text[(colon + 1)...].trimmingSpace()
        switch name {
        case "min-width", "min-height", "min-device-width", "min-device-height":
            return length(value).map { CSSValue.windowSide >= $0 }
        case "max-width", "max-height", "max-device-width", "max-device-height":
            return length(value).map { CSSValue.windowSide <= $0 }
        case "width", "height", "device-width", "device-height":
            return length(value).map { CSSValue.windowSide == $0 }
        case "prefers-color-scheme": return value.equalsIgnoringCase("light")
        case "prefers-reduced-motion": return value.equalsIgnoringCase("no-preference")
        case "orientation": return value.equalsIgnoringCase("portrait")
        case "min-color", "min-monochrome": return value.elementsEqual("0".utf8) ? true : nil
        case "hover", "any-hover": return value.equalsIgnoringCase("hover")
        case "pointer", "any-pointer": return value.equalsIgnoringCase("fine")
        default: return nil
        }
    }

    /// `width >= 600px` and the like, and features without a value.
    private static func range(_ text: ArraySlice<UInt8>) -> Bool? {
        if text.equalsIgnoringCase("width") || text.equalsIgnoringCase("height")
            || text.equalsIgnoringCase("color") || text.equalsIgnoringCase("hover")
        {
            return true
        }
        guard let start = text.firstIndex(where: isComparison) else { return nil }
        let sign = text[start...].prefix(while: isComparison)
        let words = [text[..<start].trimmingSpace(), text[sign.endIndex...].trimmingSpace()]
        func isSide(_ word: ArraySlice<UInt8>) -> Bool {
            word.equalsIgnoringCase("width") || word.equalsIgnoringCase("height")
        }
        let isForward = isSide(words[0])
        guard isForward != isSide(words[1]), let bound = length(words[isForward ? 1 : 0]) else {
            return nil
        }
        let (left, right) =
            isForward ? (CSSValue.windowSide, bound) : (bound, CSSValue.windowSide)
        switch String(decoding: sign, as: UTF8.self) {
        case ">": return left > right
        case ">=": return left >= right
        case "<": return left < right
        case "<=": return left <= right
        case "=": return left == right
        default: return nil
        }
    }

    private static func isComparison(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "=")
    }

    private static func length(_ value: ArraySlice<UInt8>) -> Double? {
        CSSLength(value).flatMap { $0.pixels(em: CSSValue.defaultFontSize) }
    }

    // MARK: Supported declarations

    private static func declaration(_ text: ArraySlice<UInt8>) -> Bool? {
        let colon = CSSSyntax.find(":", in: text, from: text.startIndex)
        guard colon < text.endIndex else { return nil }
        let name = text[..<colon].trimmingSpace()
        let value = text[(colon + 1)...].trimmingSpace()
        if name.starts(with: "--".utf8) { return true }
        if PropertyName(name) != nil {
            var list: [StyleDeclaration] = []
            return StyleDeclaration.read(name, value, isQuirks: false, into: &list)
        }
        let known: [StaticString] = [
            "grid", "gap", "flex", "grid-area", "grid-template-columns", "mix-blend-mode",
            "object-fit", "line-height", "letter-spacing", "text-decoration", "border-radius",
            "box-shadow", "z-index", "aspect-ratio", "backdrop-filter", "align-items",
            "justify-content", "border", "font-family", "font-weight", "text-transform",
        ]
        return known.contains(where: name.equalsIgnoringCase) && !value.isEmpty ? true : nil
    }
}
