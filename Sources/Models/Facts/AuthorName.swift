import ASCIIText
import MailText

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

    /// A mailbox of fewer letters is in many names.
    private static let shortestMailbox = 3
    /// A domain's name of fewer letters is in many words.
    private static let longLabel = 5
    /// Letters that the beginning of a word and a domain don't share by chance.
    private static let sharedLetters = 5
    /// Bytes of a name and a mailbox that are compared.
    private static let longestName = 200

    /// Compares the name and the address of an author.
    ///
    /// Nil when there is nothing to compare: no address, no name, one that many senders have, or
    /// one in other letters than the address.
    init?(_ author: MailAddress, from domain: AuthorDomain) {
        let name = Array(author.displayName.utf8.prefix(AuthorName.longestName))
        guard !author.domain.isEmpty, !author.displayName.utf8.contains(UInt8(ascii: "@")) else {
            return nil
        }
        let label = Array(domain.label.utf8)
        let names = domain.names.map { Array($0.utf8) }
        var mailboxes: [Words]?
        var isTelling = false
        var fitsMailbox = false
        for spelling in ASCIISpelling.spellings(of: name) {
            let words = Words(spelling)
            guard words.areMostOfName else { continue }
            if words.fit(registered: label) || names.contains(where: { words.fit($0) }) {
                self = .ofDomain
                return
            }
            isTelling = isTelling || !words.telling.isEmpty
            let spelled = mailboxes ?? AuthorName.mailboxes(of: author)
            mailboxes = spelled
            fitsMailbox = fitsMailbox || spelled.contains(where: words.fit(mailbox:))
        }
        guard fitsMailbox || isTelling && !domain.isInternational else { return nil }
        self = fitsMailbox ? .ofMailbox : .unlikeAddress
    }

    private static func mailboxes(of author: MailAddress) -> [Words] {
        ASCIISpelling.spellings(of: author.localPart.utf8.prefix(longestName)).map { Words($0) }
    }

    /// The words of a name or a mailbox in lower case, as far as they are of ASCII letters and
    /// digits.
    private struct Words {
        private let all: [[UInt8]]
        /// Those that few senders have.
        let telling: [[UInt8]]
        private let joined: [UInt8]
        /// False for a name in other letters with some Latin ones between.
        let areMostOfName: Bool

        init(_ text: [UInt8]) {
            all = text.lowercasedASCII().split { !ASCII.isLetterOrDigit($0) }.map(Array.init)
            telling = all.filter { !CommonNames.contain($0) }
            joined = Array(all.joined())
            // A letter of other scripts takes two or three bytes.
            areMostOfName =
                !all.isEmpty && joined.count * 2 >= text.count(where: { $0 >= 0x80 })
        }

        /// Whether words in a row are the name that is registered, or their initials.
        func fit(registered label: [UInt8]) -> Bool {
            guard label.count >= 2 else { return false }
            if label.elementsEqual(all.lazy.compactMap(\.first)) { return true }
            return all.indices.contains { first in
                var rest = label[...]
                for word in all[first...] {
                    guard rest.starts(with: word) else { return false }
                    rest = rest.dropFirst(word.count)
                    if rest.isEmpty { return true }
                }
                return false
            }
        }

        /// Whether a domain's name is in the author's, or one begins like a word of the other.
        func fit(_ label: [UInt8]) -> Bool {
            if fit(registered: label) { return true }
            guard label.count >= AuthorName.longLabel else { return false }
            if joined.contains(bytes: label) { return true }
            let start = Array(label.prefix(AuthorName.sharedLetters))
            return telling.contains { word in
                if word.count < AuthorName.sharedLetters {
                    return word.count == AuthorName.sharedLetters - 1 && label.starts(with: word)
                }
                return label.contains(bytes: Array(word.prefix(AuthorName.sharedLetters)))
                    || word.contains(bytes: start)
            }
        }

        /// Whether a mailbox has one of the words, or the name the mailbox.
        func fit(mailbox: Words) -> Bool {
            let letters = mailbox.joined
            return letters.count >= AuthorName.shortestMailbox && !mailbox.telling.isEmpty
                && joined.contains(bytes: letters)
                || telling.contains {
                    $0.count >= AuthorName.shortestMailbox && letters.contains(bytes: $0)
                }
        }
    }
}
