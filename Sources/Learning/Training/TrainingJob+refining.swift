import Corpora
import Foundation
import Models
import TextCNN
import TextFeatures

extension TrainingJob {
    /// Trains a spam filter further, instead of from a random start.
    ///
    /// Its vocabulary and its linear term stay as they are; the network between them moves.
    ///
    /// - Parameters:
    ///   - bundle: the filter, of one label; its network decides the shape, whatever the options.
    ///   - data: with messages of both labels in train and dev.
    ///   - date: the end of training, for the bundle.
    ///   - progress: called on this thread.
    /// - Returns: the model and its score on dev.
    /// - Throws: ``TrainingError``.
    public func refine(
        _ bundle: ModelBundle, on data: DataSet, date: Date, progress: (Event) -> Void
    ) throws -> RandomSearch.Trial {
        let start = Date()
        let clock = { Date().timeIntervalSince(start) }
        try checkLabels(of: data.part(.train), part: .train)
        try checkLabels(of: data.part(.dev), part: .dev)
        let labels = [Label.spam.rawValue]
        guard let network = bundle.network, bundle.configuration.labels == labels,
            options.labelling == .spam
        else {
            throw TrainingError(
                .tooFewLabels, "the model \(bundle.configuration.id)",
                reason: "is no filter of spam alone, so its labels can't be trained further")
        }
        let unread = network.segmentation?.author?.unread ?? []
        let encoded = EncodedData(
            data, bundle.pipeline, bundle.vocabulary, labels: labels, unread: unread, options)
        progress(
            .encoded(
                train: encoded.train.count, dev: encoded.dev.count, test: encoded.test.count,
                vocabulary: bundle.vocabulary.count))
        let augmentation =
            options.augments ? self.augmentation(bundle.pipeline, bundle.vocabulary) : nil
        // The network learns to be right alone, as it does in a run from a random start.
        let linear = network.linear
        let share = linear == nil ? 1 : 1 - options.linear.share
        let before = network.parameters
        let trainer = Trainer(
            options: options.training, augmentation: augmentation,
            segmentation: network.segmentation)
        let (parameters, epochs) = trainer.train(
            before.shape, from: before.scaledOutput(by: 1 / share), on: encoded.train,
            dev: encoded.readDev, clock: clock,
            progress: { progress(.training(fraction: $0, epoch: $1, loss: $2)) },
            finishedEpoch: { progress(.epoch($0)) })
        try checkLosses(epochs)
        return try trial(
            Network(
                parameters.scaledOutput(by: share), linear: linear,
                segmentation: network.segmentation), encoded, data, bundle.pipeline,
            bundle.vocabulary, epochs, date, clock)
    }
}
