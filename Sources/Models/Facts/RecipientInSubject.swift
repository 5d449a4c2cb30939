import ASCIIText
import MailText

/// A subject that has the recipient's address, which a program has put there: nobody calls somebody
/// by his address.
enum RecipientInSubject {
    /// Bytes of the subject that are looked at.
    private static let length = 1_000

    /// Whether it holds for a message.
    static func holds(for content: MailContent) -> Bool {
        let subject = (content.subject ?? []).prefix(length)
        guard subject.contains(UInt8(ascii: "@")) else { return false }
        let text = subject.lowercasedASCII()
        return content.header.recipients.contains { text.contains(bytes: Array($0.utf8)) }
    }
}
