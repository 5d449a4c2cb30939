import Corpora
import Foundation
import TextCNN
import TextFeatures

/// A data set as the network reads it.
struct EncodedData {
    /// A message, and its ids and targets.
    struct Entry: Sendable {
        var item: DataSet.Item
        var example: TrainingExample
    }

    /// The labels, in the order of the logits.
    let labels: [String]
    let vocabularyCount: Int
    /// As the network reads them: without the facts of ``Segmentation/author``.
    let train: [TrainingExample]
    let dev: [Entry]
    /// The dev part as the network reads it.
    let readDev: [TrainingExample]
    let test: [Entry]

    init(
        _ data: DataSet, _ pipeline: TextPipeline, _ vocabulary: Vocabulary, labels: [String],
        unread: Set<Int32> = [], _ options: TrainingJob.Options
    ) {
        self.labels = labels
        vocabularyCount = vocabulary.count
        func entries(_ part: DataSplit) -> [Entry] {
            EncodedData.entries(data.part(part), pipeline, vocabulary, labels, options)
        }
        func read(_ entries: [Entry]) -> [TrainingExample] {
            entries.map { entry in
                var example = entry.example
                example.ids.removeAll(where: unread.contains)
                return example
            }
        }
        train = read(entries(.train))
        dev = entries(.dev)
        readDev = read(dev)
        test = entries(.test)
    }

    /// The weight of a message is the number of messages of its data set and label to the power of
    /// ``TrainingJob/Options/sourceWeight``, divided by the mean.
    private static func entries(
        _ items: [DataSet.Item], _ pipeline: TextPipeline, _ vocabulary: Vocabulary,
        _ labels: [String], _ options: TrainingJob.Options
    ) -> [Entry] {
        func group(_ item: DataSet.Item) -> String { "\(item.set)\t\(item.label)" }
        let counts = Dictionary(grouping: items, by: group).mapValues(\.count)
        let weights = items.map {
            pow(Double(counts[group($0)] ?? 1), options.sourceWeight)
                * (options.setWeights[$0.set] ?? 1)
        }
        let mean = weights.reduce(0, +) / Double(max(weights.count, 1))
        let numbers = DataSet.numbers(of: items)
        let ids = Parallel.map(items) { pipeline.ids(of: $0.tokens, in: vocabulary) }
        return items.indices.map { index in
            Entry(
                item: items[index],
                example: TrainingExample(
                    ids: ids[index],
                    targets: options.labelling.targets(items[index].label, in: labels),
                    weight: Float(weights[index] / mean), source: numbers[items[index].set] ?? 0))
        }
    }
}
