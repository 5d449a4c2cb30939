import ASCIIText
import MailText
import TextFeatures

extension Document {
    /// The facts about a message's header.
    static func headerFacts(_ content: MailContent) -> [String] {
        let header = content.header
        let from = header.from
        let organization = from.organization
        var facts: [String] = []
        func add(_ fact: ModelToken.Header, when holds: Bool) {
            if holds { facts.append(fact.token) }
        }
        add(.noAuthor, when: from.domain.isEmpty)
        add(.freeMailAuthor, when: FreeMailProviders.domains.contains(from.domain))
        if let reply = header.replyTo {
            let differs = reply.organization != organization
            add(.otherReplyTo, when: differs)
            add(
                .freeMailReplyTo,
                when: differs && FreeMailProviders.domains.contains(reply.domain))
        }
        add(.addressAsName, when: from.displayName.utf8.contains(UInt8(ascii: "@")))
        add(.noName, when: from.displayName.isEmpty)
        let envelope = MailAddress.organization(of: header.envelopeSenderDomain)
        add(.otherEnvelopeSender, when: !envelope.isEmpty && envelope != organization)
        let messageID = MailAddress.organization(of: header.messageIDDomain)
        add(.sameMessageID, when: !messageID.isEmpty && messageID == organization)
        add(.noSubject, when: content.subject?.isEmpty ?? true)
        add(.noRecipient, when: !header.hasRecipients)
        add(.undisclosedRecipients, when: header.hasUndisclosedRecipients)
        add(.highPriority, when: header.isHighPriority)
        if let top = organization.split(separator: ".").last, !top.utf8.allSatisfy(ASCII.isDigit) {
            facts.append(ModelToken.authorTopLevelDomain.rawValue + top)
        }
        return facts
    }
}
