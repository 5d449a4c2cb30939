import ASCIIText
import MailText
import TextFeatures

extension Document {
    /// Digits of a mailbox that few people and companies have.
    private static let manyDigits = 3

    /// The facts about a message's header and its author.
    static func headerFacts(_ content: MailContent) -> [String] {
        let header = content.header
        let from = header.from
        let domain = AuthorDomain(from)
        let organization = domain.organization
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
        add(.addressAsName, when: from.displayName.contains("@"))
        add(.noName, when: from.displayName.isEmpty)
        facts += authorFacts(content, domain)
        let envelope = MailAddress.organization(of: header.envelopeSenderDomain)
        add(.otherEnvelopeSender, when: !envelope.isEmpty && envelope != organization)
        let messageID = MailAddress.organization(of: header.messageIDDomain)
        add(.sameMessageID, when: !messageID.isEmpty && messageID == organization)
        add(.noSubject, when: content.subject?.isEmpty ?? true)
        add(.noRecipient, when: !header.hasRecipients)
        add(.undisclosedRecipients, when: header.hasUndisclosedRecipients)
        add(.highPriority, when: header.isHighPriority)
        return facts
    }

    /// What the author's name, address and organisation have in common with one another, the text
    /// and its links; and the address itself.
    private static func authorFacts(_ content: MailContent, _ domain: AuthorDomain) -> [String] {
        let from = content.header.from
        var facts: [ModelToken.Header] = []
        switch AuthorName(from, from: domain) {
        case .ofDomain: facts.append(.nameOfDomain)
        case .ofMailbox: facts.append(.nameOfMailbox)
        case .unlikeAddress: facts.append(.nameUnlikeAddress)
        case nil: break
        }
        if from.localPart.utf8.count(where: ASCII.isDigit) >= manyDigits {
            facts.append(.digitsInMailbox)
        }
        if domain.label.utf8.contains(where: ASCII.isDigit) { facts.append(.digitsInDomain) }
        let text = content.body
        switch OrganizationInText(domain, subject: content.subject ?? [], text: text.bytes) {
        case .inWords: facts.append(.organizationInWords)
        case .inAddresses: facts.append(.organizationInAddresses)
        case .nowhere: facts.append(.organizationNowhere)
        case nil: break
        }
        if !domain.label.isEmpty || domain.isInternational {
            switch LinkedSites(in: text, of: domain.organization) {
            case .own: facts.append(.ownLinks)
            case .others: facts.append(.otherLinks)
            case nil: break
            }
        }
        var tokens = facts.map(\.token)
        if let top = domain.organization.split(separator: ".").last,
            !top.utf8.allSatisfy(ASCII.isDigit)
        {
            tokens.append(ModelToken.authorTopLevelDomain.rawValue + top)
        }
        return tokens
    }
}
