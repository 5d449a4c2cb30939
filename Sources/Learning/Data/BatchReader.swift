import Checksums
import Corpora
import MailText

/// Reads labelled mail in batches, each of which all cores process, and computes its digest.
struct BatchReader {
    /// Messages in memory at a time: enough for all cores, whatever a message's size.
    private static let batch = 1_024

    /// Empty, or the only messages to read.
    let splits: SplitFile
    let labelling: Labelling
    /// Only messages of this part are read; nil for all.
    var part: DataSplit?
    /// What becomes of files that are no mail.
    var unreadable = UnreadableFiles()

    /// A result for one message.
    struct Processed<Result: Sendable>: Sendable {
        var result: Result
        /// The digest of the message, see ``CorpusMessage/digest(_:)``.
        var digest: String
    }

    /// Reads one data set.
    ///
    /// - Parameters:
    ///   - mail: the data set.
    ///   - process: called once for each message, on any thread.
    ///   - collect: called with the results of each batch, in the order of the messages.
    /// - Returns: the data set's size and digest, and the seconds that processing took.
    /// - Throws: what reading throws, `CorpusError` for labels that can't be used, and
    ///   ``TrainingError`` of the kind `tooFewReadable`.
    func read<Result: Sendable>(
        _ mail: any LabelledMail,
        process: @escaping @Sendable (LabelledMessage) -> Processed<Result>,
        collect: ([Result]) -> Void
    ) throws -> (source: DataSource, seconds: Double) {
        var source = DataSource(name: mail.name, messages: 0, sha256: "")
        var seconds = 0.0
        var batch: [LabelledMessage] = []
        var messages = 0
        var leftOut = LeftOutFiles(set: mail.name)
        func flush() {
            let start = ContinuousClock.now
            let processed = Parallel.map(batch, process)
            for message in processed {
                source.sha256 = SHA256.hex(Array((source.sha256 + message.digest).utf8))
            }
            source.messages += batch.count
            batch.removeAll(keepingCapacity: true)
            collect(processed.map(\.result))
            seconds += (ContinuousClock.now - start) / .seconds(1)
        }
        try mail.forEach { message in
            guard let labelled = try LabelledMessage(message, splits, labelling) else { return }
            messages += 1
            if let part,
                (labelled.part ?? LabelledMessage.part(of: message.content.read())) != part
            {
                return
            }
            batch.append(labelled)
            if batch.count == BatchReader.batch { flush() }
        } leftOut: { file in
            // What can't be read may hold any share of the mail, and mail that a split lists.
            if file.isInaccessible {
                try unreadable.check(file, in: mail)
                return leftOut.add(file)
            }
            guard splits.isEmpty || splits.entry(set: mail.name, path: file.path) != nil else {
                return
            }
            leftOut.add(file)
        }
        flush()
        try unreadable.check(leftOut, messages: messages)
        return (source, seconds)
    }
}
