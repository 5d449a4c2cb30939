import ASCIIText
import MailText

/// How much of its author's name a text has, as a signature or a footer has it.
enum AuthorInText {
    /// All words of the name, in any order.
    case whole
    case part
    case nothing

    /// A shorter word is in many texts.
    private static let shortestWord = 3
    /// Words of a name that are looked for, and bytes in which they stand.
    private static let mostWords = 6
    private static let longestName = 200

    /// Looks for a name; nil if it has no word that few senders have.
    init?(_ author: MailAddress, in text: SearchedText) {
        let name = Array(author.displayName.utf8.prefix(AuthorInText.longestName))
        guard !name.contains(UInt8(ascii: "@")) else { return nil }
        let shares = ASCIISpelling.spellings(of: name).compactMap { spelling -> Double? in
            let words = AuthorInText.words(of: spelling)
            guard !words.isEmpty else { return nil }
            let found = words.count { word in text.body.contains { $0.contains(word: word) } }
            return Double(found) / Double(words.count)
        }
        guard let share = shares.max() else { return nil }
        self = share == 1 ? .whole : share > 0 ? .part : .nothing
    }

    /// The words of a name in lower case, those of other scripts as they are.
    private static func words(of name: [UInt8]) -> [[UInt8]] {
        let words = name.lowercasedASCII().split { $0 < 0x80 && !ASCII.isLetterOrDigit($0) }
            .map(Array.init)
        return Array(
            words.filter { $0.count >= shortestWord && !CommonNames.contain($0) }
                .prefix(mostWords))
    }
}

extension SearchedText.Piece {
    /// Whether a word in lower case occurs outside of addresses.
    fileprivate func contains(word: [UInt8]) -> Bool {
        contains { text in
            // In scripts without spaces a name stands anywhere.
            guard word.allSatisfy({ $0 < 0x80 }) else { return text.contains(bytes: word) }
            var search = NameSearch(word, [], in: text)
            return search.findsWord()
        }
    }
}
