import ASCIIText
import MailText
import TextFeatures

/// What an author's display name has in common with the address.
///
/// Companies write under their name from a domain of that name, people from a mailbox of theirs.
/// Who borrows a name, or sends from wherever it is possible, has an address that does not fit.
enum AuthorName {
    /// `Evergreen Trees <office@evergreen.example>`
    case ofDomain
    /// `Ann Miller <miller@shop.example>`
    case ofMailbox
    /// `Your Bank <info@tree-care.example>`
    case unlikeAddress

    /// A name or mailbox of fewer letters is in many others.
    private static let shortest = 3
    /// Letters in a row that a name and a domain don't share by chance.
    private static let sharedLetters = 5
    /// Bytes of a name that are compared.
    private static let longestName = 200

    /// Compares the name and the address of an author; nil when there is nothing to compare: no
    /// address, no name, or one in letters that addresses don't have.
    init?(_ author: MailAddress, from domain: AuthorDomain) {
        let name = author.displayName.utf8.prefix(AuthorName.longestName)
        let words = AuthorName.words(of: name)
        guard !author.domain.isEmpty, !words.isEmpty, !author.displayName.contains("@") else {
            return nil
        }
        let telling = words.filter { !CommonNames.words.contains($0) }
        let labels = ([domain.name] + domain.subdomains).filter { !$0.isEmpty }
        if labels.contains(where: { AuthorName.fits(words, telling, $0) }) {
            self = .ofDomain
        } else if AuthorName.fits(words, telling, mailbox: author.localPart) {
            self = .ofMailbox
        } else {
            self = .unlikeAddress
        }
    }

    /// Whether a name of a domain is the author's, their initials, or shares some letters.
    private static func fits(_ words: [String], _ telling: [String], _ label: String) -> Bool {
        let initials = words.compactMap(\.utf8.first)
        if label.utf8.count >= shortest,
            words.joined().contains(label) || label.utf8.elementsEqual(initials)
        {
            return true
        }
        return telling.contains { word in
            let letters = Array(word.utf8)
            let label = Array(label.utf8)
            guard letters.count >= sharedLetters else {
                return letters.count == sharedLetters - 1 && label.contains(bytes: letters)
            }
            return (0...(letters.count - sharedLetters)).contains {
                label.contains(bytes: Array(letters[$0..<($0 + sharedLetters)]))
            }
        }
    }

    /// Whether a mailbox has a word of the author's name, or the name the mailbox.
    private static func fits(_ words: [String], _ telling: [String], mailbox: String) -> Bool {
        let mailbox = self.words(of: mailbox.utf8).joined()
        return mailbox.utf8.count > shortest && !CommonNames.words.contains(mailbox)
            && words.joined().contains(mailbox)
            || telling.contains { $0.utf8.count >= shortest && mailbox.contains($0) }
    }

    /// The words of a name or a mailbox in lower case, without accents, as far as they are of ASCII
    /// letters and digits.
    private static func words(of text: some Collection<UInt8>) -> [String] {
        let folded = UnicodeFolding(
            Array(text)[...], steps: [.ignorables, .compatibility, .accents])
        return folded.bytes.split { !ASCII.isLetterOrDigit($0) }.map { word in
            String(decoding: word.lowercasedASCII(), as: UTF8.self)
        }
    }
}
