/// How a label came to siftd.
public enum LabelWay: String, Sendable, CaseIterable {
    /// `siftd learn`.
    case command
    /// The HTTP API or page.
    case http
    /// A move between folders of an IMAP server.
    case imap
    /// A table of labelled mail.
    case csv
    /// Mail to a trap address.
    case trap
    /// An answer to the message.
    case reply
}

/// What the filter thought of a message when it scored it.
public struct MessageScore: Sendable, Equatable {
    /// The verdict, as in the log.
    public var verdict: String
    /// The probability of spam, 0 to 1.
    public var probability: Double
    /// The id of the model.
    public var modelID: String
    /// The model's logit without site learning.
    public var modelLogit: Double

    /// A score.
    public init(verdict: String, probability: Double, modelID: String, modelLogit: Double) {
        self.verdict = verdict
        self.probability = probability
        self.modelID = modelID
        self.modelLogit = modelLogit
    }
}

/// A message's features for site learning, opaque to the store.
public struct LabelFeatures: Sendable, Equatable {
    /// Which kind of features they are.
    public var version: Int
    /// The features in the encoding of that version; may be empty.
    public var bytes: [UInt8]

    /// Features of this version.
    public init(version: Int, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }
}

/// What retraining reads of a labelled message, opaque to the store.
public struct LabelPayload: Sendable, Equatable {
    /// Which form the payload has.
    public enum Kind: String, Sendable, CaseIterable {
        /// The tokens of the text pipeline.
        case tokens
        /// The text that siftd read.
        case text
    }

    /// Which form the payload has.
    public var kind: Kind
    /// The payload in that form.
    public var bytes: [UInt8]

    /// A payload of this form.
    public init(_ kind: Kind, bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }
}

/// A label as it is given to the store.
public struct NewLabel: Sendable, Equatable {
    /// The message.
    public var digest: MessageDigest
    /// The class that it is given.
    public var labelClass: LabelClass
    /// Who says so.
    public var source: LabelSource
    /// How the label came.
    public var way: LabelWay
    /// When it was given, in seconds since 1970.
    public var time: Int64
    /// How much it counts in learning; 1 is a person's full word.
    public var weight: Double
    /// What the filter thought of the message at that time.
    public var score: MessageScore
    /// For site learning.
    public var features: LabelFeatures
    /// For retraining; nil when the site keeps no content.
    public var payload: LabelPayload?
    /// The domain of the sender; empty when unknown.
    public var senderDomain: String
    /// Equal for near-identical messages; nil when the message has too little text for a key.
    public var nearDuplicateKey: UInt64?
    /// The mailbox whose mail the label is about; nil for the whole site.
    public var mailbox: String?

    /// A label; the time is in seconds since 1970.
    public init(
        digest: MessageDigest, labelClass: LabelClass, source: LabelSource, way: LabelWay,
        time: Int64, weight: Double = 1, score: MessageScore, features: LabelFeatures,
        payload: LabelPayload? = nil, senderDomain: String = "", nearDuplicateKey: UInt64? = nil,
        mailbox: String? = nil
    ) {
        self.digest = digest
        self.labelClass = labelClass
        self.source = source
        self.way = way
        self.time = time
        self.weight = weight
        self.score = score
        self.features = features
        self.payload = payload
        self.senderDomain = senderDomain
        self.nearDuplicateKey = nearDuplicateKey
        self.mailbox = mailbox
    }
}
