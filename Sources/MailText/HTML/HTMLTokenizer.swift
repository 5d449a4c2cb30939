import ASCIIText

/// Splits HTML into tags and text as browsers do (WHATWG HTML section 13.2.5).
///
/// It reads every byte once, builds no tree and can't fail: broken markup is read as the standard
/// prescribes.
struct HTMLTokenizer {
    /// A piece of the document; ranges point into the bytes of the document.
    enum Token {
        /// Text with its character references still in it.
        case text(Range<Int>)
        /// The content of an element that holds no markup: style, script, title and the like.
        case rawText(Range<Int>)
        case startTag(HTMLTag)
        /// The hash is that of ``HTMLTag/nameHash``.
        case endTag(HTMLElement, nameHash: UInt64)
    }

    /// Bytes of an unknown element's name that distinguish it from others.
    private static let hashedBytes = 64

    let bytes: [UInt8]
    var index = 0
    /// The element whose raw content is next.
    private var rawElement: HTMLElement?
    /// True when nothing but text follows.
    private var isPlainText = false
    /// The last start tag.
    private var tag: HTMLTag?

    /// The offset of the next token.
    var position: Int { index }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the content of the last start tag as markup: it did not begin an element of HTML with
    /// raw content, as in a drawing.
    mutating func readContentAsMarkup() { rawElement = nil }

    /// Reads all that follows as text (WHATWG HTML section 13.2.5.5).
    mutating func readRestAsText() { isPlainText = true }

    /// The next piece, or nil at the end.
    ///
    /// - Parameter inForeignContent: True in a drawing or formula, where `<![CDATA[` holds text.
    /// - Returns: The piece.
    mutating func next(inForeignContent: Bool = false) -> Token? {
        if isPlainText {
            let rest = index..<bytes.count
            index = bytes.count
            return rest.isEmpty ? nil : .rawText(rest)
        }
        if let element = rawElement {
            rawElement = nil
            let range = rawText(of: element)
            if !range.isEmpty { return .rawText(range) }
        }
        while index < bytes.count {
            let start = index
            index = bytes.firstIndex(of: UInt8(ascii: "<"), from: start)
            if index > start { return .text(start..<index) }
            if inForeignContent, let content = characterData() {
                if !content.isEmpty { return .rawText(content) }
                continue
            }
            if let token = markup() { return token }
        }
        return nil
    }

