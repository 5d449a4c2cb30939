import ASCIIText

/// Where a text has the organisation of its author.
///
/// Who writes for a company names it, be it in a signature. Spam is sent from a domain that it
/// does not speak of.
enum OrganizationInText {
    /// The name of the domain is among the words, also in several (`Williams Sonoma`).
    case inWords
    /// The domain is only in addresses and URLs.
    case inAddresses
    case nowhere

    /// Bytes that are searched at the front and at the end of a text: letterheads and signatures.
    private static let front = 8_000
    private static let end = 2_000
    /// A shorter name must be a word of its own.
    private static let longName = 4
    /// Bytes that may stand between two letters of a name: spaces, a hyphen, `&`.
    private static let mostBetween = 3
    /// Bytes of an address or URL on either side of a name.
    private static let longestAddress = 100

    /// Looks for the names of a domain; nil if it has none that is anybody's.
    ///
    /// - Parameters:
    ///   - domain: the author's.
    ///   - subject: the subject, UTF-8.
    ///   - text: the visible text, UTF-8.
    init?(_ domain: AuthorDomain, subject: [UInt8], text: [UInt8]) {
        let names = (domain.subdomains + [domain.name]).filter { !$0.isEmpty }.map {
            Array($0.utf8)
        }
        guard !names.isEmpty else { return nil }
        let address = Array(domain.organization.utf8)
        let last = max(OrganizationInText.front, text.count - OrganizationInText.end)
        var isShown = false
        for (text, range) in [
            (subject, subject.indices), (text, 0..<min(text.count, OrganizationInText.front)),
            (text, min(last, text.count)..<text.count),
        ] {
            for name in names {
                var start = range.lowerBound
                while let match = OrganizationInText.match(name, in: text, start..<range.upperBound)
                {
                    start = match.lowerBound + 1
                    let word = OrganizationInText.words(around: match, in: text)
                    if OrganizationInText.isAddress(word) {
                        isShown = isShown || word.lowercasedASCII().contains(bytes: address)
                    } else if name.count >= OrganizationInText.longName
                        || OrganizationInText.isWord(match, in: text)
                    {
                        self = .inWords
                        return
                    }
                }
            }
        }
        self = isShown ? .inAddresses : .nowhere
    }

    /// Where the letters of a name stand first, in any case and with a few other bytes between.
    private static func match(_ name: [UInt8], in text: [UInt8], _ range: Range<Int>) -> Range<Int>?
    {
        let upper = ASCII.isLetter(name[0]) ? name[0] & ~0x20 : name[0]
        let end = range.upperBound
        var start = text.firstIndex(of: name[0], or: upper, from: range.lowerBound, to: end)
        while start < end {
            var index = start + 1
            var matched = 1
            while matched < name.count {
                let least = index
                while index < end, index - least < mostBetween,
                    !ASCII.isLetterOrDigit(text[index])
                { index += 1 }
                guard index < end, ASCII.lower(text[index]) == name[matched] else { break }
                index += 1
                matched += 1
            }
            if matched == name.count { return start..<index }
            start = text.firstIndex(of: name[0], or: upper, from: start + 1, to: end)
        }
        return nil
    }

    /// A stretch of a text, from space to space.
    private static func words(around match: Range<Int>, in text: [UInt8]) -> ArraySlice<UInt8> {
        let front = text[..<match.lowerBound].suffix(longestAddress)
        let rest = text[match.upperBound...].prefix(longestAddress)
        let start = front.lastIndex(where: ASCII.isSpace).map { $0 + 1 } ?? front.startIndex
        return text[start..<(rest.firstIndex(where: ASCII.isSpace) ?? rest.endIndex)]
    }

    /// Whether a name is not part of a longer word.
    private static func isWord(_ match: Range<Int>, in text: [UInt8]) -> Bool {
        func isLetter(_ index: Int) -> Bool {
            text.indices.contains(index) && ASCII.isLetterOrDigit(text[index])
        }
        return !isLetter(match.lowerBound - 1) && !isLetter(match.upperBound)
    }

    /// Whether a word has a sign of an address or URL, or a dot between letters as a host name.
    private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
        word.indices.contains { index in
            switch word[index] {
            case UInt8(ascii: "@"), UInt8(ascii: "/"): true
            case UInt8(ascii: "."):
                index > word.startIndex && index + 1 < word.endIndex
                    && ASCII.isLetterOrDigit(word[index - 1])
                    && ASCII.isLetterOrDigit(word[index + 1])
            default: false
            }
        }
    }
}
