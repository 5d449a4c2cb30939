import Corpora
import Languages
import MailText
import Models
import TextFeatures

/// Reads and tokenises labelled mail.
///
/// Without a split file messages are divided 80/10/10 by a digest of their text, so that copies of
/// a text are in the same part.
public struct DataSetReader: Sendable {
    private let reader: BatchReader
    private let pipeline: TextPipeline

    /// A reader for one kind of labels.
    ///
    /// - Parameters:
    ///   - splits: empty, or the only messages to read, with their parts.
    ///   - labelling: the kind of labels.
    ///   - pipeline: turns messages into tokens.
    ///   - unreadable: what becomes of files that are no mail.
    public init(
        splits: SplitFile, labelling: Labelling, pipeline: TextPipeline,
        unreadable: UnreadableFiles = UnreadableFiles()
    ) {
        reader = BatchReader(splits: splits, labelling: labelling, unreadable: unreadable)
        self.pipeline = pipeline
    }

    /// Reads data sets.
    ///
    /// - Parameters:
    ///   - mail: the data sets.
    ///   - progress: called with the number of messages read so far.
    /// - Returns: the messages of all data sets.
    /// - Throws: `CorpusError`, and ``TrainingError`` of the kind `noData` for a data set without
    ///   messages, or `tooFewReadable`.
    public func read(
        _ mail: [any LabelledMail], progress: (Int) -> Void
    ) throws -> DataSet {
        var data = DataSet()
        let pipeline = self.pipeline
        for set in mail {
            let (source, _) = try reader.read(set) { labelled in
                let message = labelled.message
                let content = message.content.read()
                let item = DataSet.Item(
                    set: message.set, path: message.path, label: labelled.label,
                    part: labelled.part ?? LabelledMessage.part(of: content),
                    date: content.header.date,
                    language: TextLanguage.main(of: content.textForLanguage),
                    tokens: pipeline.tokens(of: Document(content)).withoutPlaces)
                return .init(
                    result: item, digest: message.digest("\(item.label)\t\(item.part.rawValue)"))
            } collect: { items in
                data.items += items
                progress(data.items.count)
            }
            guard source.messages > 0 else {
                throw TrainingError(.noData, set.path, reason: "holds no message to learn from")
            }
            data.sources.append(source)
        }
        return data
    }
}
