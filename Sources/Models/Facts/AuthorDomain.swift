import ASCIIText
import MailText

/// The names in the domain of an author.
struct AuthorDomain {
    /// The registered domain, see `PublicSuffix`; the whole domain if nothing is registered.
    let organization: String
    /// The name that the organisation registered, letters and digits alone; empty where there is
    /// none to compare: at a provider of free mail, in other letters than ASCII, in an IP address.
    let label: String
    /// True when it may be in other letters than ASCII.
    let isInternational: Bool
    /// Whether a name below the registered one is that of a service, as in `mail.example.com`.
    let hasRoleName: Bool
    /// ``label`` and names below it, for shops and teams have theirs at many a service, without
    /// what is in the domains of many.
    let names: [String]

    /// Names for documentation and tests (RFC 2606 section 2 and 3), under any top-level domain.
    private static let reserved: Set<String> = ["example", "invalid", "localhost", "test"]
    /// An international name in ASCII, which nobody shows (RFC 5890 section 2.3.2.1).
    private static let encodedPrefix = "xn--"
    /// A shorter name below the registered one names nobody.
    private static let shortestSubdomain = 4
    /// Names that are looked at, from the registered one on.
    private static let mostSubdomains = 3
    /// The longest label of a name (RFC 1035 section 2.3.4).
    private static let longestLabel = 63

    /// The domain of an address.
    init(_ author: MailAddress) {
        organization = author.organization
        let labels = organization.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1)
        let isName =
            labels.count == 2 && !FreeMailProviders.domains.contains(author.domain)
            && !ASCII.isDigit(organization.utf8.last ?? 0)
        isInternational = isName && AuthorDomain.isInternational(Substring(labels[0]))
        label =
            isName && labels[0].count <= AuthorDomain.longestLabel && !isInternational
            ? AuthorDomain.letters(of: Substring(labels[0])) : ""
        let below =
            isName && author.domain.hasSuffix(organization)
            ? author.domain.utf8.dropLast(organization.utf8.count)
                .split(separator: UInt8(ascii: ".")).suffix(AuthorDomain.mostSubdomains)
                .map { Substring($0) } : []
        hasRoleName = below.contains { RoleNames.areAll(of: $0) }
        var names = label.isEmpty ? [] : [label]
        if !below.isEmpty {
            names +=
                below
                .filter { $0.utf8.count <= AuthorDomain.longestLabel }
                .filter { !AuthorDomain.isInternational($0) }
                .map(AuthorDomain.letters)
                .filter { $0.utf8.count >= AuthorDomain.shortestSubdomain }
        }
        self.names = Set(names).sorted().filter {
            $0.utf8.count > 1 && !AuthorDomain.reserved.contains($0)
                && !CommonNames.words.contains($0)
        }
    }

    private static func isInternational(_ label: Substring) -> Bool {
        label.utf8.contains { $0 >= 0x80 } || label.utf8.starts(with: encodedPrefix.utf8)
    }

    private static func letters(of label: Substring) -> String {
        String(decoding: label.utf8.filter(ASCII.isLetterOrDigit), as: UTF8.self)
    }
}
