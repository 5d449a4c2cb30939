/// The families of tokens that siftd puts into a model's input beside the words of a message.
///
/// Nothing else knows how they are spelled. Vocabularies of trained models contain
/// these spellings, so none may change. The raw value of a family is its whole spelling, or the
/// prefix that all of its tokens begin with. No word of a text can equal such a token: the
/// tokenisers cut text at `<` and `:`.
///
/// The order of the cases is the order of ``markers``, and so of the first ids of a vocabulary.
public enum ModelToken: String, CaseIterable, Sendable {
    // Ids 0 and 1 of every vocabulary.
    case padding = "<pad>"
    /// A word that the vocabulary lacks, in a pipeline without shapes.
    case unknown = "<unk>"

    // Where the parts of a message begin.
    case subject = "<subj>"
    case body = "<body>"

    // In front of the word that they describe.
    /// A word in which look-alike letters stood for Latin ones.
    case lookalikes = "<mixed>"
    /// A word in which digits and signs stood for letters.
    case leet = "<leet>"
    /// The first of several words in capitals.
    case capitals = "<caps>"
    /// A word that was cut.
    case long = "<long>"

    // What stands in the text.
    /// A URL that can be read in the text.
    case url = "<url>"
    case email = "<email>"
    /// A link of HTML.
    case link = "<a>"
    case image = "<img>"
    /// An image of at most two pixels a side.
    case pixel = "<img1>"
    /// The plain alternative differs from the HTML.
    case differingAlternative = "<altdiff>"

    // How often a trick occurs in a message, in levels.
    case hiddenWords = "<hid"
    case zeroWidth = "<zw"
    case mixedWords = "<mixed"
    case spacedWords = "<spaced"

    /// What an unknown word looks like.
    case shape = "<o:"

    // Not in every vocabulary.
    /// A number, by its digits.
    case number = "<d"
    case mailLink = "<mailto>"
    case phoneLink = "<tel>"
    case urlTrait = "<url:"
    /// The file ending of a URL's path.
    case fileEnding = "<ux:"
    case topLevelDomain = "tld:"
    /// A label of a URL's host name.
    case hostLabel = "u:"
    /// The kind of an attachment.
    case attachment = "s:att-"
    /// How the message is put together.
    case structure = "s:"
    /// Links whose text names another site than their target, counted.
    case misleadingLinks = "n:misleading-link:"
    /// The size of the HTML for its text.
    case markupRatio = "n:ratio:"
    /// HTML elements of one name, counted.
    case tagCount = "n:"
    /// The top-level domain of the author's address.
    case authorTopLevelDomain = "h:tld-"
    /// What the header says.
    case header = "h:"
    /// An HTML form control or an embedded document, by the name of its element.
    case element = "<"

    /// The family that a token belongs to, or nil for a word or sign of the text.
    public init?(_ token: String) {
        guard token.utf8.first == UInt8(ascii: "<") || token.utf8.contains(UInt8(ascii: ":"))
        else { return nil }
        if let family = ModelToken.families[token] {
            self = family
        } else if let family = ModelToken.openPrefixes.first(where: { token.hasPrefix($0.rawValue) }
        ) {
            self = family
        } else if token.utf8.count > 2, token.hasPrefix(ModelToken.element.rawValue),
            token.hasSuffix(">")
        {
            self = .element
        } else {
            return nil
        }
    }

    /// What can follow a family's prefix.
    private enum Ending {
        /// Nothing: the raw value is the whole token.
        case none
        case oneOf([String])
        /// A part of the message, or a name that a later version may add to.
        case open
    }

    private var ending: Ending {
        switch self {
        case .hiddenWords, .zeroWidth, .mixedWords, .spacedWords:
            .oneOf((1...(levelLimits.count + 1)).map { "\($0)>" })
        case .number: .oneOf(Digits.allCases.map { "\($0.rawValue)>" })
        case .shape: .oneOf(WordShape.all.map { "\($0.ending)>" })
        case .urlTrait, .fileEnding, .topLevelDomain, .hostLabel, .attachment, .structure,
            .misleadingLinks, .markupRatio, .tagCount, .authorTopLevelDomain, .header,
            .element:
            .open
        case .padding, .unknown, .subject, .body, .lookalikes, .leet, .capitals, .long,
            .url, .email, .link, .image, .pixel, .differingAlternative, .mailLink, .phoneLink:
            .none
        }
    }

