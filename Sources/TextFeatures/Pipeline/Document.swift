/// The input of a text pipeline: the visible text of one message and the facts about it.
///
/// Text that never was a message has no facts.
public struct Document: Sendable {
    /// A link, picture or the like between the words.
    public struct Mark: Sendable {
        /// The tokens that a mark stands for.
        public enum Kind: Sendable {
            /// One token.
            case token(String)
            /// A link target, which gives the tokens of a URL.
            case link(String)
        }
        /// A byte offset in ``Document/body``.
        public var offset: Int
        /// The tokens that the mark stands for.
        public var kind: Kind

        /// A mark in front of the byte at an offset.
        public init(offset: Int, kind: Kind) {
            self.offset = offset
            self.kind = kind
        }
    }

    /// The subject, UTF-8; nil when the message has none.
    public var subject: [UInt8]?
    /// The visible text, UTF-8.
    public var body: [UInt8]
    /// The marks, in ascending order of offset.
    public var marks: [Mark]
    /// Facts on author, structure, tags and header, as tokens; a pipeline may put those of the tags
    /// in front of others.
    public var facts: [String]
    /// The number of words that the message hides from its reader.
    public var hiddenWords: Int
    /// The text is read up to this number of tokens; the last URL may add a few.
    public var tokenLimit: Int
    /// The text parts with their HTML tags, UTF-8: the input of the `seed` profile.
    public var source: [UInt8]
    /// The text as it was given, UTF-8, of a document that never was a message; nil for a message.
    ///
    /// The `keras` profile reads it, as the model's author did.
    public var plainText: [UInt8]?

    /// A document; what is left out is empty or without limit.
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
