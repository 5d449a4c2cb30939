import ASCIIText
import MailText

/// A subject that begins with the recipient's address, as in `a@b.example: mailbox full`.
///
/// A program has put it where others write a name. Honest programs have it further back, as
/// invitations and reports do.
enum RecipientInSubject {
    /// Words that may stand in front of the address, as in `Dear a@b.example`.
    private static let mostWords = 2
    /// Bytes of the subject that are looked at.
    private static let length = 400

    /// Whether it holds for a message.
    static func holds(for content: MailContent) -> Bool {
        let subject = (content.subject ?? []).prefix(length)
        guard subject.contains(UInt8(ascii: "@")) else { return false }
        let recipients = Set(content.header.recipients)
        return subject.lowercasedASCII().split(whereSeparator: ASCII.isSpace)
            .prefix(mostWords + 1)
            .contains { recipients.contains(String(decoding: trimmed($0), as: UTF8.self)) }
    }

    /// Without what is in front of an address and behind it.
    private static func trimmed(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var word = word
        while let first = word.first, first < 0x80, !ASCII.isLetterOrDigit(first) {
            word.removeFirst()
        }
        while let last = word.last, last < 0x80, !ASCII.isLetterOrDigit(last) { word.removeLast() }
        return word
    }
}
