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
        guard !author.domain.isEmpty, !author.displayName.contains("@") else { return nil }
        let mailbox = Array(author.localPart.utf8.prefix(AuthorName.longestName))
        var isTelling = false
        var fitsMailbox = false
        for spelling in ASCIISpelling.spellings(of: name) {
            let words = Words(spelling)
            guard words.areMostOfName else { continue }
            if words.fit(registered: domain.label)
                || domain.names.contains(where: { words.fit($0) })
            {
                self = .ofDomain
                return
            }
            isTelling = isTelling || !words.telling.isEmpty
            fitsMailbox =
                fitsMailbox
                || ASCIISpelling.spellings(of: mailbox).contains { words.fit(mailbox: Words($0)) }
        }
        guard fitsMailbox || isTelling && !domain.isInternational else { return nil }
        self = fitsMailbox ? .ofMailbox : .unlikeAddress
    }

    /// The words of a name or a mailbox in lower case, as far as they are of ASCII letters and
    /// digits.
    private struct Words {
        private let all: [String]
        /// Those that few senders have.
        let telling: [String]
        private let joined: String
        /// False for a name in other letters with some Latin ones between.
        let areMostOfName: Bool

        init(_ text: [UInt8]) {
            all = text.split { !ASCII.isLetterOrDigit($0) }.map { word in
                String(decoding: word.lowercasedASCII(), as: UTF8.self)
            }
            telling = all.filter { !CommonNames.words.contains($0) }
            joined = all.joined()
            // A letter of other scripts takes two or three bytes.
            areMostOfName =
                !all.isEmpty && joined.utf8.count * 2 >= text.count(where: { $0 >= 0x80 })
        }

        /// Whether words in a row are the name that is registered, or their initials.
        func fit(registered label: String) -> Bool {
            guard label.utf8.count >= 2 else { return false }
            if label.utf8.elementsEqual(all.compactMap(\.utf8.first)) { return true }
            return all.indices.contains { first in
                var row = ""
                for word in all[first...] where row.utf8.count < label.utf8.count { row += word }
                return row == label
            }
        }

        /// Whether a domain's name is in the author's, or one begins like a word of the other.
        func fit(_ label: String) -> Bool {
            if fit(registered: label) { return true }
            guard label.utf8.count >= AuthorName.longLabel else { return false }
            if joined.contains(label) { return true }
            let start = label.utf8.prefix(AuthorName.sharedLetters)
            return telling.contains { word in
                let front = word.utf8.prefix(AuthorName.sharedLetters)
                return front.count < AuthorName.sharedLetters
                    ? front.count == AuthorName.sharedLetters - 1 && label.hasPrefix(word)
                    : Array(label.utf8).contains(bytes: Array(front))
                        || Array(word.utf8).contains(bytes: Array(start))
            }
        }

        /// Whether a mailbox has one of the words, or the name the mailbox.
        func fit(mailbox: Words) -> Bool {
            let letters = mailbox.joined
            return letters.utf8.count >= AuthorName.shortestMailbox && !mailbox.telling.isEmpty
                && joined.contains(letters)
                || telling.contains {
                    $0.utf8.count >= AuthorName.shortestMailbox && letters.contains($0)
                }
        }
    }
}
