import ASCIIText
import MailText
import TextFeatures

extension Document {
    /// Digits of a mailbox that few people and companies have.
    private static let manyDigits = 3

    /// What the author's name, address and organisation have in common with one another, the text
    /// and its links; and the address itself.
    static func authorFacts(_ content: MailContent) -> [String] {
        let from = content.header.from
        let domain = AuthorDomain(from)
        let text = SearchedText(subject: content.subject ?? [], text: content.body.bytes)
        let sites = LinkedSites(in: content.body, of: domain.organization)
        let hasOwnSite = !domain.label.isEmpty || domain.isInternational
        let signature: ModelToken.Header? =
            switch AuthorInText(from, in: text) {
            case .whole: .authorInText
            case .nothing: .authorNotInText
            case .part, nil: nil
            }
        // Those that a network may not read come first.
        let facts: [ModelToken.Header?] = [
            RoleNames.areAll(of: from.localPart) ? .roleMailbox : nil,
            domain.hasRoleName ? .roleDomain : nil,
            signature,
            content.header.date.flatMap { YearInText($0, in: text) }.map(Document.fact),
            BrandInName.isBorrowed(by: from) ? .borrowedBrand : nil,
            CheapDomains.contain(domain.organization) ? .cheapDomain : nil,
            FreeHosts.areOfTenant(from.domain) && !isOfServer(content) ? .tenantDomain : nil,
            DisguisedLetters.are(in: content) ? .disguisedLetters : nil,
            PictureSigns.are(in: from.displayName) ? .pictureInName : nil,
            RecipientInSubject.holds(for: content) ? .recipientInSubject : nil,
            sites.areThrowaway ? .throwawayLinks : nil,
            AuthorName(from, from: domain).map(Document.fact),
            from.localPart.utf8.count(where: ASCII.isDigit) >= manyDigits ? .digitsInMailbox : nil,
            domain.label.utf8.contains(where: ASCII.isDigit) ? .digitsInDomain : nil,
            OrganizationInText(domain, in: text).map(Document.fact),
            hasOwnSite ? sites.owner.map(Document.fact) : nil,
        ]
        return facts.compactMap { $0?.token }
    }

    /// Whether the message is one that Exchange Online writes about mail of a tenant.
    private static func isOfServer(_ content: MailContent) -> Bool {
        content.isReport
            || content.header.from.localPart.lowercased().hasPrefix("microsoftexchange")
    }

    private static func fact(_ name: AuthorName) -> ModelToken.Header {
        switch name {
        case .ofDomain: .nameOfDomain
        case .ofMailbox: .nameOfMailbox
        case .unlikeAddress: .nameUnlikeAddress
        }
    }

    private static func fact(_ place: OrganizationInText) -> ModelToken.Header {
        switch place {
        case .inWords: .organizationInWords
        case .inAddresses: .organizationInAddresses
        case .nowhere: .organizationNowhere
        }
    }

    private static func fact(_ year: YearInText) -> ModelToken.Header {
        switch year {
        case .same: .yearInText
        case .other: .otherYearInText
        }
    }

    private static func fact(_ owner: LinkedSites.Owner) -> ModelToken.Header {
        switch owner {
        case .author: .ownLinks
        case .others: .otherLinks
        }
    }
}
