import ASCIIText

/// Splits HTML into tags and text the way browsers do (WHATWG HTML section 13.2.5), reading every
/// byte once. It builds no tree and can't fail; what is broken is read as the standard says.
struct HTMLTokenizer {
    /// A piece of the document. Ranges point into the bytes given to the tokenizer.
    enum Token {
        /// Text with its character references still in it.
        case text(Range<Int>)
        /// The content of an element that holds no markup: style, script, title and the like.
        case rawText(Range<Int>)
        case startTag(HTMLTag)
        case endTag(HTMLElement, nameHash: UInt32)
    }

    private let bytes: [UInt8]
    private var index = 0
    /// The element whose raw content comes next.
    private var rawElement: HTMLElement?

    /// - Parameter start: where reading begins, outside of any markup.
    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        index = start
    }

    /// Where the next piece begins.
    var position: Int { index }

    /// The next piece, or nil at the end.
    mutating func next() -> Token? {
        if let element = rawElement {
            rawElement = nil
            let range = rawText(of: element)
            if !range.isEmpty { return .rawText(range) }
        }
        while index < bytes.count {
            let start = index
            while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
            if index > start { return .text(start..<index) }
            if let token = markup() { return token }
        }
        return nil
    }

    /// Reads what a `<` at `index` begins; nil for comments and other silent markup.
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
        // A lone `<` is text, together with what follows up to the next markup.
        index += 1
        while index < bytes.count,
            bytes[index] != UInt8(ascii: "<") || !beginsMarkup(at: index + 1)
        {
            index += 1
        }
        return .text(start..<index)
    }

    /// Whether what stands behind a `<` makes it markup.
    private func beginsMarkup(at place: Int) -> Bool {
        guard place < bytes.count else { return false }
        let byte = bytes[place]
        return ASCII.isLetter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!")
            || byte == UInt8(ascii: "?")
    }

    private mutating func startTag() -> Token? {
        index += 1
        let name = name()
        let element = HTMLElement(name, in: bytes)
        var tag = HTMLTag(element: element, nameHash: nameHash(name, of: element))
        while true {
            skipSpaceAndSlashes()
            guard index < bytes.count else { return nil }
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                break
            }
            guard let attribute = attribute() else { return nil }
            tag.add(attribute.name, attribute.value, of: bytes)
        }
        if element.hasRawContent { rawElement = element }
        return .startTag(tag)
    }

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
        // Attributes of an end tag mean nothing, but their quotes may hold a `>`.
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

    /// FNV-1a of the lower-case name of an unknown element; 0 for known ones, which need none.
    private func nameHash(_ name: Range<Int>, of element: HTMLElement) -> UInt32 {
        guard element == .other else { return 0 }
        return bytes[name].prefix(64).reduce(0x811C_9DC5) {
            ($0 ^ UInt32(ASCII.lower($1))) &* 0x0100_0193
        }
    }

    private mutating func name() -> Range<Int> {
        let start = index
        while index < bytes.count, !ASCII.isSpace(bytes[index]),
            bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/")
        {
            index += 1
        }
        return start..<index
    }

    /// One attribute; its value range is empty when there is none. Nil at the end of the bytes.
    private mutating func attribute() -> (name: Range<Int>, value: Range<Int>)? {
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
            while index < bytes.count, bytes[index] != quote { index += 1 }
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

    private mutating func skipSpaceAndSlashes() {
        while index < bytes.count, ASCII.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/")
        {
            index += 1
        }
    }

    private mutating func skip(past byte: UInt8, from start: Int) {
        index = start
        while index < bytes.count, bytes[index] != byte { index += 1 }
        index = min(index + 1, bytes.count)
    }

    /// `<!-- … -->` with the standard's short and odd endings, `<!doctype>`, `<![if …]>`.
    private mutating func skipDeclaration() {
        let start = index
        guard start + 3 < bytes.count, bytes[start + 2] == UInt8(ascii: "-"),
            bytes[start + 3] == UInt8(ascii: "-")
        else {
            skip(past: UInt8(ascii: ">"), from: start + 2)
            return
        }
        index = HTMLTokenizer.endOfComment(bytes, from: start)
    }

    /// The place behind the comment whose `<!--` stands at `start`.
    static func endOfComment(_ bytes: [UInt8], from start: Int) -> Int {
        // `<!-->` and `<!--->` are whole comments.
        var index = start + 2
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">"), endsComment(bytes, index, from: start + 2) {
                return index + 1
            }
            index += 1
        }
        return index
    }

    private static func endsComment(_ bytes: [UInt8], _ close: Int, from start: Int) -> Bool {
        let hyphen = UInt8(ascii: "-")
        if close >= start + 2, bytes[close - 1] == hyphen, bytes[close - 2] == hyphen {
            return true
        }
        return close >= start + 5 && bytes[close - 1] == UInt8(ascii: "!")
            && bytes[close - 2] == hyphen && bytes[close - 3] == hyphen
    }

    /// The content of a raw element up to its end tag. Browsers run an unclosed `<style>` to the end
    /// of the document; so do we.
    private mutating func rawText(of element: HTMLElement) -> Range<Int> {
        let start = index
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "/")
            {
                let nameStart = index + 2
                var nameEnd = nameStart
                while nameEnd < bytes.count, nameEnd < nameStart + 12,
                    ASCII.isLetter(bytes[nameEnd])
                {
                    nameEnd += 1
                }
                let isWhole =
                    nameEnd >= bytes.count || ASCII.isSpace(bytes[nameEnd])
                    || bytes[nameEnd] == UInt8(ascii: ">") || bytes[nameEnd] == UInt8(ascii: "/")
                if isWhole, HTMLElement(nameStart..<nameEnd, in: bytes) == element {
                    return start..<index
                }
            }
            index += 1
        }
        return start..<bytes.count
    }
}