    /// True for a fact about a message that its sender chooses freely, as a token in front of the
    /// subject.
    public var isFact: Bool {
        switch self {
        case .attachment, .structure, .misleadingLinks, .markupRatio, .tagCount,
            .authorTopLevelDomain, .header:
            true
        default: false
        }
    }

    /// True for a fact about how the HTML of a message is built, which comes with copied markup.
    public var isLayout: Bool {
        switch self {
        case .misleadingLinks, .markupRatio, .tagCount: true
        default: false
        }
    }

    /// True for a token that plain text without links lacks: of links and pictures, the layout, and
    /// facts about them.
    public static func isMarkup(_ token: String) -> Bool {
        guard let family = ModelToken(token) else { return false }
        switch family {
        case .link, .image, .pixel, .url, .differingAlternative, .hiddenWords, .mailLink,
            .phoneLink, .urlTrait, .fileEnding, .topLevelDomain, .hostLabel, .element:
            return true
        default: return family.isLayout || factsOfMarkup.contains(token)
        }
    }

    private static let factsOfMarkup: Set = [
        Structure.htmlOnly.token, Structure.alternative.token, Header.ownLinks.token,
        Header.otherLinks.token,
    ]

    /// All tokens of the family, or an empty array when their number is open.
    public var spellings: [String] {
        switch ending {
        case .none: [rawValue]
        case .oneOf(let endings): endings.map { rawValue + $0 }
        case .open: []
        }
    }

    /// True for a family whose tokens are in every vocabulary of the `default` profile, seen in
    /// training or not.
    public var isMarker: Bool {
        switch self {
        case .subject, .body, .lookalikes, .leet, .capitals, .long, .url, .email, .link,
            .image, .pixel, .differingAlternative, .hiddenWords, .zeroWidth, .mixedWords,
            .spacedWords, .shape:
            true
        case .padding, .unknown, .number, .mailLink, .phoneLink, .urlTrait, .fileEnding,
            .topLevelDomain, .hostLabel, .attachment, .structure, .misleadingLinks,
            .markupRatio, .tagCount, .authorTopLevelDomain, .header, .element:
            false
        }
    }

    /// The tokens that are in every vocabulary of the `default` profile, in the order of their ids:
    /// those of all families with ``isMarker``, and facts that are too rare in training for a
    /// vocabulary though it is known what to expect of them.
    public static let markers: [String] =
        allCases.filter(\.isMarker).flatMap(\.spellings)
        + Header.allCases.filter { $0.expectedLogOdds != 0 }.map(\.token)

    /// What the tokens of the family stand for.
    public var kind: TokenKind {
        switch self {
        case .unknown, .shape: .unknownWord
        case .url, .link, .topLevelDomain, .hostLabel: .link
        case .padding, .subject, .body, .lookalikes, .leet, .capitals, .long, .email,
            .image, .pixel, .differingAlternative, .hiddenWords, .zeroWidth, .mixedWords,
            .spacedWords, .number, .mailLink, .phoneLink, .urlTrait, .fileEnding, .attachment,
            .structure, .misleadingLinks, .markupRatio, .tagCount,
            .authorTopLevelDomain, .header, .element:
            .other
        }
    }

    /// The families of all tokens that can be listed.
    private static let families: [String: ModelToken] = Dictionary(
        uniqueKeysWithValues: allCases.flatMap { family in
            family.spellings.map { ($0, family) }
        })

    /// The families with an open number of tokens, but for ``element``: a longer prefix stands in
    /// front of a shorter one that it begins with.
    private static let openPrefixes: [ModelToken] = allCases.filter {
        $0.spellings.isEmpty && $0 != .element
    }
}
