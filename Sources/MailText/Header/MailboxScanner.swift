import ASCIIText

/// Takes an address field apart into its mailboxes (RFC 5322 section 3.4), read leniently.
///
/// Nothing is decoded: what is in an encoded word is never a mark of the field (RFC 2047 section
/// 6.2). Each byte is read a bounded number of times.
struct MailboxScanner {
    /// One mailbox, its encoded words still in it.
    struct Mailbox {
        /// All in front of the address, with comments.
        var name: [UInt8] = []
        /// The name of the group that the mailbox is in (RFC 6854).
        var group: [UInt8] = []
        /// The words outside angle brackets, without comments.
        var words: [UInt8] = []
        /// What the angle brackets hold; nil without any.
        var bracketed: [UInt8]?
        /// The first comment, without its parentheses.
        var comment: [UInt8]?

        fileprivate mutating func append(_ bytes: ArraySlice<UInt8>) {
            name += bytes
            words += bytes
        }
    }

    private let bytes: [UInt8]
    private let lastCloser: Int?
    private var index = 0
    /// The name of the group that the next mailbox is in.
    private var group: [UInt8] = []
    /// The index from which on no quotation mark, and no parenthesis, has its counterpart.
    private var lastQuote: Int
    private var lastParenthesis: Int
    /// No encoded word begins up to this index: it would have white space and a bracket in it.
    private var lastRejected = -1

    /// Begins with the first mailbox of an unfolded value.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lastCloser = EncodedWord.lastCloser(in: bytes[...])
        lastQuote = bytes.lastIndex(of: UInt8(ascii: "\"")) ?? 0
        lastParenthesis = bytes.lastIndex(of: UInt8(ascii: ")")) ?? 0
    }

    /// The next mailbox or what is between two separators; nil at the end.
    mutating func next() -> Mailbox? {
        guard index < bytes.count else { return nil }
        var mailbox = Mailbox()
        scan: while index < bytes.count {
            let start = index
            switch bytes[start] {
            case UInt8(ascii: "\""):
                if let end = quotedEnd() { mailbox.append(bytes[start..<end]) }
            case UInt8(ascii: "("):
                if let end = commentEnd() {
                    mailbox.name += bytes[start..<end]
                    if mailbox.comment == nil {
                        mailbox.comment = Array(bytes[(start + 1)..<(end - 1)])
                    }
                }
            case UInt8(ascii: "<"):
                let content = bracketed()
                if mailbox.bracketed == nil || !content.isEmpty { mailbox.bracketed = content }
                if !content.isEmpty { break scan }
            case UInt8(ascii: ";"):
                index += 1
                break scan
            case UInt8(ascii: ","):
                index += 1
                if mailbox.bracketed != nil || mailbox.words.contains(UInt8(ascii: "@")) {
                    break scan
                }
                // A name with a comma and no quotation marks.
                mailbox.name.append(UInt8(ascii: ","))
                mailbox.words = []
            case UInt8(ascii: ":"):
                index += 1
                if !mailbox.words[...].trimmingSpace().equalsIgnoringCase("mailto") {
                    group = mailbox.name
                }
                mailbox.name = []
                mailbox.words = []
            case UInt8(ascii: "="):
                index = encodedWordEnd() ?? (start + 1)
                mailbox.append(bytes[start..<index])
            default:
                index += 1
                mailbox.append(bytes[start..<index])
            }
        }
        mailbox.group = group
        return mailbox
    }

    /// Moves behind a quoted string; or behind the quotation mark alone, and returns nil, when it
    /// is not closed.
    private mutating func quotedEnd() -> Int? {
        let start = index
        index += 1
        guard start < lastQuote else { return nil }
        var end = index
        while end <= lastQuote {
            if bytes[end] == UInt8(ascii: "\"") {
                index = end + 1
                return index
            }
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        lastQuote = start
        return nil
    }

    /// Moves behind a comment; or behind the parenthesis alone, and returns nil, when it is not
    /// closed.
    private mutating func commentEnd() -> Int? {
        let start = index
        index += 1
        guard start < lastParenthesis else { return nil }
        var end = index
        var depth = 1
        while end <= lastParenthesis {
            let byte = bytes[end]
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 {
                index = end + 1
                return index
            }
            end += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        lastParenthesis = start
        return nil
    }

    /// What is between angle brackets, without comments; of brackets in brackets the inner ones.
    private mutating func bracketed() -> [UInt8] {
        var content: [UInt8] = []
        while index < bytes.count {
            let start = index
            switch bytes[start] {
            case UInt8(ascii: "<"):
                let address = MailboxScanner.untilSeparator(content)
                if address.count < content.count, address.contains(UInt8(ascii: "@")) {
                    return Array(address.trimmingSpace())
                }
                index += 1
                content = []
            case UInt8(ascii: ">"):
                index += 1
                return Array(content[...].trimmingSpace())
            case UInt8(ascii: "\""):
                if let end = quotedEnd() { content += bytes[start..<end] }
            case UInt8(ascii: "("):
                _ = commentEnd()
            default:
                index += 1
                content.append(bytes[start])
            }
        }
        return Array(MailboxScanner.untilSeparator(content).trimmingSpace())
    }

    /// The content of brackets that are not closed: it ends at a separator, unless it is a route.
    private static func untilSeparator(_ content: [UInt8]) -> ArraySlice<UInt8> {
        let isRoute = content.first == UInt8(ascii: "@")
        return content.prefix { isRoute || $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";") }
    }

    /// The index after the encoded word at `index`; nil when there is none.
    ///
    /// Broken words that are never closed must not hide an address: a word with white space and a
    /// bracket is none.
    private mutating func encodedWordEnd() -> Int? {
        guard index > lastRejected,
            let end = EncodedWord.end(of: bytes[...], at: index, lastCloser: lastCloser)
        else { return nil }
        let word = bytes[index..<end]
        guard let bracket = word.lastIndex(of: UInt8(ascii: "<")),
            let space = word.lastIndex(where: ASCII.isSpace)
        else { return end }
        lastRejected = min(bracket, space)
        return nil
    }
}
