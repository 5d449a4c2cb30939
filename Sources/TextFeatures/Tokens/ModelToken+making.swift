// What may stand behind the prefix of a family, each with the token it makes. Adding a case here
// asks for its words (ModelToken+words.swift) and nothing else.

extension ModelToken {
    /// How a message is put together.
    public enum Structure: String, CaseIterable, Sendable {
        /// HTML with a plain-text alternative that says the same.
        case alternative = "alt"
        /// HTML without such an alternative.
        case htmlOnly = "html-only"
        /// A shown text part was sent in base64.
        case base64 = "b64"
        /// An invitation or another calendar entry.
        case calendar
        /// A delivery report, a read receipt and the like (RFC 6522).
        case report

        /// The token of the fact.
        public var token: String { ModelToken.structure.rawValue + rawValue }
    }

    /// What kind of file is attached.
    public enum Attachment: String, CaseIterable, Sendable {
        case document = "doc"
        case program = "exe"
        case zip
        case gzip = "gz"
        case html
        case calendar = "ics"
        case message = "eml"
        case signature = "sig"
        case source = "src"
        case text = "txt"
        case image = "img"
        case other = "oth"

        /// The token of the fact.
        public var token: String { ModelToken.attachment.rawValue + rawValue }
    }

    /// What the header says.
    ///
    /// An organisation is the registered domain of an address.
    public enum Header: String, CaseIterable, Sendable {
        /// From has no address that can be read.
        case noAuthor = "from-bad"
        case freeMailAuthor = "from-free"
        /// Reply-To is at another organisation than From.
        case otherReplyTo = "reply-diff"
        /// … and at a provider of free mail.
        case freeMailReplyTo = "reply-free"
        case addressAsName = "disp-addr"
        case noName = "no-disp"
        /// The author's name is the one of the domain, in whole or in part.
        case nameOfDomain = "name-org"
        /// … or the one of the mailbox.
        case nameOfMailbox = "name-user"
        case nameUnlikeAddress = "name-other"
        /// The author's name is a brand's that phishing imitates, and the domain another's.
        case borrowedBrand = "brand-other"
        /// From's mailbox has three digits and more.
        case digitsInMailbox = "user-digits"
        case digitsInDomain = "dom-digits"
        /// From's domain is under a top-level domain where names cost next to nothing.
        case cheapDomain = "dom-cheap"
        /// … or one that a tenant of a mail service has from it, not its own.
        case tenantDomain = "dom-tenant"
        /// The author's name, the subject or the text has letters that only look like Latin ones.
        case disguisedLetters = "odd-letters"
        /// The author's name has a picture sign.
        case pictureInName = "name-sign"
        /// The subject begins with a recipient's address.
        case recipientInSubject = "subj-to"
        /// Most sites that are linked to cost nothing.
        case throwawayLinks = "links-cheap"
        /// The text names the organisation of From, which is none at a provider of free mail.
        case organizationInWords = "org-named"
        /// … or has its domain in addresses and URLs only.
        case organizationInAddresses = "org-shown"
        case organizationNowhere = "org-absent"
        /// From's mailbox is one of a service, such as `noreply`.
        case roleMailbox = "user-role"
        /// … or the name of its domain below the registered one.
        case roleDomain = "dom-role"
        /// The text has From's name.
        case authorInText = "signed"
        case authorNotInText = "unsigned"
        /// The text has the year of Date.
        case yearInText = "year-now"
        /// … or other years only.
        case otherYearInText = "year-other"
        /// There is a link to a site of From's organisation.
        case ownLinks = "links-own"
        /// There are links, but to other sites only.
        case otherLinks = "links-other"
        /// The envelope sender is at another organisation than From.
        case otherEnvelopeSender = "env-diff"
        /// Message-ID ends with the organisation of From.
        case sameMessageID = "mid-same"
        case noSubject = "no-subj"
        case noRecipient = "no-to"
        case undisclosedRecipients = "undisc"
        case highPriority = "prio"

        /// What a fact about the author is a sign of.
        public enum Sign: Sendable {
            /// Honest senders are like that, so it never counts against one.
            case honest
            /// It never counts for a sender.
            case doubtful
        }

        /// What it is a sign of if it compares what the author says of himself with the address or
        /// with the text; nil for other facts.
        public var signOfAuthor: Sign? {
            switch self {
            case .nameOfDomain, .nameOfMailbox, .organizationInWords, .organizationInAddresses,
                .ownLinks, .roleMailbox, .roleDomain, .authorInText, .yearInText:
                .honest
            case .nameUnlikeAddress, .borrowedBrand, .digitsInMailbox, .digitsInDomain,
                .cheapDomain, .tenantDomain, .disguisedLetters, .pictureInName,
                .recipientInSubject, .throwawayLinks, .organizationNowhere, .otherLinks,
                .authorNotInText, .otherYearInText:
                .doubtful
            case .noAuthor, .freeMailAuthor, .otherReplyTo, .freeMailReplyTo, .addressAsName,
                .noName, .otherEnvelopeSender, .sameMessageID, .noSubject, .noRecipient,
                .undisclosedRecipients, .highPriority:
                nil
            }
        }

