/// The options of training a network; with the data they determine the weights, bit for bit.
public struct TrainingOptions: Codable, Sendable, Equatable {
    /// Seed of all random choices.
    public var seed: UInt64 = 1
    /// The kind of labels.
    public var head = Head.sigmoid
    /// The largest number of passes over the training mail.
    public var epochs = 8
    /// Messages of an update.
    public var batch = 64
    /// The peak of the learning rate.
    ///
    /// It rises linearly over the warm-up and then falls linearly to a fiftieth of the peak.
    public var learningRate: Float = 1e-3
    /// Updates of the warm-up.
    public var warmUpUpdates = 100
    /// Decoupled weight decay of matrices (Loshchilov and Hutter 2019, arXiv:1711.05101).
    public var weightDecay: Float = 1e-4
    /// The share of pooled features that each message sets to zero in training (dropout).
    public var featureDropout: Float = 0.4
    /// The share of hidden units that each message sets to zero in training.
    public var hiddenDropout: Float = 0.2
    /// The chance that text of a ham message is pasted into a spam message.
    public var pasteIntoSpam: Float = 0.4
    /// The chance that text of a ham message is pasted into another ham message.
    public var pasteIntoHam: Float = 0.1
    /// The chance that some words of a message become their shape tokens.
    public var shapeReplacement: Float = 0.1
    /// The chance that a message is cut to an excerpt of a few words.
    public var excerpts: Float = 0.05
    /// Decay of the moving average of the weights in an update; 0 for no average.
    public var averaging: Float = 0.999
    /// Consecutive epochs without a lower dev loss that end the run.
    public var patience = 4

    /// The defaults.
    public init() {}
}
