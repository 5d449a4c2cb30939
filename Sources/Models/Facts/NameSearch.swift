import ASCIIText

/// Looks for a name of a domain in a text.
struct NameSearch {
    /// Whether the domain was found in an address or URL.
    private(set) var foundAddress = false
    private let name: [UInt8]
    private let address: [UInt8]
    private let text: [UInt8]

    /// A shorter name must be a word of its own, or several; a longer one must begin one.
    private static let longName = 6
    /// Bytes that may stand between two letters of a name: spaces, a hyphen, `&`.
    private static let mostBetween = 3
    /// Places of a name that may have such bytes: few words, or some spaced letters.
    private static let mostGaps = 16
    /// Bytes of an address or URL on either side of a name.
    private static let longestAddress = 100

    init(_ name: [UInt8], _ address: [UInt8], in text: [UInt8]) {
        self.name = name
        self.address = address
        self.text = text
    }

    /// Whether the name is among the words.
    mutating func findsWord() -> Bool {
        var start = 0
        while let match = match(from: start) {
            start = match.range.lowerBound + 1
            let words = stretch(around: match.range)
            if NameSearch.isAddress(words) {
                foundAddress = foundAddress || words.lowercasedASCII().contains(bytes: address)
                start = max(start, words.endIndex)
            } else if endsWord(match.range.upperBound)
                || !match.hasGaps && name.count >= NameSearch.longName
            {
                return true
            }
        }
        return false
    }

    /// Where the letters of the name stand next, from the beginning of a word on, in any case and
    /// with a few other bytes between some of them.
    ///
    /// The bound on gaps keeps the time linear: a text can be full of words that begin like it.
    private func match(from start: Int) -> (range: Range<Int>, hasGaps: Bool)? {
        let upper = ASCII.isLetter(name[0]) ? name[0] & ~0x20 : name[0]
        var start = text.firstIndex(of: name[0], or: upper, from: start)
        while start < text.count {
            if beginsWord(start), let match = match(at: start) { return match }
            start = text.firstIndex(of: name[0], or: upper, from: start + 1)
        }
        return nil
    }

    private func match(at start: Int) -> (range: Range<Int>, hasGaps: Bool)? {
        var index = start + 1
        var gaps = 0
        for letter in name.dropFirst() {
            let least = index
            while index < text.count, index - least < NameSearch.mostBetween,
                !ASCII.isLetterOrDigit(text[index])
            { index += 1 }
            if index > least { gaps += 1 }
            guard index < text.count, gaps <= NameSearch.mostGaps,
                ASCII.lower(text[index]) == letter
            else { return nil }
            index += 1
        }
        return (start..<index, gaps > 0)
    }

    private func beginsWord(_ index: Int) -> Bool {
        index == 0 || !ASCII.isLetterOrDigit(text[index - 1])
    }

    private func endsWord(_ index: Int) -> Bool {
        index == text.count || !ASCII.isLetterOrDigit(text[index])
    }

    /// What stands around a match, from space to space.
    private func stretch(around match: Range<Int>) -> ArraySlice<UInt8> {
        let front = text[..<match.lowerBound].suffix(NameSearch.longestAddress)
        let rest = text[match.upperBound...].prefix(NameSearch.longestAddress)
        let start = front.lastIndex(where: ASCII.isSpace).map { $0 + 1 } ?? front.startIndex
        return text[start..<(rest.firstIndex(where: ASCII.isSpace) ?? rest.endIndex)]
    }

    /// Whether a word has a sign of an address or URL, or a dot between letters as a host name.
    private static func isAddress(_ word: ArraySlice<UInt8>) -> Bool {
        word.indices.contains { index in
            switch word[index] {
            case UInt8(ascii: "@"): true
            case UInt8(ascii: ":"): word[index...].startsIgnoringCase("://")
            case UInt8(ascii: "."):
                index > word.startIndex && index + 1 < word.endIndex
                    && ASCII.isLetterOrDigit(word[index - 1])
                    && ASCII.isLetterOrDigit(word[index + 1])
            default: false
            }
        }
    }
}