    /// The content of the `<![CDATA[…]]>` at `index`; nil when there is none.
    private mutating func characterData() -> Range<Int>? {
        let mark = "<![CDATA[".utf8
        guard bytes[index...].starts(with: mark) else { return nil }
        let start = index + mark.count
        let bracket = UInt8(ascii: "]")
        index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">"), index >= start + 2, bytes[index - 1] == bracket,
                bytes[index - 2] == bracket
            {
                index += 1
                return start..<(index - 3)
            }
            index += 1
        }
        return start..<bytes.count
    }

    /// Reads the markup that begins with the `<` at `index`; nil for comments and declarations.
    private mutating func markup() -> Token? {
        let start = index
        guard start + 1 < bytes.count else {
            index += 1
            return .text(start..<index)
        }
        let following = bytes[start + 1]
        if ASCII.isLetter(following) {
            return startTag()
        } else if following == UInt8(ascii: "/") {
            return endTag()
        } else if following == UInt8(ascii: "!") {
            skipDeclaration()
            return nil
        } else if following == UInt8(ascii: "?") {
            skip(past: UInt8(ascii: ">"), from: start + 2)
            return nil
        }
        // A lone `<` is text, together with the text up to the next markup.
        index += 1
        while index < bytes.count,
            bytes[index] != UInt8(ascii: "<") || !beginsMarkup(at: index + 1)
        {
            index += 1
        }
        return .text(start..<index)
    }

    /// True when the byte after a `<` makes it markup.
    private func beginsMarkup(at index: Int) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        return ASCII.isLetter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!")
            || byte == UInt8(ascii: "?")
    }

    /// Reads a start tag; nil when the document ends in it.
    private mutating func startTag() -> Token? {
        let start = index
        index += 1
        let name = name()
        let element = HTMLElement(name, in: bytes)
        let tag = emptyTag(element, nameHash: nameHash(name, of: element))
        let attributesStart = index
        while true {
            let endsWithSlash = skipSpaceAndSlashes()
            guard index < bytes.count else { return nil }
            if bytes[index] == UInt8(ascii: ">") {
                tag.attributes = attributesStart..<index
                index += 1
                tag.isSelfClosing = endsWithSlash
                break
            }
            guard let attribute = attribute() else { return nil }
            tag.add(attribute.name, attribute.value, of: bytes)
        }
        tag.source = start..<index
        if element.hasRawContent { rawElement = element }
        return .startTag(tag)
    }

    /// The tag of before, if nobody has kept it, or a new one.
    private mutating func emptyTag(_ element: HTMLElement, nameHash: UInt64) -> HTMLTag {
        if isKnownUniquelyReferenced(&tag), let tag {
            tag.begin(element, nameHash: nameHash)
            return tag
        }
        let tag = HTMLTag(element: element, nameHash: nameHash)
        self.tag = tag
        return tag
    }

    /// Reads an end tag; nil for `</>` and other bogus comments.
    private mutating func endTag() -> Token? {
        let start = index
        index += 2
        guard index < bytes.count else { return .text(start..<bytes.count) }
        if bytes[index] == UInt8(ascii: ">") {
            index += 1
            return nil
        }
        guard ASCII.isLetter(bytes[index]) else {
            skip(past: UInt8(ascii: ">"), from: index)
            return nil
        }
        let name = name()
        let element = HTMLElement(name, in: bytes)
        // Attributes of an end tag are ignored, but a `>` in their quotes does not end the tag.
        while true {
            skipSpaceAndSlashes()
            guard index < bytes.count else { return nil }
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                return .endTag(element, nameHash: nameHash(name, of: element))
            }
            guard attribute() != nil else { return nil }
        }
    }

    /// The hash of an unknown element's name in lower case; 0 for known elements.
    private func nameHash(_ name: Range<Int>, of element: HTMLElement) -> UInt64 {
        element == .other ? HTMLTokenizer.nameHash(bytes[name]) : 0
    }

    /// The hash of the name of an unknown element.
    static func nameHash(_ name: ArraySlice<UInt8>) -> UInt64 {
        var hash = FNV1a()
        for byte in name.prefix(HTMLTokenizer.hashedBytes) { hash.add(ASCII.lower(byte)) }
        return hash.value
    }

    /// The name of the tag at `index`.
    mutating func name() -> Range<Int> {
        let start = index
        while index < bytes.count, !ASCII.isSpace(bytes[index]),
            bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/")
        {
            index += 1
        }
        return start..<index
    }

    /// One attribute, its value an empty range when it has none; nil at the end of the bytes.
    mutating func attribute() -> (name: Range<Int>, value: Range<Int>)? {
        let nameStart = index
        index += 1
        while index < bytes.count, !ASCII.isSpace(bytes[index]),
            bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/"),
            bytes[index] != UInt8(ascii: "=")
        {
            index += 1
        }
        let name = nameStart..<index
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
            return index < bytes.count ? (name, index..<index) : nil
        }
        index += 1
        skipSpace()
        guard index < bytes.count else { return nil }
        let quote = bytes[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index += 1
            let start = index
            index = bytes.firstIndex(of: quote, from: start)
            guard index < bytes.count else { return nil }
            index += 1
            return (name, start..<(index - 1))
        }
        let start = index
        while index < bytes.count, !ASCII.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") {
            index += 1
        }
        return (name, start..<index)
    }

    private mutating func skipSpace() {
        while index < bytes.count, ASCII.isSpace(bytes[index]) { index += 1 }
    }

    /// - Returns: True when the last skipped byte is a slash.
    @discardableResult
    mutating func skipSpaceAndSlashes() -> Bool {
        let start = index
        while index < bytes.count, ASCII.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/")
        {
            index += 1
        }
        return index > start && bytes[index - 1] == UInt8(ascii: "/")
    }

    mutating func skip(past byte: UInt8, from start: Int) {
        index = min(bytes.firstIndex(of: byte, from: start) + 1, bytes.count)
    }

    /// Skips `<!-- … -->`, `<!doctype>`, `<![if …]>` and the like.
    mutating func skipDeclaration() {
        let start = index
        guard start + 3 < bytes.count, bytes[start + 2] == UInt8(ascii: "-"),
            bytes[start + 3] == UInt8(ascii: "-")
        else {
            skip(past: UInt8(ascii: ">"), from: start + 2)
            return
        }
        index = HTMLTokenizer.endOfComment(bytes, from: start)
    }
}
