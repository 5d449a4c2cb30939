// The tokens in words that a mail administrator understands. Explanations and the header field
// `X-Spam-Reason` show them in brackets; the field cuts at 40 characters, so facts keep to 38.

extension ModelToken {
    /// What a token says, or nil when it is a word or sign of the text, which says it itself.
    ///
    /// Values that this version does not know fall back to their spelling.
    public static func words(for token: String) -> String? {
        guard let family = ModelToken(token) else { return nil }
        return family.words(for: token)
    }

    private func words(for token: String) -> String {
        if let words = fixedWords { return words }
        let value = value(in: token)
        let known: String? =
            switch self {
            case .hiddenWords: levelWords(value, "hidden words")
            case .zeroWidth: levelWords(value, "hidden characters in words")
            case .mixedWords: levelWords(value, "words in look-alike letters")
            case .spacedWords: levelWords(value, "words in s p a c e d letters")
            case .shape: WordShape(token: token).map(\.words)
            case .number: Digits(rawValue: value).map(\.words)
            case .urlTrait: URLTrait(rawValue: value).map(\.words)
            case .fileEnding: "link to a .\(value) file"
            case .topLevelDomain: "link under .\(value)"
            case .hostLabel: "link host \(value)"
            case .attachment: Attachment(rawValue: value).map(\.words) ?? "attachment (\(value))"
            case .structure: Structure(rawValue: value).map(\.words)
            case .header: Header(rawValue: value).map(\.words)
            case .misleadingLinks:
                countWords(value, "link that names another site", "links that name another site")
            case .authorTopLevelDomain: "sender under .\(value)"
            case .markupRatio: Int(value).flatMap(ModelToken.ratioWords)
            case .tagCount: tagWords(value)
            case .element: ModelToken.elementWords[value] ?? "HTML element \(value)"
            default: nil
            }
        return known ?? token
    }

    /// The words of families whose tokens have no value.
    private var fixedWords: String? {
        switch self {
        case .padding: "padding"
        case .unknown: "unknown word"
        case .subject: "Subject"
        case .body: "text"
        case .lookalikes: "look-alike letters"
        case .leet: "digits or signs as letters"
        case .capitals: "CAPITALS"
        case .long: "very long word"
        case .url: "web address"
        case .email: "e-mail address"
        case .link: "link"
        case .image: "image"
        case .pixel: "tracking pixel"
        case .differingAlternative: "plain text says something else"
        case .mailLink: "e-mail link"
        case .phoneLink: "telephone link"
        default: nil
        }
    }

    /// What stands behind the prefix, without the `>`.
    private func value(in token: String) -> String {
        let rest = token.dropFirst(rawValue.count)
        return String(rawValue.hasPrefix("<") && rest.hasSuffix(">") ? rest.dropLast() : rest)
    }

    /// The counts of a level: `under 10`, `10 to 59`, `60 or more` of something.
    private func levelWords(_ level: String, _ things: String) -> String? {
        guard let range = counts(ofLevel: level) else { return nil }
        guard let most = range.most else { return "\(range.least) or more \(things)" }
        return range.least == 1
            ? "under \(most + 1) \(things)" : "\(range.least) to \(most) \(things)"
    }

    /// The counts of a level: `1 link`, `2 to 5 links`, `over 80 links`.
    private func countWords(_ level: String, _ one: String, _ many: String) -> String? {
        guard let range = counts(ofLevel: level) else { return nil }
        guard let most = range.most else { return "over \(range.least - 1) \(many)" }
        return most == 1 ? "1 \(one)" : "\(range.least) to \(most) \(many)"
    }

    /// The least and the largest count of a level; no largest for the highest level.
    private func counts(ofLevel level: String) -> (least: Int, most: Int?)? {
        let limits = levelLimits
        guard let level = Int(level), (1...(limits.count + 1)).contains(level) else { return nil }
        let least = level == 1 ? 1 : limits[level - 2] + 1
        return (least, level <= limits.count ? limits[level - 1] : nil)
    }

    private func tagWords(_ value: String) -> String? {
        let parts = value.split(separator: ":")
        guard parts.count == 2 else { return nil }
        let name = String(parts[0])
        let names = ModelToken.tagNames[name] ?? ("\(name) element", "\(name) elements")
        return countWords(String(parts[1]), names.one, names.many)
    }

    /// The counted HTML elements, by what they are for.
    private static let tagNames: [String: (one: String, many: String)] = [
        "font": ("font change", "font changes"),
        "b": ("bold passage", "bold passages"),
        "center": ("centred block", "centred blocks"),
        "table": ("table", "tables"),
        "img": ("image", "images"),
        "a": ("link", "links"),
        "br": ("forced line break", "forced line breaks"),
        "style": ("style sheet", "style sheets"),
        "span": ("styled passage", "styled passages"),
        "div": ("layout block", "layout blocks"),
        "form": ("form", "forms"),
        "script": ("script", "scripts"),
    ]

