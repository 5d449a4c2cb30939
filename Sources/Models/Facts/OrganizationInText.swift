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

    /// Bytes that are searched of a subject, and at the front and at the end of a text, where
    /// letterheads and signatures are.
    private static let subject = 1_000
    private static let front = 8_000
    private static let end = 2_000

    /// Looks for the names of a domain; nil if it has none that is anybody's.
    ///
    /// - Parameters:
    ///   - domain: the author's.
    ///   - subject: the subject, UTF-8.
    ///   - text: the visible text, UTF-8.
    init?(_ domain: AuthorDomain, subject: [UInt8], text: [UInt8]) {
        guard !domain.names.isEmpty else { return nil }
        let names = domain.names.map { Array($0.utf8) }
        let address = Array(domain.organization.utf8)
        var isShown = false
        func isNamed(in text: [UInt8]) -> Bool {
            names.contains { name in
                var search = NameSearch(name, address, in: text)
                let isNamed = search.findsWord()
                isShown = isShown || search.foundAddress
                return isNamed
            }
        }
        let (front, end) = (OrganizationInText.front, OrganizationInText.end)
        let pieces =
            text.count <= front + end ? [text[...]] : [text.prefix(front), text.suffix(end)]
        for piece in [subject.prefix(OrganizationInText.subject)] + pieces {
            // Most texts name their author as the domain is spelled.
            if isNamed(in: Array(piece))
                || piece.contains(where: { $0 >= 0x80 })
                    && ASCIISpelling.spellings(of: piece).contains(where: isNamed)
            {
                self = .inWords
                return
            }
        }
        self = isShown ? .inAddresses : .nowhere
    }
}
