import ASCIIText

extension HTMLText {
    /// The charset that a `<meta>` declares, for HTML without a charset in its MIME header (WHATWG
    /// HTML sections 13.2.3.2 and 13.2.3.4).
    ///
    /// The head is searched to its end, as browsers do, and a body only at its beginning.
    ///
    /// - Returns: The label in lower case; nil when none is declared that is known.
    static func declaredCharset(_ bytes: [UInt8]) -> String? {
        var scanner = CharsetScanner(bytes)
        return scanner.charset()
    }
}

/// Looks for the `meta` element that declares a charset.
private struct CharsetScanner {
    /// Bytes of a body in which a declaration is searched; browsers search 1,024.
    private static let searchedBytes = 2_048
    /// The elements that may be in a head; any other, and text outside them, begins the body.
    private static let headElements: Set<String> = [
        "html", "head", "title", "meta", "link", "base", "basefont", "bgsound", "style", "script",
        "noscript", "template", "noframes", "object",
    ]
    /// The elements in which tags are text.
    private static let rawElements: Set<String> = [
        "style", "script", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
    ]
    /// More bytes than the name of any of them has.
    private static let longestName = 10

    private let bytes: [UInt8]
    private var index = 0
    /// The end of what is searched once the body has begun.
    private let limit: Int
    private var isInHead = true

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // Mail must be read alike with CRLF and with LF.
        var length = 0
        var end = 0
        while end < bytes.count, length < CharsetScanner.searchedBytes {
            if bytes[end] != ASCII.carriageReturn { length += 1 }
            end += 1
        }
        limit = end
    }

    mutating func charset() -> String? {
        while index < bytes.count, isInHead || index < limit {
            guard bytes[index] == UInt8(ascii: "<") else {
                if !ASCII.isSpace(bytes[index]) { isInHead = false }
                index += 1
                continue
            }
            if let charset = markup() { return charset }
        }
        return nil
    }

    /// Reads the markup that begins with the `<` at `index`.
    ///
    /// - Returns: The charset when it is a `meta` element that declares a known one.
    private mutating func markup() -> String? {
        if bytes[index...].starts(with: "<!--".utf8) {
            skipComment()
            return nil
        }
        index += 1
        guard index < bytes.count else { return nil }
        let isEnd = bytes[index] == UInt8(ascii: "/")
        if isEnd { index += 1 }
        guard index < bytes.count, ASCII.isLetter(bytes[index]) else {
            // Bogus comments; a `<` with anything else behind it is text.
            if isEnd || isDeclaration { skipToTagEnd() } else { isInHead = false }
            return nil
        }
        let name = name()
        if !isEnd, !CharsetScanner.headElements.contains(name) { isInHead = false }
        var meta = MetaElement()
        while let attribute = attribute() {
            if name == "meta" { meta.add(attribute.name, attribute.value) }
        }
        // A tag that never ends is none.
        guard bytes[index - 1] == UInt8(ascii: ">") else { return nil }
        if !isEnd, CharsetScanner.rawElements.contains(name) { skipContent(of: name) }
        return isEnd ? nil : meta.charset
    }

    /// True for `<!` and `<?`.
    private var isDeclaration: Bool {
        index < bytes.count
            && (bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "?"))
    }

    private mutating func skipToTagEnd() {
        while index < bytes.count, bytes[index] != UInt8(ascii: ">") { index += 1 }
        index = min(index + 1, bytes.count)
    }

    /// Moves behind `-->`; the hyphens may be those of the beginning.
    private mutating func skipComment() {
        index += 2
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">"), bytes[index - 1] == UInt8(ascii: "-"),
                bytes[index - 2] == UInt8(ascii: "-")
            {
                index += 1
                return
            }
            index += 1
        }
    }

    /// Moves to the end tag of an element whose content is text.
    private mutating func skipContent(of name: String) {
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "/"),
                bytes[(index + 2)...].prefix(name.utf8.count).elementsEqual(
                    name.utf8, by: { ASCII.lower($0) == $1 })
            {
                return
            }
            index += 1
        }
    }

    /// The name of a tag in lower case, as far as it can matter.
    private mutating func name() -> String {
        let start = index
        while index < bytes.count, !ASCII.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"),
            bytes[index] != UInt8(ascii: "/")
        {
            index += 1
        }
        let name = bytes[start..<index].prefix(CharsetScanner.longestName).lowercasedASCII()
        return String(decoding: name, as: UTF8.self)
    }

    /// The next attribute of a tag; nil at the end of the tag, which is then read.
    private mutating func attribute() -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        skip { ASCII.isSpace($0) || $0 == UInt8(ascii: "/") }
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: ">") {
            index += 1
            return nil
        }
        let start = index
        index += 1
        skip {
            !ASCII.isSpace($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">")
                && $0 != UInt8(ascii: "/")
        }
        let name = bytes[start..<index]
        skip(ASCII.isSpace)
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
            return (name, bytes[index..<index])
        }
        index += 1
        skip(ASCII.isSpace)
        return (name, value())
    }

    private mutating func value() -> ArraySlice<UInt8> {
        guard index < bytes.count else { return [] }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = index
            skip { !ASCII.isSpace($0) && $0 != UInt8(ascii: ">") }
            return bytes[start..<index]
        }
        let start = index + 1
        index = start
        skip { $0 != quote }
        let value = bytes[start..<index]
        index = min(index + 1, bytes.count)
        return value
    }

    private mutating func skip(_ matches: (UInt8) -> Bool) {
        while index < bytes.count, matches(bytes[index]) { index += 1 }
    }
}

/// The attributes of a `meta` element that declare a charset.
private struct MetaElement {
    private var label: ArraySlice<UInt8>?
    private var content: ArraySlice<UInt8>?
    private var httpEquivalent: ArraySlice<UInt8>?

    /// Keeps an attribute if it matters; the first with a name wins.
    mutating func add(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        if name.equalsIgnoringCase("charset"), label == nil { label = value }
        if name.equalsIgnoringCase("content"), content == nil { content = value }
        if name.equalsIgnoringCase("http-equiv"), httpEquivalent == nil { httpEquivalent = value }
    }

    /// The label of the charset in lower case; nil when there is none that is known.
    var charset: String? {
        var found = label?.trimmingSpace()
        if found == nil, let content,
            httpEquivalent?.trimmingSpace().equalsIgnoringCase("content-type") ?? false
        {
            found = MetaElement.charset(in: content)
        }
        guard let found, !found.isEmpty else { return nil }
        let label = String(decoding: found.lowercasedASCII(), as: UTF8.self)
        guard CharsetEncoding.isListed(label) else { return nil }
        // The declaration is readable as ASCII, so the text is not UTF-16.
        if case .utf16 = CharsetEncoding(label: label) { return "utf-8" }
        return label
    }

    /// The charset in a content type (WHATWG HTML section 2.5.8, "extracting a character encoding
    /// from a meta element").
    private static func charset(in content: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = content
        while rest.count >= "charset".utf8.count {
            guard rest.startsIgnoringCase("charset") else {
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst("charset".utf8.count).drop(while: ASCII.isSpace)
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest = rest.dropFirst().drop(while: ASCII.isSpace)
            if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                return rest.dropFirst().firstIndex(of: quote).map {
                    rest[(rest.startIndex + 1)..<$0]
                }
            }
            return rest.prefix { !ASCII.isSpace($0) && $0 != UInt8(ascii: ";") }
        }
        return nil
    }
}
