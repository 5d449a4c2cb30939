import Corpora
import Foundation
import TextCNN
import TextFeatures

/// A data set as the network reads it.
struct EncodedData {
    /// A message and what the network is to say of it.
    struct Entry: Sendable {
        var item: DataSet.Item
        var example: TrainingExample
    }

    /// In the order of the logits.
    let labels: [String]
    let vocabularyCount: Int
    let train: [TrainingExample]
    let dev: [Entry]
    let test: [Entry]

    init(
        _ data: DataSet, _ pipeline: TextPipeline, _ vocabulary: Vocabulary, labels: [String],
        _ options: TrainingJob.Options
    ) {
        self.labels = labels
        vocabularyCount = vocabulary.count
        func entries(_ part: DataSplit) -> [Entry] {
            EncodedData.entries(data.part(part), pipeline, vocabulary, labels, options)
        }
        train = entries(.train).map(\.example)
        dev = entries(.dev)
        test = entries(.test)
    }

    /// Messages count by the number of those of the same set and label, to some power; 1 on average.
    private static func entries(
        _ items: [DataSet.Item], _ pipeline: TextPipeline, _ vocabulary: Vocabulary,
        _ labels: [String], _ options: TrainingJob.Options
    ) -> [Entry] {
        func group(_ item: DataSet.Item) -> String { "\(item.set)\t\(item.label)" }
        let counts = Dictionary(grouping: items, by: group).mapValues(\.count)
        let weights = items.map { pow(Double(counts[group($0)] ?? 1), options.sourceWeight) }
        let mean = weights.reduce(0, +) / Double(max(weights.count, 1))
        let ids = Parallel.map(items) { pipeline.ids(of: $0.tokens, in: vocabulary) }
        return items.indices.map { index in
            Entry(
                item: items[index],
                example: TrainingExample(
                    ids: ids[index],
                    targets: options.labelling.targets(items[index].label, in: labels),
                    weight: Float(weights[index] / mean)))
        }
    }
}
