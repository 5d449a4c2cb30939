/// What a text pipeline reads: the visible text of one message and the facts about it. Plain text
/// without a message has no facts.
public struct Document: Sendable {
    /// Something between the words, at a byte offset of ``body``.
    public struct Mark: Sendable {
        public enum Kind: Sendable {
            /// A token as it stands.
            case token(String)
            /// A link target, read into the tokens of a URL.
            case link(String)
        }
        public var offset: Int
        public var kind: Kind

        public init(offset: Int, kind: Kind) {
            self.offset = offset
            self.kind = kind
        }
    }

    /// UTF-8; nil when the message has no Subject.
    public var subject: [UInt8]?
    /// UTF-8.
    public var body: [UInt8]
    /// In ascending order of offset.
    public var marks: [Mark]
    /// Facts on structure, tags and header, as tokens, in the order they go before the text.
    public var facts: [String]
    /// Words that the message hides from its reader.
    public var hiddenWords: Int
    /// No more tokens than this are made of the text.
    public var tokenLimit: Int
    /// The text parts as sent, with their HTML; what the `seed` profile reads.
    public var source: [UInt8]

    public init(
        subject: [UInt8]?, body: [UInt8], marks: [Mark] = [], facts: [String] = [],
        hiddenWords: Int = 0, tokenLimit: Int = .max, source: [UInt8]
    ) {
        self.subject = subject
        self.body = body
        self.marks = marks
        self.facts = facts
        self.hiddenWords = hiddenWords
        self.tokenLimit = tokenLimit
        self.source = source
    }
}
