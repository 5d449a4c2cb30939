/// The results of one epoch of training.
public struct EpochReport: Codable, Sendable {
    /// The number of the epoch, from 1.
    public var epoch: Int
    /// Updates since the start of the run.
    public var updates: Int
    /// Mean weighted loss of the training mail, in nats for each message and label, with dropout.
    public var trainLoss: Double
    /// Mean weighted loss of the dev mail for the averaged weights, without dropout.
    public var devLoss: Double
    /// Wall time of the epoch.
    public var seconds: Double

    /// A report of these results.
    public init(epoch: Int, updates: Int, trainLoss: Double, devLoss: Double, seconds: Double) {
        self.epoch = epoch
        self.updates = updates
        self.trainLoss = trainLoss
        self.devLoss = devLoss
        self.seconds = seconds
    }
}
