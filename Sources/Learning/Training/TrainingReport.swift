import Corpora
import TextCNN

/// The content of a trained model's `report.json`.
struct TrainingReport: Codable, Sendable {
    /// The version of siftd.
    var version: String
    /// The options of the run.
    var options: TrainingJob.Options
    /// The data sets with their digests.
    var sources: [DataSource]
    /// Messages by data set, and by part and label such as `train_ham`.
    var counts: [String: [String: Int]]
    /// All epochs; those of a second member follow those of the first.
    var epochs: [EpochReport]
    /// Wall time of training, without reading the data.
    var seconds: Double
    /// The choice of the serving tables' precision.
    var tables: TableChoice
    /// The share of words of the train part that the vocabulary lacks.
    var unknownWords: Double?
    /// The word vectors that training began with, if any.
    var vectors: WordVectors.Source?
    /// What facts about the author weigh; nil when the network alone weighs them.
    var author: AuthorWeights?
    /// The measures of the dev part.
    var dev: PartMeasures?
    /// The measures of the test part; nil if there is none.
    var test: PartMeasures?
    /// What models trained alike do with sources that they were trained without; nil if nobody
    /// measured it.
    var leftOut: [LeftOutMeasures]?
}
