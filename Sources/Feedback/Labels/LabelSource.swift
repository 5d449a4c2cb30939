/// Who gave a label: `admin`, `user:alice@example.org`, `trap:old@example.org`,
/// `reply:alice@example.org`.
///
/// siftd's own verdicts are no source: there is no kind for them, and names that claim to be
/// siftd are refused, so that the filter never learns from itself.
public struct LabelSource: Hashable, Sendable, CustomStringConvertible {
    /// Which kind of source it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// The administrator, with a name or without one.
        case admin
        /// A person who marked a message.
        case user
        /// An address that receives only spam.
        case trap
        /// A person who answered a message, which was therefore wanted.
        case reply
    }

    /// A text that names no source.
    public struct ParseError: Error, CustomStringConvertible {
        /// The text.
        public var text: String
        /// What is wrong with it, and what is accepted.
        public var reason: String
        /// The text and the reason.
        public var description: String { "label source \"\(text)\": \(reason)" }
    }

    /// Which kind of source it is.
    public let kind: Kind
    /// The person or address, in lower case; empty for an admin without a name.
    public let subject: String

    /// The administrator, without a name.
    public static let admin = LabelSource(kind: .admin, checked: "")

    /// The longest address (RFC 5321 section 4.5.3.1: 64 bytes, `@`, 255 bytes).
    private static let longest = 320
    /// Kinds that programs give their own verdicts.
    private static let automatic: Set<String> = [
        "siftd", "verdict", "model", "filter", "classifier", "auto", "automatic", "self",
    ]

    /// A source of this kind.
    ///
    /// - Parameters:
    ///   - kind: which kind of source it is.
    ///   - subject: the person or address; may be empty for an admin only.
    /// - Throws: ``ParseError`` for a subject that is missing, too long, or siftd itself.
    public init(_ kind: Kind, _ subject: String) throws(ParseError) {
        func fail(_ reason: String) -> ParseError {
            ParseError(
                text: "\(kind.rawValue):\(subject.prefix(LabelSource.longest))", reason: reason)
        }
        let subject = subject.lowercased()
        if subject.isEmpty, kind != .admin { throw fail("names nobody; add an address") }
        guard subject.isPlain(upTo: LabelSource.longest) else {
            throw fail("is longer than \(LabelSource.longest) bytes or has control characters")
        }
        let name = subject.split(separator: "@", omittingEmptySubsequences: false)[0]
        if name == "siftd" { throw fail(LabelSource.noVerdicts) }
        self.init(kind: kind, checked: subject)
    }

    /// A source from its text form, `kind:subject` or `admin`.
    ///
    /// - Parameter text: of any length and content.
    /// - Throws: ``ParseError``, with the kinds that are accepted.
    public init(parsing text: String) throws(ParseError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].lowercased()
        guard let kind = Kind(rawValue: name) else {
            throw ParseError(
                text: String(text.prefix(LabelSource.longest)),
                reason: LabelSource.automatic.contains(name)
                    ? LabelSource.noVerdicts
                    : "is none of admin, user:ADDRESS, trap:ADDRESS, reply:ADDRESS")
        }
        try self.init(kind, parts.count > 1 ? String(parts[1]) : "")
    }

    private init(kind: Kind, checked subject: String) {
        self.kind = kind
        self.subject = subject
    }

    private static let noVerdicts =
        "siftd does not learn from its own verdicts; only people, traps and replies give labels"

    /// The text form, which ``init(parsing:)`` reads.
    public var description: String {
        subject.isEmpty ? kind.rawValue : "\(kind.rawValue):\(subject)"
    }

    /// How much the source's word weighs against another's: machines 0, users 1, admins 2.
    public var rank: Int {
        switch kind {
        case .trap, .reply: 0
        case .user: 1
        case .admin: 2
        }
    }

    /// Whether the daily quota does not hold for the source.
    public var isExemptFromQuota: Bool { kind == .admin || kind == .trap }
}
