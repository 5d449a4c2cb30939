import ASCIIText

/// The CSS declarations `name: value; …` of one rule or attribute (CSS 2.1 section 4.1.8).
///
/// They are read once for each rule, so that applying a rule costs the same however long it is.
struct StyleChange {
    private var normal = StyleDeclarations()
    /// Declarations with `!important` win over later ones without it.
    private var important: StyleDeclarations?

    /// The declarations that win.
    var effective: StyleDeclarations {
        guard let important else { return normal }
        var result = normal
        result.merge(important)
        return result
    }

    /// Bytes of a value that are read; those that matter are far shorter.
    private static let maximumValueBytes = 200

    /// No declarations.
    init() {}

    /// Reads a declaration block without its braces.
    init(_ css: ArraySlice<UInt8>) {
        let text = StyleChange.withoutComments(css)
        var start = text.startIndex
        while start < text.endIndex {
            let (colon, end) = StyleChange.declaration(text, from: start)
            if let colon {
                read(
                    text[start..<colon].trimmingSpace(),
                    text[(colon + 1)..<end].trimmingSpace().prefix(StyleChange.maximumValueBytes))
            }
            start = end + 1
        }
    }

    /// Lets later declarations override these.
    mutating func merge(_ later: StyleChange) {
        normal.merge(later.normal)
        guard let more = later.important else { return }
        var merged = important ?? StyleDeclarations()
        merged.merge(more)
        important = merged
    }

    private mutating func read(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        guard let exclamation = value.lastIndex(of: UInt8(ascii: "!")),
            value[(exclamation + 1)...].trimmingSpace().equalsIgnoringCase("important")
        else { return normal.read(name, value) }
        var changed = important ?? StyleDeclarations()
        changed.read(name, value[..<exclamation].trimmingSpace())
        important = changed
    }

    /// The index of the declaration's colon, and of its end; a `;` in quotes or parentheses is no
    /// end.
    private static func declaration(
        _ text: ArraySlice<UInt8>, from start: Int
    ) -> (colon: Int?, end: Int) {
        var colon: Int?
        var quote: UInt8?
        var depth = 0
        var index = start
        while index < text.endIndex {
            let byte = text[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else {
                switch byte {
                case UInt8(ascii: ";") where depth == 0: return (colon, index)
                case UInt8(ascii: ":"): colon = colon ?? index
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"): depth = max(0, depth - 1)
                default: break
                }
            }
            index += 1
        }
        return (colon, index)
    }

    /// Removes comments and decodes escapes (`\69`, CSS 2.1 section 4.1.3): senders use both to
    /// hide a word from filters.
    private static func withoutComments(_ css: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let slash = UInt8(ascii: "/")
        let star = UInt8(ascii: "*")
        let backslash = UInt8(ascii: "\\")
        guard css.contains(where: { $0 == star || $0 == backslash }) else { return css }
        var result: [UInt8] = []
        var index = css.startIndex
        while index < css.endIndex {
            if css[index] == slash, index + 1 < css.endIndex, css[index + 1] == star {
                // Past `/*` and one more byte, so that `/*/` is not a whole comment.
                index += 3
                while index < css.endIndex, !(css[index - 1] == star && css[index] == slash) {
                    index += 1
                }
                index = min(index + 1, css.endIndex)
            } else if css[index] == backslash {
                index = appendEscape(css, at: index + 1, to: &result)
            } else {
                result.append(css[index])
                index += 1
            }
        }
        return result[...]
    }

    /// Appends the character of the escape whose backslash is just before `start`.
    ///
    /// - Returns: The index after the escape.
    private static func appendEscape(
        _ css: ArraySlice<UInt8>, at start: Int, to result: inout [UInt8]
    ) -> Int {
        var value: UInt32 = 0
        var index = start
        while index < css.endIndex, index < start + 6, let digit = ASCII.hexValue(css[index]) {
            value = value << 4 | UInt32(digit)
            index += 1
        }
        guard index > start else {
            if index < css.endIndex { result.append(css[index]) }
            return min(index + 1, css.endIndex)
        }
        result.appendUTF8(value)
        return index < css.endIndex && ASCII.isSpace(css[index]) ? index + 1 : index
    }
}