        /// Whether it is one of those about the author that a network trusts too much if it reads
        /// them, see ``FactTerm``.
        ///
        /// In a message such facts stand in front of all others.
        public var isBesideNetwork: Bool {
            switch self {
            case .roleMailbox, .roleDomain, .authorInText, .authorNotInText, .yearInText,
                .otherYearInText, .borrowedBrand, .cheapDomain, .tenantDomain, .disguisedLetters,
                .pictureInName, .recipientInSubject, .throwawayLinks:
                true
            default: false
            }
        }

        /// What a fact about the author is expected to add to the log-odds of spam, which mail must
        /// contradict rather than confirm.
        ///
        /// Of 6,000 wanted messages of recent years one borrows a brand and none has letters in
        /// disguise, while 7 to 19 and up to 5 % of the spam do (all counts are in docs/model.md).
        /// The text has told a part of that.
        public var expectedLogOdds: Double {
            switch self {
            case .borrowedBrand, .disguisedLetters: 3
            case .tenantDomain, .pictureInName, .recipientInSubject, .throwawayLinks: 1.5
            case .cheapDomain: 1
            default: 0
            }
        }

        /// The token of the fact.
        public var token: String { ModelToken.header.rawValue + rawValue }
    }

    /// What is odd about a URL.
    public enum URLTrait: String, CaseIterable, Sendable {
        /// The scheme `data:`, whose content is in the URL itself.
        case data
        /// A user name in front of the host.
        case user = "at"
        /// A port other than 80 and 443.
        case port
        case query = "q"
        case longPath = "long"
        /// The host is an IP address.
        case address = "ip"
        /// An internationalised domain name (RFC 5890).
        case international = "idn"
        /// A host name of many labels.
        case deep

        /// The token of the trait; a literal, for URLs are many.
        public var token: String {
            switch self {
            case .data: "<url:data>"
            case .user: "<url:at>"
            case .port: "<url:port>"
            case .query: "<url:q>"
            case .longPath: "<url:long>"
            case .address: "<url:ip>"
            case .international: "<url:idn>"
            case .deep: "<url:deep>"
            }
        }
    }

    /// How many digits a number has.
    public enum Digits: String, CaseIterable, Sendable {
        case one = "1"
        case two = "2"
        case three = "3"
        case four = "4"
        case five = "5-6"
        case seven = "7+"

        /// The class of a number of digits.
        public init(count: Int) {
            switch count {
            case ...1: self = .one
            case 2: self = .two
            case 3: self = .three
            case 4: self = .four
            case 5, 6: self = .five
            default: self = .seven
            }
        }

        /// The token of the class; a literal, for numbers are many.
        public var token: String {
            switch self {
            case .one: "<d1>"
            case .two: "<d2>"
            case .three: "<d3>"
            case .four: "<d4>"
            case .five: "<d5-6>"
            case .seven: "<d7+>"
            }
        }
    }

    /// The token of an HTML element that stands between words, such as `<form>`.
    public static func element(_ name: String) -> String { "\(element.rawValue)\(name)>" }
}

// MARK: Counts

extension ModelToken {
    /// The last counts of all levels but the highest, or none for a family without levels.
    var levelLimits: [Int] {
        switch self {
        case .hiddenWords: [9, 59]
        case .zeroWidth, .mixedWords, .spacedWords: [4]
        case .misleadingLinks, .tagCount: [1, 5, 20, 80]
        default: []
        }
    }

    /// The level of a count, from 1 on.
    private func level(of count: Int) -> Int {
        (levelLimits.firstIndex { count <= $0 } ?? levelLimits.count) + 1
    }

    /// The token of ``hiddenWords``, ``zeroWidth``, ``mixedWords`` or ``spacedWords`` for a count,
    /// or nil for 0.
    public func token(forCount count: Int) -> String? {
        count > 0 ? "\(rawValue)\(level(of: count))>" : nil
    }

    /// The token for a number of HTML elements of one name, or nil for 0.
    public static func tagCount(_ name: String, _ count: Int) -> String? {
        count > 0 ? "\(tagCount.rawValue)\(name):\(tagCount.level(of: count))" : nil
    }

    /// The token for a number of links that name another site, or nil for 0.
    public static func misleadingLinks(_ count: Int) -> String? {
        count > 0 ? "\(misleadingLinks.rawValue)\(misleadingLinks.level(of: count))" : nil
    }

    /// The highest step of ``markupRatio(_:)``.
    static let lastRatioStep = 6

    /// The token for the size of a message's HTML.
    ///
    /// - Parameter step: the binary logarithm of 1 + bytes of HTML for each byte of text, rounded
    ///   down.
    /// - Returns: a token for a step from 0 to ``lastRatioStep``.
    public static func markupRatio(_ step: Int) -> String {
        "\(markupRatio.rawValue)\(min(lastRatioStep, max(0, step)))"
    }
}
