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

    /// Bytes of a text that are searched.
    private static let longestText = 32_000
    /// A shorter name must be a word of its own.
    private static let longName = 4

    /// Looks for the names of a domain; nil if it has none that is anybody's.
    ///
    /// - Parameters:
    ///   - domain: the author's.
    ///   - subject: the subject, UTF-8.
    ///   - text: the visible text, UTF-8.
    init?(_ domain: AuthorDomain, subject: [UInt8], text: [UInt8]) {
        guard !domain.name.isEmpty || !domain.subdomains.isEmpty else { return nil }
        var search = Search(
            domain: Array(domain.organization.utf8), name: Array(domain.name.utf8))
        search.letters.reserveCapacity(min(text.count, OrganizationInText.longestText))
        search.read(subject[...])
        search.read(text.prefix(OrganizationInText.longestText))
        let names = (domain.subdomains + [domain.name]).map { Array($0.utf8) }
        if search.foundWord
            || names.contains(where: {
                $0.count >= OrganizationInText.longName && search.letters.contains(bytes: $0)
            })
        {
            self = .inWords
        } else {
            self = search.foundAddress ? .inAddresses : .nowhere
        }
    }

    /// The letters and digits of a text without its addresses and URLs.
    private struct Search {
        let domain: [UInt8]
        let name: [UInt8]
        var letters: [UInt8] = []
        var foundWord = false
        var foundAddress = false

        /// Reads a text, word by word.
        mutating func read(_ text: ArraySlice<UInt8>) {
            var start = text.startIndex
            var firstLetter = letters.count
            var isAddress = false
            for index in text.indices {
                let byte = text[index]
                if ASCII.isLetterOrDigit(byte) {
                    letters.append(ASCII.lower(byte))
                    isAddress = isAddress || isDot(text, index - 1)
                } else if ASCII.isSpace(byte) {
                    endWord(text[start..<index], firstLetter, isAddress)
                    start = index + 1
                    firstLetter = letters.count
                    isAddress = false
                } else if byte == UInt8(ascii: "@") || byte == UInt8(ascii: "/") {
                    isAddress = true
                }
            }
            endWord(text[start...], firstLetter, isAddress)
        }

        /// Whether there is a dot behind a letter, as in a host name.
        private func isDot(_ text: ArraySlice<UInt8>, _ index: Int) -> Bool {
            index > text.startIndex && text[index] == UInt8(ascii: ".")
                && ASCII.isLetterOrDigit(text[index - 1])
        }

        private mutating func endWord(
            _ word: ArraySlice<UInt8>, _ firstLetter: Int, _ isAddress: Bool
        ) {
            if isAddress {
                letters.removeSubrange(firstLetter...)
                foundAddress =
                    foundAddress
                    || word.count >= domain.count && word.lowercasedASCII().contains(bytes: domain)
            } else if !name.isEmpty, letters.count - firstLetter == name.count {
                foundWord = foundWord || letters[firstLetter...].elementsEqual(name)
            }
        }
    }
}
