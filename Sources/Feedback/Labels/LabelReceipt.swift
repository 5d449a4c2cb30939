/// The store's answer to a label, given after the label is on disk.
public struct LabelReceipt: Sendable, Equatable {
    /// What became of the label.
    public enum Outcome: String, Sendable, CaseIterable {
        /// The first label of the message.
        case stored
        /// The message had another class before.
        case relabelled
        /// Another source has given the message the same class before; the message counts once.
        case agrees
        /// The source has given the message this class before; nothing changed.
        case alreadyKnown
        /// The source labelled a near-identical message before; both count once.
        case nearDuplicate
        /// The source's quota is used up; the label waits for a second source or an admin.
        case overQuota
        /// Stored without effect: a label of higher authority is in force.
        case outranked
        /// Refused: too many labels of this source wait already.
        case tooManyWaiting
        /// Refused: the history does not hold the message any more.
        case notInHistory
        /// Not stored: the source has labelled the message again since it gave this label.
        case overtaken
        /// Kept on this host while the shared database is away, and delivered later.
        case kept

        /// The outcome in words, for the person who gave the label.
        public var words: String {
            switch self {
            case .stored: "stored"
            case .relabelled: "stored; it replaces the message's earlier label"
            case .agrees: "stored; the message already has this label and counts once"
            case .alreadyKnown: "already known"
            case .nearDuplicate:
                "stored; counts once with a near-identical message that you labelled before"
            case .overQuota:
                "stored, but inactive: you have labelled many messages today; it counts when "
                    + "somebody else agrees or an admin confirms it"
            case .outranked: "stored without effect: a label of higher authority is in force"
            case .tooManyWaiting:
                "refused: too many of your labels wait for confirmation; ask an admin"
            case .notInHistory: "refused: the message is not in the history any more"
            case .overtaken: "not stored: you have labelled the message again since"
            case .kept:
                "kept on this host, because the shared database does not answer; it counts once "
                    + "the database has it"
            }
        }

        /// Whether the store holds the label now, or this host does until the store has it.
        public var isStored: Bool {
            switch self {
            case .tooManyWaiting, .notInHistory, .overtaken: false
            default: true
            }
        }
    }

    /// What became of the label.
    public var outcome: Outcome
    /// The message; nil when it is unknown.
    public var digest: MessageDigest?
    /// The label's state; nil when it is not stored.
    public var state: LabelState?
    /// The class that was in force before, when this label changed it.
    public var replaced: LabelClass?
    /// Who had given the replaced label.
    public var replacedSource: LabelSource?
    /// How many labels of others became active because this one agrees with them.
    public var released: Int
    /// Active labels since the last archived retraining.
    public var newLabels: Int
    /// The store's revision after the label.
    public var revision: Int64

    /// Whether the label is in force.
    public var isActive: Bool { state == .active }

    /// A receipt; what it leaves out is nil or 0.
    public init(
        outcome: Outcome, digest: MessageDigest? = nil, state: LabelState? = nil,
        replaced: LabelClass? = nil, replacedSource: LabelSource? = nil, released: Int = 0,
        newLabels: Int = 0, revision: Int64 = 0
    ) {
        self.outcome = outcome
        self.digest = digest
        self.state = state
        self.replaced = replaced
        self.replacedSource = replacedSource
        self.released = released
        self.newLabels = newLabels
        self.revision = revision
    }
}
