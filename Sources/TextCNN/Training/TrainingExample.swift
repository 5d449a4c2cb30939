/// One message to learn from.
public struct TrainingExample: Sendable {
    /// The tokens of the message, each an id of the vocabulary.
    public var ids: [Int32]
    /// 0 or 1 for each label, `[outputs]`.
    public var targets: [Float]
    /// The factor of the message's loss; 1 on average over the training mail.
    public var weight: Float
    /// The number of the data set that the message is from.
    public var source: Int32
    /// The segment to learn from, of a network that scores by segments; nil for the one with the
    /// highest logit.
    var segment: Int?

    /// A message with these labels.
    public init(ids: [Int32], targets: [Float], weight: Float = 1, source: Int32 = 0) {
        self.ids = ids
        self.targets = targets
        self.weight = weight
        self.source = source
    }
}
