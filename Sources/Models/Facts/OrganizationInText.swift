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

    /// Looks for the names of a domain; nil if it has none that is anybody's.
    ///
    init?(_ domain: AuthorDomain, in text: SearchedText) {
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
        if ([text.subject] + text.body).contains(where: { $0.contains(isNamed) }) {
            self = .inWords
            return
        }
        self = isShown ? .inAddresses : .nowhere
    }
}
