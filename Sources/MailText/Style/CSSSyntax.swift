import ASCIIText

/// The tokens of CSS that scanning must respect: comments, strings, escapes and blocks (CSS Syntax
/// Level 3, section 4).
enum CSSSyntax {
    /// Open brackets that are followed; deeper ones are passed over.
    private static let maximumDepth = 64
    private static let backslash = UInt8(ascii: "\\")

    /// Some ASCII characters.
    private struct ASCIISet {
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        mutating func insert(_ byte: UInt8) {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
        }

        @inline(__always)
        func contains(_ byte: UInt8) -> Bool {
            byte < 128 && (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 != 0
        }
    }

    /// What begins or ends a comment, a string, an escape or a block.
    private static let marks: ASCIISet = {
        var set = ASCIISet()
        for mark in "/\"'\\()[]{}".utf8 { set.insert(mark) }
        return set
    }()

    /// Stands for an escaped character that has a meaning when it is not escaped.
    private static let escaped: UInt8 = 1

    /// The index of the first byte from `start` that is in `stops`, outside comments, strings and
    /// blocks; the end if there is none.
    static func find(
        _ stops: StaticString, in css: ArraySlice<UInt8>, from start: Int
    ) -> Int {
        let stops = UnsafeBufferPointer(start: stops.utf8Start, count: stops.utf8CodeUnitCount)
        var marks = CSSSyntax.marks
        for stop in stops { marks.insert(stop) }
        var closers: [UInt8] = []
        var index = start
        while index < css.endIndex {
            let byte = css[index]
            guard marks.contains(byte) else {
                index += 1
                continue
            }
            if closers.isEmpty, stops.contains(byte) { return index }
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "'"), backslash:
                index = afterToken(css, at: index)
                continue
            case UInt8(ascii: "("):
                if isAddress(css, before: index, from: start) {
                    index = afterAddress(css, at: index + 1)
                    continue
                }
                if closers.count < maximumDepth { closers.append(UInt8(ascii: ")")) }
            case UInt8(ascii: "["):
                if closers.count < maximumDepth { closers.append(UInt8(ascii: "]")) }
            case UInt8(ascii: "{"):
                if closers.count < maximumDepth { closers.append(UInt8(ascii: "}")) }
            default: if byte == closers.last { closers.removeLast() }
            }
            index += 1
        }
        return css.endIndex
    }

    /// The index after the comment, string or escape at `index`, or after the byte there.
    private static func afterToken(_ css: ArraySlice<UInt8>, at index: Int) -> Int {
        let byte = css[index]
        if byte == UInt8(ascii: "/") { return afterComment(css, at: index) ?? index + 1 }
        if byte == backslash { return min(index + 2, css.endIndex) }
        var index = index + 1
        while index < css.endIndex {
            if css[index] == byte { return index + 1 }
            // A line break ends a string that is not closed.
            if css[index] == ASCII.lineFeed { return index }
            index += css[index] == backslash ? 2 : 1
        }
        return css.endIndex
    }

    /// The index after the comment that begins at `index`; nil when none does.
    static func afterComment(_ css: ArraySlice<UInt8>, at index: Int) -> Int? {
        guard css[index...].starts(with: "/*".utf8) else { return nil }
        var index = index + 2
        while index + 1 < css.endIndex {
            if css[index] == UInt8(ascii: "*"), css[index + 1] == UInt8(ascii: "/") {
                return index + 2
            }
            index += 1
        }
        return css.endIndex
    }

    /// True when the parenthesis at `index` is that of `url(` without quotes.
    private static func isAddress(
        _ css: ArraySlice<UInt8>, before index: Int, from start: Int
    ) -> Bool {
        guard index - 3 >= start, css[(index - 3)..<index].equalsIgnoringCase("url") else {
            return false
        }
        let first = css[(index + 1)...].first { !ASCII.isSpace($0) }
        return first != UInt8(ascii: "\"") && first != UInt8(ascii: "'")
    }

    private static func afterAddress(_ css: ArraySlice<UInt8>, at start: Int) -> Int {
        var index = start
        while index < css.endIndex, css[index] != UInt8(ascii: ")") {
            index += css[index] == backslash ? 2 : 1
        }
        return min(index + 1, css.endIndex)
    }

    /// Moves past white space and comments.
    static func skipSpace(_ css: ArraySlice<UInt8>, _ index: inout Int) {
        while index < css.endIndex {
            if ASCII.isSpace(css[index]) {
                index += 1
            } else if css[index] == UInt8(ascii: "/"), let end = afterComment(css, at: index) {
                index = end
            } else {
                return
            }
        }
    }

    /// Bytes without the white space around them.
    static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] { Array(text.trimmingSpace()) }

    /// Reads an identifier with its escapes decoded (section 4.3.11); nil when none begins here.
    static func identifier(_ css: ArraySlice<UInt8>, _ index: inout Int) -> [UInt8]? {
        let start = index
        var name: [UInt8] = []
        while index < css.endIndex {
            let byte = css[index]
            if isNameByte(byte) {
                name.append(byte)
                index += 1
            } else if byte == backslash, index + 1 >= css.endIndex || css[index + 1] != 10 {
                index = appendEscape(css, at: index + 1, to: &name)
            } else {
                break
            }
        }
        guard index > start, beginsIdentifier(css[start..<index]) else {
            index = start
            return nil
        }
        return name
    }

    private static func beginsIdentifier(_ raw: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let first = raw[raw.startIndex]
        guard first == hyphen else { return !ASCII.isDigit(first) }
        guard raw.count > 1 else { return false }
        return !ASCII.isDigit(raw[raw.startIndex + 1])
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte >= 0x80
    }

    /// A value or a name with spaces for its comments and with its escapes decoded.
    ///
    /// An escaped character never has the meaning of the plain one, so `\3b` ends no declaration.
    static func plain(_ css: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard css.contains(where: { $0 == UInt8(ascii: "*") || $0 == backslash }) else {
            return css.trimmingSpace()
        }
        var result: [UInt8] = []
        var index = css.startIndex
        while index < css.endIndex {
            if css[index] == UInt8(ascii: "/"), let end = afterComment(css, at: index) {
                result.append(ASCII.space)
                index = end
            } else if css[index] == backslash {
                let count = result.count
                index = appendEscape(css, at: index + 1, to: &result)
                let isName = count < result.count && result[count...].allSatisfy(isNameByte)
                let isDigit = result[count...].first.map(ASCII.isDigit) ?? false
                if !isName || isDigit { result.replaceSubrange(count..., with: [escaped]) }
            } else {
                result.append(css[index])
                index += 1
            }
        }
        return result[...].trimmingSpace()
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
            guard index < css.endIndex else {
                result.appendUTF8(0xFFFD)
                return index
            }
            result.append(css[index])
            return index + 1
        }
        result.appendUTF8(value == 0 ? 0xFFFD : value)
        return index < css.endIndex && ASCII.isSpace(css[index]) ? index + 1 : index
    }
}