    private static let elementWords: [String: String] = [
        "area": "link in an image map", "button": "button", "embed": "embedded object",
        "form": "form", "iframe": "embedded page", "input": "input field", "map": "image map",
        "object": "embedded object", "select": "selection list", "textarea": "text field",
    ]

    /// The ratio doubles with each step: step 1 is up to three bytes of HTML for a byte of text.
    private static func ratioWords(_ step: Int) -> String? {
        switch step {
        case 0: "less layout than text"
        case 1: "little layout for its text"
        case 2: "some layout for its text"
        case 3: "much layout for its text"
        case 4: "very much layout for its text"
        case 5: "mostly layout, little text"
        case lastRatioStep: "nearly all layout, hardly any text"
        default: nil
        }
    }
}

extension ModelToken.Structure {
    /// The fact in words.
    var words: String {
        switch self {
        case .alternative: "HTML and plain-text versions"
        case .htmlOnly: "no plain-text version"
        case .base64: "text encoded in base64"
        case .calendar: "calendar invitation"
        case .report: "delivery report"
        }
    }
}

extension ModelToken.Attachment {
    /// The fact in words.
    var words: String {
        switch self {
        case .document: "attached document"
        case .program: "attached program"
        case .zip: "attached ZIP, RAR or 7z archive"
        case .gzip: "attached tar or compressed file"
        case .html: "attached web page"
        case .calendar: "attached calendar entry"
        case .message: "attached message"
        case .signature: "digital signature"
        case .source: "attached source code"
        case .text: "attached text file"
        case .image: "attached image"
        case .other: "attachment of another type"
        }
    }
}

extension ModelToken.Header {
    /// The fact in words.
    var words: String {
        switch self {
        case .noAuthor: "no address in From"
        case .freeMailAuthor: "From at a free mail provider"
        case .otherReplyTo: "Reply-To at another domain"
        case .freeMailReplyTo: "Reply-To at a free mail provider"
        case .addressAsName: "an address as the sender's name"
        case .noName: "no sender name"
        case .nameOfDomain: "sender's name fits the domain"
        case .nameOfMailbox: "sender's name fits the mailbox"
        case .nameUnlikeAddress: "sender's name unlike the address"
        case .borrowedBrand: "name of a brand at another's domain"
        case .digitsInMailbox: "digits in the sender's mailbox"
        case .digitsInDomain: "digits in the sender's domain"
        case .cheapDomain: "sender under a cheap top-level domain"
        case .tenantDomain: "sender without a domain of its own"
        case .disguisedLetters: "letters in disguise"
        case .pictureInName: "picture sign in the sender's name"
        case .recipientInSubject: "Subject begins with your address"
        case .throwawayLinks: "links to throw-away sites"
        case .organizationInWords: "text names the sender's domain"
        case .organizationInAddresses: "sender's domain in addresses alone"
        case .organizationNowhere: "sender's domain not in the text"
        case .roleMailbox: "sender's mailbox is a service's"
        case .roleDomain: "sender's domain is a service's"
        case .authorInText: "text has the sender's name"
        case .authorNotInText: "sender's name not in the text"
        case .yearInText: "text has the year of Date"
        case .otherYearInText: "text has other years than Date"
        case .ownLinks: "link to the sender's site"
        case .otherLinks: "links to other sites alone"
        case .otherEnvelopeSender: "envelope sender at another domain"
        case .sameMessageID: "Message-ID of the sender's domain"
        case .noSubject: "no Subject"
        case .noRecipient: "no recipient in To or Cc"
        case .undisclosedRecipients: "undisclosed recipients"
        case .highPriority: "marked as urgent"
        }
    }
}

extension ModelToken.URLTrait {
    /// The trait in words.
    var words: String {
        switch self {
        case .data: "link with its content inside"
        case .user: "link with a user name"
        case .port: "link to an unusual port"
        case .query: "link with a query"
        case .longPath: "link with a long path"
        case .address: "link to an IP address"
        case .international: "link with an international host name"
        case .deep: "link to a deep subdomain"
        }
    }
}

extension ModelToken.Digits {
    /// The class in words.
    var words: String {
        switch self {
        case .one: "number of 1 digit"
        case .two: "number of 2 digits"
        case .three: "number of 3 digits"
        case .four: "number of 4 digits"
        case .five: "number of 5 or 6 digits"
        case .seven: "number of 7 or more digits"
        }
    }
}

extension WordShape {
    /// The shape in words.
    var words: String {
        let letters =
            switch length {
            case .short: "1-4"
            case .medium: "5-8"
            case .long: "9-14"
            case .veryLong: "15+"
            }
        switch content {
        case .letters(let vowels):
            let share = ["no", "few", "some", "many"][vowels]
            return "unknown \(letters) letter word, \(share) vowels"
        case .digits: return "unknown \(letters) letter word with digits"
        case .foreign: return "unknown \(letters) letter non-ASCII word"
        }
    }
}
