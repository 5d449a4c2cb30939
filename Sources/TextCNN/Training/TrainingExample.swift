/// One message to learn from.
public struct TrainingExample: Sendable {
    public var ids: [Int32]
    /// 0 or 1 for each label, `[outputs]`.
    public var targets: [Float]
    /// How much the message counts; 1 on average.
    public var weight: Float

    public init(ids: [Int32], targets: [Float], weight: Float = 1) {
        self.ids = ids
        self.targets = targets
        self.weight = weight
    }
}

/// All choices of a training run.
public struct TrainingOptions: Codable, Sendable, Equatable {
    public var seed: UInt64 = 1
    public var head = Head.sigmoid
    public var epochs = 8
    public var batch = 64
    /// Peak of the learning rate; it rises over the warm-up and falls to a fiftieth in a line.
    public var learningRate: Float = 1e-3
    public var warmUpUpdates = 100
    /// Decoupled weight decay on matrices (Loshchilov and Hutter 2019, arXiv:1711.05101).
    public var weightDecay: Float = 1e-4
    /// Share of pooled features, and of hidden units, set to zero in training.
    public var featureDropout: Float = 0.4
    public var hiddenDropout: Float = 0.2
    /// Chance that other ham is pasted into a spam, and into a ham message.
    public var pasteIntoSpam: Float = 0.4
    public var pasteIntoHam: Float = 0.1
    /// Chance that some words of a message become their shape tokens.
    public var shapeReplacement: Float = 0.1
    /// Chance that only a few words of a message are shown.
    public var excerpts: Float = 0.05
    /// Decay of the moving average of the weights per update; 0 takes the weights as they are.
    public var averaging: Float = 0.999
    /// Epochs without a better dev loss after which the run ends.
    public var patience = 4

    public init() {}
}

/// What happened in one epoch.
public struct EpochReport: Codable, Sendable {
    public var epoch: Int
    public var updates: Int
    /// Mean weighted loss per message and label, natural logarithm.
    public var trainLoss: Double
    public var devLoss: Double
    public var seconds: Double

    public init(epoch: Int, updates: Int, trainLoss: Double, devLoss: Double, seconds: Double) {
        self.epoch = epoch
        self.updates = updates
        self.trainLoss = trainLoss
        self.devLoss = devLoss
        self.seconds = seconds
    }
}
