import ASCIIText

/// The part of a selector that one element must match (Selectors Level 4, section 3).
struct CSSSelector {
    /// A condition on an attribute.
    struct AttributeTest {
        enum Match { case exists, equals, word, dash, prefix, suffix, contains }
        var name: [UInt8] = []
        var match = Match.exists
        var value: [UInt8] = []
        var ignoresCase = false
    }

    /// How the element before a part relates to the element of the part.
    enum Combinator { case descendant, child }

    var element: HTMLElement?
    /// Hash of the name of an unknown element.
    var nameHash: UInt64 = 0
    var identifiers: [[UInt8]] = []
    var classes: [[UInt8]] = []
    var attributes: [AttributeTest] = []
    /// What `:not()` rules out.
    var negations: [CSSSelector] = []
    var isRoot = false
    var isLink = false
    /// True when it may match what this module doesn't know, such as the first child.
    var isUnknown = false
    /// Ids, then classes and attributes, then elements, a byte each (section 17).
    var specificity = 0

    /// The tests on attributes, also in negations.
    var attributeTests: Int {
        negations.reduce(attributes.count) { $0 + $1.attributes.count }
    }

    private static let maximumParts = 8

    /// A whole selector of a list.
    enum Parsed {
        /// Chromium doesn't know it, and drops the whole list.
        case invalid
        /// Valid, but not understood.
        case unknown
        case parts([(part: CSSSelector, text: ArraySlice<UInt8>, combinator: Combinator)])
    }

    /// Reads one selector.
    ///
    /// - Returns: Its parts, each with the text up to its end and its relation to the part before.
    static func parse(_ css: ArraySlice<UInt8>) -> Parsed {
        var index = css.startIndex
        CSSSyntax.skipSpace(css, &index)
        var parts: [(part: CSSSelector, text: ArraySlice<UInt8>, combinator: Combinator)] = []
        var combinator = Combinator.descendant
        var isUnknown = false
        while index < css.endIndex {
            var part = CSSSelector()
            guard part.read(css, &index) else { return .invalid }
            isUnknown = isUnknown || part.isUnknown
            parts.append((part, css[..<index], combinator))
            let end = index
            CSSSyntax.skipSpace(css, &index)
            guard index < css.endIndex else { break }
            switch css[index] {
            case UInt8(ascii: ">"):
                combinator = .child
                index += 1
            case UInt8(ascii: "+"), UInt8(ascii: "~"):
                isUnknown = true
                index += 1
            default:
                combinator = .descendant
                // A comment alone is no combinator.
                if !css[end..<index].contains(where: ASCII.isSpace) { return .invalid }
                continue
            }
            CSSSyntax.skipSpace(css, &index)
            if index >= css.endIndex { return .invalid }
        }
        if parts.isEmpty { return .invalid }
        return isUnknown || parts.count > maximumParts ? .unknown : .parts(parts)
    }

    /// Reads a compound; false when it is invalid.
    private mutating func read(_ css: ArraySlice<UInt8>, _ index: inout Int) -> Bool {
        let start = index
        if css[index] == UInt8(ascii: "*") {
            index += 1
            if index < css.endIndex, css[index] == UInt8(ascii: "|") { isUnknown = true }
        } else if let name = CSSSyntax.identifier(css, &index) {
            element = HTMLElement(0..<name.count, in: name)
            if element == .other { nameHash = HTMLTokenizer.nameHash(name[...]) }
            specificity += 1
        }
        while index < css.endIndex {
            switch css[index] {
            case UInt8(ascii: "."):
                index += 1
                guard let name = CSSSyntax.identifier(css, &index) else { return false }
                classes.append(name)
                specificity += 1 << 8
            case UInt8(ascii: "#"):
                index += 1
                guard let name = CSSSyntax.identifier(css, &index) else { return false }
                identifiers.append(name)
                specificity += 1 << 16
            case UInt8(ascii: "["):
                guard readAttribute(css, &index) else { return false }
                specificity += 1 << 8
            case UInt8(ascii: ":"):
                guard readPseudo(css, &index) else { return false }
            case UInt8(ascii: "/"):
                guard let end = CSSSyntax.afterComment(css, at: index) else { return false }
                index = end
            case UInt8(ascii: ">"), UInt8(ascii: "+"), UInt8(ascii: "~"): return index > start
            case let byte:
                return ASCII.isSpace(byte) && index > start
            }
        }
        return index > start
    }

    private mutating func readAttribute(_ css: ArraySlice<UInt8>, _ index: inout Int) -> Bool {
        let close = CSSSyntax.find("]", in: css, from: index + 1)
        let inside = css[(index + 1)..<close]
        index = min(close + 1, css.endIndex)
        var test = AttributeTest()
        var inner = inside.startIndex
        CSSSyntax.skipSpace(inside, &inner)
        guard let name = CSSSyntax.identifier(inside, &inner) else { return false }
        test.name = name.lowercasedASCII()
        CSSSyntax.skipSpace(inside, &inner)
        if inner < inside.endIndex {
            switch inside[inner] {
            case UInt8(ascii: "="): test.match = .equals
            case UInt8(ascii: "~"): test.match = .word
            case UInt8(ascii: "|"): test.match = .dash
            case UInt8(ascii: "^"): test.match = .prefix
            case UInt8(ascii: "$"): test.match = .suffix
            case UInt8(ascii: "*"): test.match = .contains
            default: return false
            }
            inner += test.match == .equals ? 1 : 2
            guard inner <= inside.endIndex, inside[inner - 1] == UInt8(ascii: "=") else {
                return false
            }
            CSSSyntax.skipSpace(inside, &inner)
            guard let value = CSSSelector.string(inside, &inner) else { return false }
            test.value = value
            CSSSyntax.skipSpace(inside, &inner)
            let flag = inside[inner...].trimmingSpace()
            guard flag.isEmpty || flag.equalsIgnoringCase("i") || flag.equalsIgnoringCase("s")
            else { return false }
            test.ignoresCase =
                flag.equalsIgnoringCase("i")
                || flag.isEmpty && CSSSelector.ignoresCase(of: test.name)
        }
        attributes.append(test)
        return true
    }

