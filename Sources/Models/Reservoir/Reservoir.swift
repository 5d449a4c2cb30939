import TextFeatures

/// A sample of a model's training mail in compact form: what a site needs of the base data when it
/// learns its own mail.
///
/// A message is the tokens of its text in order, words that no vocabulary has included, so that any
/// vocabulary and any keyed hash can be applied to it. That is enough to read what the message
/// says: the licence of the mail holds for the reservoir as well.
public struct Reservoir: Sendable {
    /// One message.
    public struct Message: Sendable {
        /// The name of the data set that it is from.
        public var set: String
        /// The label as in the data: `ham`, `spam`, or topics.
        public var label: String
        /// When it was sent, in seconds since 1970; nil when that is not known.
        public var date: Int64?
        /// The first ``Reservoir/head`` and the last ``Reservoir/tail`` tokens of the pipeline
        /// `TextPipelineSpec.standard`.
        public var tokens: TokenStream

        /// A message; tokens between head and tail are left out.
        public init(set: String, label: String, date: Int64? = nil, tokens: TokenStream) {
            self.set = set
            self.label = label
            self.date = date
            self.tokens = tokens.ends(head: Reservoir.head, tail: Reservoir.tail)
        }
    }

    /// Tokens at the front of a longer message that are kept.
    public static let head = 750
    /// Tokens at the end of a longer message that are kept.
    public static let tail = 250

    /// In random order, so that the first ones are a sample of all.
    public var messages: [Message]

    /// A reservoir of these messages.
    public init(_ messages: [Message]) { self.messages = messages }
}

/// Bytes that are no reservoir.
public struct ReservoirError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with them.
    public var reason: String

    init(_ reason: String) { self.reason = reason }

    /// One line that says what is wrong and what to do.
    public var description: String {
        "the reservoir \(reason); make it again with siftd train --keep-reservoir"
    }
}
