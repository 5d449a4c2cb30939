/// A recent verdict without the message's content, by which a label can be given later.
public struct HistoryEntry: Sendable, Equatable {
    /// Names the entry; nil before it is stored.
    ///
    /// Later entries have larger numbers.
    public var id: Int64?
    /// When the message was scored, in seconds since 1970.
    public var time: Int64
    /// The message.
    public var digest: MessageDigest
    /// The MTA's queue id; may be empty.
    public var queueID: String
    /// The domain of the sender; empty when unknown.
    public var senderDomain: String
    /// What the filter thought of the message.
    public var score: MessageScore
    /// What was done with the message.
    public var action: String
    /// For site learning.
    public var features: LabelFeatures
    /// Equal for near-identical messages; nil when the message has too little text for a key.
    public var nearDuplicateKey: UInt64?
    /// A keyed hash of Message-ID, by which an answer names the message; nil when it has none.
    public var messageKey: UInt64?

    /// An entry; the time is in seconds since 1970.
    public init(
        id: Int64? = nil, time: Int64, digest: MessageDigest, queueID: String,
        senderDomain: String, score: MessageScore, action: String, features: LabelFeatures,
        nearDuplicateKey: UInt64? = nil, messageKey: UInt64? = nil
    ) {
        self.id = id
        self.time = time
        self.digest = digest
        self.queueID = queueID
        self.senderDomain = senderDomain
        self.score = score
        self.action = action
        self.features = features
        self.nearDuplicateKey = nearDuplicateKey
        self.messageKey = messageKey
    }
}

/// Which entries of the history to read, newest first.
public struct HistoryQuery: Sendable, Equatable {
    /// Only entries with a smaller id: the last one of the page before; nil for the newest.
    public var before: Int64?
    /// The largest number of entries.
    public var limit: Int
    /// Only entries with this verdict.
    public var verdict: String?
    /// Only entries with this sender domain.
    public var senderDomain: String?
    /// Only entries with this hash of Message-ID.
    public var messageKey: UInt64?
    /// Only entries of this message.
    public var digest: MessageDigest?

    /// The newest entries, or those that these conditions leave.
    public init(
        before: Int64? = nil, limit: Int = 50, verdict: String? = nil,
        senderDomain: String? = nil, messageKey: UInt64? = nil, digest: MessageDigest? = nil
    ) {
        self.before = before
        self.limit = limit
        self.verdict = verdict
        self.senderDomain = senderDomain
        self.messageKey = messageKey
        self.digest = digest
    }
}

/// A label for a message of the history.
public struct HistoryLabel: Sendable, Equatable {
    /// The entry's id.
    public var id: Int64
    /// The class that the message is given.
    public var labelClass: LabelClass
    /// Who says so.
    public var source: LabelSource
    /// How the label came.
    public var way: LabelWay
    /// When it was given, in seconds since 1970.
    public var time: Int64
    /// How much it counts in learning; 1 is a person's full word.
    public var weight: Double

    /// A label for the entry with this id.
    public init(
        id: Int64, labelClass: LabelClass, source: LabelSource, way: LabelWay, time: Int64,
        weight: Double = 1
    ) {
        self.id = id
        self.labelClass = labelClass
        self.source = source
        self.way = way
        self.time = time
        self.weight = weight
    }

    /// The label with all that the history knows of the message.
    func label(of entry: HistoryEntry) -> NewLabel {
        NewLabel(
            digest: entry.digest, labelClass: labelClass, source: source, way: way, time: time,
            weight: weight, score: entry.score, features: entry.features,
            senderDomain: entry.senderDomain, nearDuplicateKey: entry.nearDuplicateKey)
    }
}

extension HistoryEntry {
    /// The first value that is out of bounds, in words; nil for an entry that can be stored.
    var defect: String? {
        if !queueID.isPlain(upTo: NewLabel.longestName)
            || !action.isPlain(upTo: NewLabel.longestName)
        {
            return "queue id or action is longer than \(NewLabel.longestName) bytes or has control "
                + "characters"
        }
        let label = HistoryLabel(id: 0, labelClass: .ham, source: .admin, way: .http, time: time)
        return label.label(of: self).defect
    }
}