    /// An identifier or a string in quotes.
    private static func string(_ css: ArraySlice<UInt8>, _ index: inout Int) -> [UInt8]? {
        guard index < css.endIndex else { return nil }
        let quote = css[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return CSSSyntax.identifier(css, &index)
        }
        let rest = css[(index + 1)...]
        guard let close = rest.firstIndex(of: quote) else { return nil }
        index = close + 1
        return rest[..<close].contains(UInt8(ascii: "\\")) ? nil : Array(rest[..<close])
    }

    /// The attributes of HTML whose values match without regard to case (WHATWG HTML section
    /// 4.16.2) and that mail uses.
    private static func ignoresCase(of name: [UInt8]) -> Bool {
        let names: [StaticString] = [
            "align", "alink", "bgcolor", "charset", "checked", "clear", "color", "compact", "dir",
            "direction", "disabled", "enctype", "face", "frame", "hreflang", "http-equiv", "lang",
            "language", "link", "media", "method", "nowrap", "rel", "rev", "rules", "scope",
            "shape", "target", "text", "type", "valign", "valuetype", "vlink",
        ]
        return names.contains(where: name[...].equalsIgnoringCase)
    }

    // MARK: Pseudo-classes

    private mutating func readPseudo(_ css: ArraySlice<UInt8>, _ index: inout Int) -> Bool {
        index += 1
        let isElement = index < css.endIndex && css[index] == UInt8(ascii: ":")
        if isElement { index += 1 }
        guard let name = CSSSyntax.identifier(css, &index) else { return false }
        let word = String(decoding: name.lowercasedASCII(), as: UTF8.self)
        let hasArguments = index < css.endIndex && css[index] == UInt8(ascii: "(")
        var arguments = css[index..<index]
        if hasArguments {
            let close = CSSSyntax.find(")", in: css, from: index + 1)
            arguments = css[(index + 1)..<close]
            index = min(close + 1, css.endIndex)
        }
        if word == "not", !isElement, hasArguments { return readNegation(arguments) }
        specificity += isElement ? 1 : 1 << 8
        if !isElement, !hasArguments {
            if word == "root" {
                isRoot = true
                return true
            }
            if word == "link" || word == "any-link" || word == "-webkit-any-link" {
                isLink = true
                return true
            }
        }
        isUnknown = true
        if word.hasPrefix("-webkit-") { return isElement || hasArguments || word.count > 12 }
        return isElement
            ? CSSSelector.pseudoElements.contains(word) : CSSSelector.pseudoClasses.contains(word)
    }

    /// Reads the list in `:not()`, whose specificity is that of its most specific selector.
    private mutating func readNegation(_ list: ArraySlice<UInt8>) -> Bool {
        // Negations in negations are not followed, so that nothing nests deeply.
        if list.contains(UInt8(ascii: "(")) {
            isUnknown = true
            return true
        }
        var most = 0
        var start = list.startIndex
        while start <= list.endIndex {
            let end = CSSSyntax.find(",", in: list, from: start)
            switch CSSSelector.parse(list[start..<end]) {
            case .invalid: return false
            case .parts(let parts) where parts.count == 1 && parts[0].part.negations.isEmpty:
                negations.append(parts[0].part)
                most = max(most, parts[0].part.specificity)
            default: isUnknown = true
            }
            if negations.count > CSSSelector.maximumParts { isUnknown = true }
            if isUnknown { return true }
            start = end + 1
        }
        specificity += most
        return true
    }

    private static let pseudoElements: Set<String> = [
        "before", "after", "first-line", "first-letter", "selection", "placeholder", "marker",
        "backdrop", "file-selector-button", "cue", "part", "slotted", "highlight", "target-text",
        "spelling-error", "grammar-error", "details-content", "view-transition",
    ]
    private static let pseudoClasses: Set<String> = [
        "before", "after", "first-line", "first-letter", "visited", "hover", "active", "focus",
        "focus-within", "focus-visible", "target", "first-child", "last-child", "only-child",
        "first-of-type", "last-of-type", "only-of-type", "nth-child", "nth-last-child",
        "nth-of-type", "nth-last-of-type", "empty", "not", "is", "where", "has", "matches",
        "enabled", "disabled", "checked", "indeterminate", "default", "valid", "invalid",
        "in-range", "out-of-range", "required", "optional", "read-only", "read-write",
        "placeholder-shown", "autofill", "lang", "dir", "scope", "host", "host-context", "defined",
        "fullscreen", "modal", "open", "popover-open", "picture-in-picture", "user-valid",
        "user-invalid", "playing", "paused", "future", "past", "state", "active-view-transition",
    ]
}
