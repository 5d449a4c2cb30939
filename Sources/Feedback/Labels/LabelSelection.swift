/// Which labels to remove, confirm or list.
public enum LabelSelection: Sendable, Equatable {
    /// All labels.
    case all
    /// Those of one message.
    case message(MessageDigest)
    /// Those of one message by one source.
    case messageBy(MessageDigest, LabelSource)
    /// Those of one source.
    case source(LabelSource)
    /// Those of one person or address, whatever the kind of source, in any case of letters.
    case person(String)
    /// Those about the mail of one mailbox.
    case mailbox(String)
    /// Those given at these times, in seconds since 1970.
    case time(ClosedRange<Int64>)
    /// Those given before this time, in seconds since 1970.
    case before(Int64)
}

/// What removing or confirming labels did.
public struct LabelRemoval: Sendable, Equatable {
    /// Labels that were removed or confirmed.
    public var count: Int
    /// Of those, labels that were in force before a removal, or are after a confirmation.
    public var active: Int
    /// Active labels since the last archived retraining.
    public var newLabels: Int
    /// The store's revision afterwards.
    public var revision: Int64
    /// Whether nothing is done yet: the request is kept on this host while the shared database is
    /// away, and delivered later.
    public var isKept = false

    /// A result.
    public init(count: Int, active: Int, newLabels: Int, revision: Int64) {
        self.count = count
        self.active = active
        self.newLabels = newLabels
        self.revision = revision
    }
}

/// What a reader of the active labels has to do to be up to date.
public enum LabelChanges: Sendable, Equatable {
    /// Apply these labels, in this order, after those it has; they may be none.
    ///
    /// The revision is the one to ask from next time. Ask again at once when there are as many
    /// labels as the limit.
    case appended([StoredLabel], revision: Int64)
    /// Replay all active labels: one that it may have was removed, replaced or restored.
    case rewritten
}
