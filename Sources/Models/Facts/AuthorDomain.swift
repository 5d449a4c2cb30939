import ASCIIText
import MailText

/// The names in the domain of an author, without what is in those of many.
struct AuthorDomain {
    /// The registered domain, see `PublicSuffix`; the whole domain if nothing is registered.
    let organization: String
    /// The name that the organisation registered, without hyphens; empty if that is no name of
    /// anybody's.
    let name: String
    /// The names below it: shops and teams have theirs at many a service.
    let subdomains: [String]

    /// Names for documentation and tests (RFC 2606 section 2 and 3), under any top-level domain.
    private static let reserved: Set<String> = ["example", "invalid", "localhost", "test"]
    /// An international name in ASCII, which nobody shows (RFC 5890 section 2.3.2.1).
    private static let encodedPrefix = "xn--"
    /// A shorter subdomain names nobody.
    private static let shortestSubdomain = 4
    /// Names that are looked at, from the registered one on.
    private static let mostSubdomains = 3

    /// The domain of an address.
    init(_ author: MailAddress) {
        organization = author.organization
        let isProvider = FreeMailProviders.domains.contains(author.domain)
        let labels = organization.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1)
        name = isProvider || labels.count < 2 ? "" : AuthorDomain.name(of: Substring(labels[0]))
        subdomains =
            isProvider
            ? []
            : author.domain.utf8.dropLast(organization.utf8.count)
                .split(separator: UInt8(ascii: ".")).suffix(AuthorDomain.mostSubdomains)
                .map { AuthorDomain.name(of: Substring($0)) }
                .filter { $0.utf8.count >= AuthorDomain.shortestSubdomain }
    }

    private static func name(of label: Substring) -> String {
        let label = String(label)
        guard !label.utf8.starts(with: encodedPrefix.utf8), !reserved.contains(label),
            !CommonNames.words.contains(label)
        else { return "" }
        return label.utf8.contains(UInt8(ascii: "-"))
            ? label.replacing("-", with: "") : label
    }
}
